"""What an event alone shows to be impossible is refused by name, with the path to it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from foodtrace.events import Event
from foodtrace.events.goods_return import Return
from foodtrace.events.inspection import Inspection, Stage, Subject, Verdict
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.merge import Merge
from foodtrace.events.packing import Action, Packing
from foodtrace.events.paper import Paper
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.transfer import Transfer
from foodtrace.events.transformation import Transformation
from foodtrace.events.voucher import Voucher
from foodtrace.problems import PROBLEMS, InvalidValue
from foodtrace.quantity import Quantity
from support.small import DAY, envelope

A, B = Side(party="A"), Side(party="B")


def line(
    amount: int = 1, unit: str = "袋", *, line_no: int = 1, category: str | None = None
) -> Line:
    return Line(
        line_no=line_no,
        product=ProductRef(product_id="P", category=category),
        lot_codes=(LotCode(code="Ｕ1"),),
        count=Quantity(Decimal(amount), unit),
        papers=(Paper(kind="animal_certificate", number="D1"),),
    )


def transfer(origin: Side, destination: Side) -> Transfer:
    told = envelope("transfer", "1")
    return Transfer(envelope=told, origin=origin, destination=destination, lines=(line(),))


def cites_nothing() -> Return:
    told = envelope("return", "1")
    return Return(envelope=told, returner=A, receiver=B, reason="quality", lines=(line(),))


def release() -> Release:
    return Release(envelope=envelope("release", "1"), holder=A, reason="sound", lines=(line(),))


def slaughter(process: str) -> Transformation:
    return Transformation(
        envelope=envelope("transformation", "1"),
        holder=A,
        process=process,
        inputs=(line(2, "头"), line(1, "头", line_no=2)),
        outputs=(line(4, "片", line_no=3), line(3, "片", line_no=4)),
    )


def two_species() -> Voucher:
    lines = (
        line(category="猪肉"),
        line(category="调味品", line_no=2),
        line(category="牛肉", line_no=3),
    )
    return Voucher(envelope=envelope("voucher", "1", document_number="V1"), issuer=A, lines=lines)


def into_itself() -> Packing:
    told = envelope("packing", "1")
    return Packing(envelope=told, holder=A, action=Action.PACK, unit_code=" u1 ", lines=(line(),))


def merge() -> Merge:
    return Merge(envelope=envelope("merge", "1"), party="A", into="ａ ", merged_on=DAY)


def stocktake(*found: str) -> Stocktake:
    counts = tuple(
        Counted(line_no=1, product=ProductRef(product_id="P"), found=Decimal(each), unit="袋")
        for each in found
    )
    return Stocktake(envelope=envelope("stocktake", "1"), holder=A, counts=counts)


def inspection(subject: Subject) -> Inspection:
    return Inspection(
        envelope=envelope("inspection", "1"),
        holder=A,
        lines=(line(),),
        method="rapid",
        stage=Stage.SCREENING,
        verdict=Verdict.PASSED,
        subject=subject,
    )


@pytest.mark.parametrize(
    ("make", "code", "path"),
    [
        (lambda: transfer(A, B), "transfer.other-party", "destination.party"),
        (lambda: transfer(A, Side(party="a")), "transfer.same-location", "destination.location"),
        (cites_nothing, "return.cites-nothing", "lines[0].refers_to"),
        (release, "release.cites-nothing", "lines[0].refers_to"),
        (lambda: slaughter("slaughter"), "slaughter.too-many-halves", "outputs"),
        (lambda: slaughter("屠宰"), "slaughter.too-many-halves", "outputs"),
        (lambda: slaughter(" Slaughter"), "slaughter.too-many-halves", "outputs"),
        (two_species, "paper.two-species", "lines[2].papers[0].number"),
        (into_itself, "packing.into-itself", "lines[0].lot_codes[0].code"),
        (merge, "merge.into-itself", "into"),
        (lambda: stocktake("-1"), "quantity.negative", "found"),
        (lambda: stocktake("NaN"), "quantity.not-a-number", "found"),
        (lambda: stocktake("0.0000001"), "quantity.too-precise", "found"),
        (lambda: stocktake("1", "0"), "event.duplicate-line", "counts[1].line_no"),
        (stocktake, "event.no-lines", "counts"),
        (lambda: inspection(Subject.LOCATION), "event.missing-field", "holder.location"),
        (lambda: inspection(Subject.RECEIPT), "event.missing-field", "receipt_reference"),
        (lambda: inspection(Subject.SAMPLE), "event.missing-field", "sample_number"),
    ],
)
def test_the_impossible_is_refused_by_name(make: Callable[[], Event], code: str, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert (caught.value.code, caught.value.path) == (code, path)
    assert code in PROBLEMS


def test_what_is_only_odd_is_not_refused() -> None:
    assert slaughter("cutting").outputs
    assert transfer(A, Side(party="A", location="S1")).lines
    assert stocktake("0").effects().counts[0].amount == 0
    assert inspection(Subject.PRODUCT).effects().findings[0].subject == "P"
