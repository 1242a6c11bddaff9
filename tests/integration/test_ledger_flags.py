"""The list of flags: an honest world raises none, each planted fault its own, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from foodtrace.events import Event
from foodtrace.events.goods_return import Return
from foodtrace.events.inspection import Stage, Verdict
from foodtrace.events.line import Line, LineRef, ProductRef
from foodtrace.events.master import Alias
from foodtrace.events.merge import Merge
from foodtrace.events.paper import Paper, Verification
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.transfer import Transfer
from foodtrace.quantity import Quantity
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.flagging.listing import FlagPage, Listed, Wanted, listing
from support.events import (
    DAY,
    a_commissioning,
    a_line,
    a_location,
    a_party,
    a_receipt,
    a_trade,
    a_transformation,
    a_voucher,
    an_envelope,
    an_inspection,
    kg,
    with_envelope,
)
from support.ledger import empty, push

ONE = timedelta(days=1)


@pytest.fixture(scope="module")
def whole(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    yield made
    made.dispose()


@pytest.fixture
def engine(whole: Engine) -> Engine:
    empty(whole)
    return whole


def codes_of(page: FlagPage) -> list[str]:
    return [each.flag.code for each in page.flags]


def flags(engine: Engine, *, limit: int = 100, **wanted: Any) -> FlagPage:
    with snapshot(engine) as conn:
        return listing(conn, Wanted(**wanted), limit=limit)


def pages(engine: Engine, *, limit: int, portion: int, **wanted: Any) -> list[Listed]:
    found: list[Listed] = []
    with snapshot(engine) as conn:
        place = None
        while True:
            page = listing(conn, Wanted(**wanted), after=place, limit=limit, portion=portion)
            assert len(page.flags) <= limit
            found += page.flags
            place = page.next
            if place is None:
                return found


def back(number: str, lines: Sequence[Line], day: date = DAY + ONE, **sides: str) -> Return:
    who = {"returner": "B", "receiver": "A", **sides}
    return Return(
        envelope=with_day("return", number, day),
        returner=Side(party=who["returner"]),
        receiver=Side(party=who["receiver"]),
        reason="quality",
        lines=tuple(lines),
    )


def with_day(kind: str, number: str, day: date) -> Any:
    envelope = an_envelope(kind, number, business_date=day)
    return replace(envelope, occurred_at=envelope.occurred_at + (day - DAY))


def later(event: Event, days: int) -> Event:
    told = event.envelope
    moved = timedelta(days=days)
    when = {"occurred_at": told.occurred_at + moved, "business_date": told.business_date + moved}
    return with_envelope(event, **when)


def of(amount: int, unit: str) -> Quantity:
    return Quantity(Decimal(amount), unit)


def citing(event: Event, line: Line) -> Line:
    return replace(line, refers_to=LineRef(event_id=event.envelope.event_id, line_no=line.line_no))


SOLD = a_trade(lines=[a_line(codes=["X"])], trade_no="T-1", voucher_numbers=("v-0",))
RETURN = back("b-1", [citing(SOLD, a_line(codes=["X"], net_mass=kg(2)))])
HONEST: list[Event] = [
    *(a_party(name) for name in "ABC"),
    a_voucher("v-0", issuer="A", receiver=None, lines=[a_line(codes=["X"], net_mass=kg(20))]),
    SOLD,
    with_envelope(SOLD, source="buyer", reporter="B", source_event_id="same"),
    a_receipt(lines=[a_line(codes=["X"], net_mass=kg(3))]),
    RETURN,
    Release(
        envelope=with_day("release", "l-1", DAY + ONE),
        holder=Side(party="A"),
        reason="sound",
        lines=(citing(RETURN, a_line(codes=["X"], net_mass=kg(2))),),
    ),
    a_commissioning("c-1", holder="C", lines=[a_line()]),
    later(a_receipt("r-2", seller="C", lines=[a_line(net_mass=kg(9))]), 2),
    a_location("M-1", occupant="C"),
]
EXPIRED = a_line(codes=["X"], net_mass=kg(1), expiry_date=DAY)
OLD = a_voucher(
    "v-9",
    issuer="A",
    receiver=None,
    lines=[a_line(codes=["O"], expiry_date=DAY, production_date=DAY)],
)
WAITING: list[Event] = [
    a_trade("s-1", lines=[a_line(codes=["X"], net_mass=kg(10))]),
    back("b-2", [citing(SOLD, a_line(codes=["X"], net_mass=kg(4)))]),
    a_trade("s-2", buyer="C", lines=[a_line(codes=["X"], net_mass=kg(4))]),
]


def failed(number: str, stage: Stage) -> Event:
    return an_inspection(number, lines=[a_line(codes=["X"])], stage=stage, verdict=Verdict.FAILED)


def paper(**more: Any) -> Paper:
    return Paper(**{"kind": "animal_quarantine", "number": "Q-1", "issuer": "动检所", **more})


def named(category: str) -> ProductRef:
    return ProductRef(product_id="P-1", category=category)


def shown(**more: Any) -> Event:
    line = a_line(codes=["F"], papers=(paper(**more),))
    return a_commissioning("f", holder="C", lines=[replace(line, product=named("猪肉"))])


FAULTS: dict[str, list[Event]] = {
    "lot.never-received": [a_receipt("f", seller="C", lines=[a_line(codes=["X"])])],
    "lot.oversold": [a_receipt("f", lines=[a_line(codes=["X"], net_mass=kg(9))])],
    "lot.sold-unreleased": WAITING,
    "lot.sold-after-expiry": [
        OLD,
        later(a_receipt("f", seller="A", lines=[a_line(codes=["O"])]), 2),
    ],
    "date.younger": [
        OLD,
        a_receipt("f", seller="A", lines=[a_line(codes=["O"], production_date=DAY + ONE)]),
    ],
    "pool.negative": [later(a_receipt("f", seller="C", lines=[a_line(net_mass=kg(2))]), 3)],
    "parent.unknown": [a_trade("f", seller=Side(claimed_name="老王"), lines=[a_line(codes=["W"])])],
    "code.never-issued": [a_receipt("f", seller="A", lines=[a_line(codes=["NEVER"])])],
    "trade.reports-differ": [
        a_trade("f", lines=[a_line(codes=["X"], net_mass=kg(3))], trade_no="T-2"),
        a_trade(
            "f",
            lines=[a_line(codes=["X"], net_mass=kg(2))],
            trade_no="T-2",
            source="buyer",
            reporter="B",
        ),
    ],
    "return.never-sold": [
        a_trade("g", buyer="C", lines=[a_line(codes=["X"], net_mass=kg(1))]),
        back(
            "f",
            [citing(SOLD, a_line(codes=["X"], net_mass=kg(1)))],
            returner="C",
            receiver="B",
        ),
    ],
    "transfer.foreign-location": [
        a_commissioning("g", holder=Side(party="B", location="M-2"), lines=[a_line(codes=["T"])]),
        Transfer(
            envelope=an_envelope("transfer", "f"),
            origin=Side(party="B", location="M-2"),
            destination=Side(party="B", location="M-1"),
            lines=(a_line(codes=["T"]),),
        ),
    ],
    "unit.incomparable": [
        a_commissioning("f", holder="C", lines=[a_line(codes=["U"], count=of(5, "箱"))]),
        a_receipt("f", seller="C", lines=[a_line(codes=["U"])]),
    ],
    "party.merge-circle": [
        Merge(envelope=an_envelope("merge", f"{a}{b}"), party=a, into=b, merged_on=DAY)
        for a, b in ("AB", "BA")
    ],
    "party.unknown": [a_commissioning("f", holder="STRANGER")],
    "code.check-character": [
        a_party("Z", aliases=(Alias(scheme="uscc", code="91350200M000100Y44"),))
    ],
    "event.two-contents": [a_commissioning("c-1", holder="C", lines=[a_line(origin_text="other")])],
    "lot.sold-after-failure": [
        later(failed("f", Stage.CONFIRMED), 1),
        later(a_receipt("f", lines=[a_line(codes=["X"], net_mass=kg(1))]), 2),
    ],
    "lot.sold-while-suspended": [
        later(failed("f", Stage.SCREENING), 1),
        later(a_receipt("f", lines=[a_line(codes=["X"], net_mass=kg(1))]), 2),
        later(an_inspection("g", lines=[a_line(codes=["X"])], stage=Stage.RE_TEST), 3),
        later(a_receipt("g", lines=[a_line(codes=["X"], net_mass=kg(1))]), 4),
    ],
    "paper.rejected": [shown(verification=Verification.REJECTED)],
    "paper.expired": [
        shown(valid_until=DAY),
        later(a_receipt("f", seller="C", lines=[a_line(codes=["F"], net_mass=kg(1))]), 1),
    ],
    "paper.overdrawn": [shown(covered_quantity=kg(4))],
    "paper.wrong-scope": [
        a_party("E", region="350200"),
        a_party("F", region="440300"),
        a_trade(
            "f",
            seller="E",
            buyer="F",
            lines=[a_line(codes=["E"], papers=(paper(kind="asf_test", scope="in_province"),))],
        ),
        a_commissioning("e", holder="E", lines=[a_line(codes=["E"])]),
    ],
    "paper.two-species": [
        shown(),
        a_commissioning(
            "g",
            holder="C",
            lines=[replace(a_line(codes=["G"], papers=(paper(),)), product=named("牛肉"))],
        ),
    ],
    "yield.out-of-range": [
        a_commissioning("f", holder="C", lines=[a_line(codes=["P"])]),
        replace(
            a_transformation(
                "f",
                holder="C",
                inputs=[a_line(codes=["P"])],
                outputs=[a_line(2, codes=["H"], net_mass=kg(8))],
            ),
            maximum_yield=Decimal("0.75"),
        ),
    ],
    "unit.unknown": [a_commissioning("f", lines=[a_line(codes=["N"], count=of(5, "捆"))])],
}


def test_an_honest_world_raises_no_flag(engine: Engine) -> None:
    push(engine, *HONEST)
    assert [(e.flag.code, e.flag.holder, e.flag.detail) for e in flags(engine).flags] == []


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_each_fault_raises_its_own_flag(engine: Engine, code: str) -> None:
    push(engine, *reversed([*HONEST, *FAULTS[code]]))
    found = flags(engine)
    also = {"parent.unknown": {"party.unidentified"}}.get(code, set())
    assert set(codes_of(found)) == {code} | also
    assert all(each.document and each.flag.event_id for each in found.flags)
    again = flags(engine, codes=frozenset({code}))
    assert again.flags == tuple(each for each in found.flags if each.flag.code == code)
    if found.flags[0].flag.holder:
        mine = flags(engine, holder=found.flags[0].flag.holder, codes=frozenset({code}))
        assert [e.flag for e in mine.flags] == [
            e.flag for e in again.flags if e.flag.holder == found.flags[0].flag.holder
        ]


def test_pages_leave_nothing_out_whatever_their_size_and_the_order_of_arrival(
    engine: Engine,
) -> None:
    everything = [*HONEST, *(event for fault in FAULTS.values() for event in fault)]
    push(engine, *everything)
    whole = list(flags(engine).flags)
    keys = [(each.flag.day, each.flag.event_id) for each in whole]
    assert keys == sorted(keys, key=lambda key: (-key[0].toordinal(), key[1]))  # type: ignore[union-attr]
    for limit, portion in ((2, 3), (7, 9)):
        assert pages(engine, limit=limit, portion=portion) == whole
    by_party = [
        each
        for party in sorted({each.flag.holder for each in whole if each.flag.holder})
        for each in pages(engine, limit=9, portion=9, holder=party)
    ]
    placeless = {"code.check-character", "party.merge-circle", "party.unidentified"}
    told = {each.flag for each in by_party}
    assert {each.flag for each in whole if each.flag.code not in placeless} <= told
    empty(engine)
    push(engine, *everything[::-1], *everything[::3])
    assert [each.flag for each in flags(engine).flags] == [each.flag for each in whole]


def test_a_party_gives_back_under_its_new_id_what_it_bought_under_the_old_one(
    engine: Engine,
) -> None:
    """And nothing more than that: too much is too much under both ids together."""
    merge = Merge(envelope=an_envelope("merge", "m"), party="B", into="D", merged_on=DAY)
    given_back = back("f", [citing(SOLD, a_line(codes=["X"], net_mass=kg(2)))], returner="D")
    push(engine, *HONEST, a_party("D"), given_back)
    assert "return.never-sold" in codes_of(flags(engine))
    push(engine, merge)
    assert "return.never-sold" not in codes_of(flags(engine))
    push(engine, back("g", [citing(SOLD, a_line(codes=["X"], net_mass=kg(9)))], returner="D"))
    assert codes_of(flags(engine)).count("return.never-sold") == 1


def test_days_products_and_places_narrow_the_list(engine: Engine) -> None:
    assert flags(engine) == FlagPage(flags=(), next=None, first=None, last=None)
    stall = Side(party="A", location="M-1")
    push(
        engine,
        *HONEST,
        a_receipt("f", seller=stall, lines=[a_line(codes=["X"], product="P-9", batch_code="B")]),
        later(a_receipt("g", seller=stall, lines=[a_line(codes=["X"])]), 20),
    )
    (late,) = flags(engine).flags
    assert (late.flag.code, late.flag.day) == ("lot.oversold", DAY + 20 * ONE)
    assert late.lot is not None
    assert late.lot.code == "X"
    assert flags(engine).first == DAY + 14 * ONE
    assert codes_of(flags(engine, first=DAY, last=DAY + ONE)) == []
    assert codes_of(flags(engine, location="M-1")) == ["lot.oversold"]
    assert codes_of(flags(engine, location="M-1", product="P-9")) == ["lot.oversold"]
    assert codes_of(flags(engine, location="M-1", product="P-1")) == []
    push(engine, a_location("M-1", parent="MARKET"))
    assert codes_of(flags(engine, location="MARKET")) == ["lot.oversold"]
    assert codes_of(flags(engine, location="M-2")) == []
    assert codes_of(flags(engine, lot_id=late.lot.lot_id)) == ["lot.oversold"]
    assert codes_of(flags(engine, first=DAY, source="other")) == []
