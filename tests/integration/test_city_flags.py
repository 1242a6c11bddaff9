"""A city whose clerks make no mistakes raises no flag of stock but those of its planted incidents."""

from __future__ import annotations

from datetime import date

from foodtrace.unidentified import is_unidentified
from foodtrace_city import City, Scale
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.flagging.listing import Place, Wanted, listing
from foodtrace_schemas import json_form
from support.ledger import push

HONEST = Scale(sites=260, products=120, trades=150, receipts=100, mistakes=0.0)
CODES = frozenset(
    {
        "lot.never-received",
        "lot.oversold",
        "lot.sold-unreleased",
        "paper.overdrawn",
        "parent.unknown",
        "return.never-sold",
        "unit.incomparable",
    }
)


def test_honest_books_raise_no_flag_beside_the_planted_ones(database: str) -> None:
    """Goods change names and units on their way here: other codes, other ids, cases, 斤, owners."""
    city = City(7, HONEST)
    documents = [*city.days(2), *city.stragglers()]
    engine = make_engine(database)
    push(engine, *(json_form.read(each.line().encode()) for each in documents))
    planted = {flag for incident in city.oracle.incidents for flag in incident.flags}
    found: set[tuple[str, tuple[str, str]]] = set()
    place: Place | None = None
    with snapshot(engine) as conn:
        while True:
            wanted = Wanted(codes=CODES, first=date(2000, 1, 1))
            page = listing(conn, wanted, after=place, limit=1_000)
            for each in page.flags:
                flag = each.flag
                if not is_unidentified(flag.holder or ""):
                    found.add((flag.code, (flag.holder or "", flag.location or "")))
            place = page.next
            if place is None:
                break
    engine.dispose()
    assert found == {flag for flag in planted if flag[0] in CODES}
