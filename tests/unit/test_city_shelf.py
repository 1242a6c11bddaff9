"""Goods of the city lie on its shelves no longer than the rule of pools takes them to be kept."""

from __future__ import annotations

from datetime import timedelta

from foodtrace.codes import canonical
from foodtrace.pools import KEPT_DAYS, kept_days
from foodtrace_city import FIRST_DAY, City, Scale
from foodtrace_city.shelf import KEPT

SMALL = Scale(sites=260, products=120, trades=60, receipts=40)


def test_the_city_throws_away_before_the_table_ends() -> None:
    for category, days in KEPT.items():
        assert days <= kept_days([category], FIRST_DAY), category


def test_nothing_lies_longer_than_the_table_has_for_its_category() -> None:
    city = City(5, SMALL)
    for day in range(9):
        assert list(city.day(FIRST_DAY + timedelta(days=day)))
        today = FIRST_DAY + timedelta(days=day)
        for site in city._town.all_sites():
            for cell in site.shelf:
                if cell.since is not None and not cell.tidy:
                    assert (today - cell.since).days <= kept_days([cell.product.category], today)


def test_every_category_of_the_city_is_in_the_table() -> None:
    """Else its goods would be taken to be kept for as long as anything can be."""
    known = KEPT_DAYS[-1].days
    categories = {product.category for product in City(5, SMALL)._town.catalogue.everything()}
    assert {name for name in categories if canonical(name) not in known} == set()
