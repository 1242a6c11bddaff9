"""The recall answer on the README's first screen is the one that the demo's oracle stands for."""

from __future__ import annotations

import re
from pathlib import Path

from foodtrace_city.city import City
from foodtrace_city.oracle import Incident

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^ +\d+  (\S+) +([\d,]+) ", re.MULTILINE)
MICRO = 1_000_000


def cheese() -> Incident:
    """The incident of the demo's city, by its own bookkeeping."""
    city = City(seed=7)
    for _ in city.days(1):
        continue
    return city.oracle.incident("cheese")


def test_the_readmes_answer_is_the_oracles() -> None:
    incident = cheese()
    received = {
        (seller.name, amounts.opened // MICRO)
        for seller in incident.sellers.values()
        for (product, unit), amounts in seller.amounts.items()
        if (product, unit) == (incident.product, incident.unit)
    }
    rows = {(name, int(amount.replace(",", ""))) for name, amount in ROW.findall(README)}
    assert len(rows) >= 5
    assert rows <= received
    assert f"sellers {len(incident.sellers)} of {len(incident.sellers)}" in README
    assert incident.tampering is not None
    assert f"younger at {incident.tampering.name}: " in README
    assert f"came in as {incident.tampering.true_date}" in README
    assert f"printed {incident.tampering.printed_date}" in README
