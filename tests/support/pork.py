"""A pork chain in a few documents: pigs, halves with 两证一报告, cuts, sausage; tests vary its papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from foodtrace.events import Event
from foodtrace.events.inspection import Inspection
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.location import Location
from foodtrace.events.paper import Paper
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.transformation import Transformation
from foodtrace.events.voucher import Voucher
from support.events import kg
from support.small import DAY, NOON, envelope

UNTIL = DAY + timedelta(days=2)


def meat(code: str, mass: int, *, line_no: int = 1, category: str = "猪肉", **more: Any) -> Line:
    """Pork under a trace code."""
    return Line(
        line_no=line_no,
        product=ProductRef(product_id="pork", name="白条肉", category=category),
        lot_codes=(LotCode(code=code),),
        net_mass=kg(mass),
        **more,
    )


def paper(kind: str, number: str, **more: Any) -> Paper:
    """A paper valid for two days more."""
    return Paper(kind=kind, number=number, issued_on=DAY, **{"valid_until": UNTIL, **more})


def meat_papers(number: str, covered: int, *, strip: bool = False) -> tuple[Paper, ...]:
    """两证一报告 of so many kilograms."""
    return (
        paper(
            "动物检疫合格证明(产品A)",
            f"Q{number}",
            covered_quantity=kg(covered),
            verification="confirmed_by_issuer",
        ),
        paper("肉品品质检验合格证", f"M{number}", covered_quantity=kg(covered)),
        paper("非洲猪瘟检测报告", f"A{number}", scope="in_province" if strip else "national"),
    )


def voucher(
    number: str, issuer: str, receiver: str, line: Line, place: str | None = None
) -> Voucher:
    """A consignment with its papers."""
    return Voucher(
        envelope=envelope("voucher", number, document_number=number),
        issuer=Side(party=issuer),
        receiver=Side(party=receiver, location=place),
        lines=(line,),
    )


def sale(
    number: str,
    seller: tuple[str, str | None],
    buyer: tuple[str, str | None],
    *lines: Line,
    **more: Any,
) -> Trade:
    """A sale between (party, location) and (party, location)."""
    return Trade(
        envelope=envelope("trade", number, **more),
        seller=Side(party=seller[0], location=seller[1]),
        buyer=Side(party=buyer[0], location=buyer[1]),
        lines=lines,
    )


def make(
    number: str, holder: str, process: str, inputs: Sequence[Line], outputs: Sequence[Line]
) -> Transformation:
    """A transformation at one holder's."""
    return Transformation(
        envelope=envelope("transformation", number),
        holder=Side(party=holder),
        process=process,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
    )


def market(location: str, region: str) -> Location:
    """A place in a region."""
    return Location(
        envelope=envelope("location", location),
        location=location,
        name=location,
        location_kind="market",
        region=region,
    )


def inspected(
    number: str, holder: str, line: Line, stage: str, verdict: str, *, hours: int = 0, **more: Any
) -> Inspection:
    """An inspection some hours after noon."""
    return Inspection(
        envelope=envelope("inspection", number, occurred_at=NOON + timedelta(hours=hours)),
        holder=Side(party=holder),
        lines=(line,),
        stage=stage,  # type: ignore[arg-type]
        verdict=verdict,  # type: ignore[arg-type]
        **{"method": "rapid" if stage == "screening" else "laboratory", **more},
    )


def pork_chain(*, strip: bool = False, covered: int = 100) -> tuple[Event, ...]:
    """HOUSE slaughters and delivers 100 kg to STALL; STALL cuts it, SHOP sells a cut, PLANT minces."""
    delivered = meat("H1", 100, papers=meat_papers("1", covered, strip=strip))
    return (
        make(
            "kill",
            "HOUSE",
            "slaughter",
            [meat("PIG", 140, category="生猪")],
            [meat("H1", 100, line_no=2)],
        ),
        voucher("SZ-1", "HOUSE", "STALL", delivered),
        make(
            "cut",
            "STALL",
            "分割",
            [meat("H1", 80)],
            [meat("C1", 50, line_no=2), meat("C2", 25, line_no=3)],
        ),
        sale("s-1", ("STALL", None), ("SHOP", None), meat("C1", 50)),
        sale("s-2", ("STALL", None), ("PLANT", None), meat("C2", 25)),
        make(
            "mince",
            "PLANT",
            "sausage",
            [meat("C2", 25)],
            [meat("W1", 30, line_no=2, category="肉制品")],
        ),
    )
