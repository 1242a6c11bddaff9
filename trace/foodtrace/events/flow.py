"""How document lines become facts: the few shapes that all kinds of events share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from foodtrace.codes import canonical
from foodtrace.effects import (
    Basis,
    Citation,
    Claim,
    Direction,
    Effects,
    Link,
    Movement,
    PaperFact,
    Role,
)
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, LineRef, LotCode
from foodtrace.events.paper import Paper
from foodtrace.events.side import Side
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import Quantity, measure

_FACTS = tuple(field.name for field in fields(Effects))


@dataclass(frozen=True, slots=True)
class Held:
    """A lot that a line speaks of, with the quantities that are known to be of that lot."""

    lot: LotKey
    quantities: tuple[Quantity, ...]
    owner: str | None = None


def held(side: Side, line: Line, day: date, codes: tuple[LotCode, ...]) -> tuple[Held, ...]:
    """The lots of `side` that a line means: by trace codes, else batch code, else the day's pool.

    Where several codes share a line without a quantity each, none is split by us.
    """
    if not codes:
        return (Held(_uncoded(side, line, day), line.measures(), side.proprietor),)
    return tuple(
        Held(
            LotKey(side.holder, side.place, LotKind.TRACE, "", canonical(code.code)),
            _quantities(line, code, alone=len(codes) == 1),
            side.proprietor,
        )
        for code in codes
    )


def returned(side: Side, line: LineRef) -> LotKey:
    """The lot in which goods wait that came back to `side` by that line of a return."""
    code = f"{line.event_id}/{line.line_no}"
    return LotKey(side.holder, side.place, LotKind.RETURNED, "", code)


def _uncoded(side: Side, line: Line, day: date) -> LotKey:
    product = line.product.key
    if line.batch_code is not None:
        code = canonical(line.batch_code)
        return LotKey(side.holder, side.place, LotKind.BATCH, product, code)
    return LotKey(side.holder, side.place, LotKind.POOL, product, day.isoformat())


def _quantities(line: Line, code: LotCode, *, alone: bool) -> tuple[Quantity, ...]:
    if code.quantity is not None:
        return (code.quantity,)
    return line.measures() if alone else ()


def given(side: Side, line: Line, day: date) -> tuple[Held, ...]:
    """The giver's lots: under the codes it held them, if the document gave them new ones."""
    return held(side, line, day, line.source_lot_codes or line.lot_codes)


def taken(side: Side, line: Line, day: date) -> tuple[Held, ...]:
    """The taker's lots."""
    return held(side, line, day, line.lot_codes)


def claims(line: Line, lots: Iterable[Held], role: Role) -> Iterator[Claim]:
    """What the line prints of each lot."""
    for item in lots:
        yield Claim(
            line=line.line_no,
            lot=item.lot,
            role=role,
            batch=line.batch,
            product_name=line.product.name,
            production_date=line.production_date,
            expiry_date=line.expiry_date,
            basis=basis_of(line, item.lot),
            state=line.state,
            product=line.product.key,
            category=line.product.category,
            owner=item.owner,
        )


def movements(
    line: Line, lots: Iterable[Held], direction: Direction, sign: int = 1
) -> Iterator[Movement]:
    """The amounts that enter or leave each lot, one a dimension; `sign` -1 for what comes back."""
    product = line.product.key
    batch = canonical(line.batch_code) if line.batch_code else ""
    for item in lots:
        for quantity in item.quantities:
            size = measure(quantity)
            yield Movement(
                line=line.line_no,
                lot=item.lot,
                direction=direction,
                dimension=size.dimension,
                amount=sign * size.micro,
                product=product,
                batch=batch,
            )


def papers(line: Line, lots: Iterable[Held]) -> Iterator[PaperFact]:
    """The papers that came with each lot."""
    for item in lots:
        for paper in line.papers:
            yield PaperFact(
                line.line_no,
                item.lot,
                paper.kind,
                canonical(paper.number),
                paper.issuer,
                paper.valid_until,
                paper.verification,
                paper.issued_on,
                paper.scope,
                paper.destination,
                _covered(paper),
            )


def _covered(paper: Paper) -> tuple[str, int] | None:
    if paper.covered_quantity is None:
        return None
    size = measure(paper.covered_quantity)
    return size.dimension, size.micro


def links(
    line: Line, event_id: UUID, givers: tuple[Held, ...], takers: tuple[Held, ...]
) -> Iterator[Link]:
    """The lineage of one line from the giver's lots to the taker's.

    Without new codes each code stays itself; with new ones everything given may be in everything
    taken, through one process node once both sides have several (n + m links, not n x m).
    """
    if not line.source_lot_codes:
        pairs = zip(givers, takers, strict=True)
        yield from (_link(line, giver.lot, taker.lot) for giver, taker in pairs)
    else:
        yield from joined(line, f"{event_id}/{line.line_no}", givers, takers)


def joined(
    line: Line, node: str, givers: tuple[Held, ...], takers: tuple[Held, ...]
) -> Iterator[Link]:
    """Links from every giver to every taker, through one node when both are several."""
    parents = tuple(dict.fromkeys(item.lot for item in givers))
    children = tuple(dict.fromkeys(item.lot for item in takers))
    if len(parents) == 1 or len(children) == 1:
        yield from (_link(line, p, c) for p in parents for c in children if p != c)
        return
    process = LotKey(children[0].holder, children[0].location, LotKind.PROCESS, "", node)
    yield from (_link(line, parent, process) for parent in parents)
    yield from (_link(line, process, child) for child in children)


def _link(line: Line, parent: LotKey, child: LotKey) -> Link:
    # A lot that goes into a pool certainly does; what a pool gave may be any of what it holds.
    possible = parent.kind is LotKind.POOL
    return Link(line.line_no, parent, child, Basis.POSSIBLE if possible else line.basis)


def basis_of(line: Line, lot: LotKey) -> Basis:
    """How sure the line is of the lot; what comes out of a pool is only possible."""
    return Basis.POSSIBLE if lot.kind is LotKind.POOL else line.basis


def owned(line: Line, lots: Iterable[Held], giver: str = "") -> Effects:
    """What somebody keeps for its owner is also the owner's, at the same place: he may sell it under
    his own name, also without its codes. A `giver` who stays the owner has it already.
    """
    kept = [
        (item.lot, Held(replace(item.lot, holder=item.owner), ()))
        for item in lots
        if item.owner not in (None, giver)
    ]
    return Effects(
        claims=(*claims(line, (his for _, his in kept), Role.OPENED),),
        links=tuple(Link(line.line_no, lot, his.lot, basis_of(line, lot)) for lot, his in kept),
    )


def citations(envelope: Envelope) -> tuple[Citation, ...]:
    """The vouchers that the document cites."""
    numbers = dict.fromkeys(canonical(number) for number in envelope.voucher_numbers)
    return tuple(Citation(0, number) for number in numbers)


def sale(
    envelope: Envelope, line: Line, giver: Side, taker: Side, giver_role: Role = Role.TAKEN
) -> Effects:
    """A line sold between businesses: out of the giver's lots, into the taker's."""
    day = envelope.business_date
    givers, takers = given(giver, line, day), taken(taker, line, day)
    sold = Effects(
        claims=(*claims(line, givers, giver_role), *claims(line, takers, Role.OPENED)),
        links=(*links(line, envelope.event_id, givers, takers),),
        movements=(
            *movements(line, givers, Direction.SOLD),
            *movements(line, takers, Direction.OPENED),
        ),
        papers=(*papers(line, takers),),
    )
    kept = owned(line, takers, giver.holder)
    return union(sold, kept) if kept.links else sold


def union(*parts: Effects) -> Effects:
    """The facts of several parts together, each once, in the order of their lines."""
    gathered: dict[str, tuple[Any, ...]] = {}
    for name in _FACTS:
        lists = [facts for part in parts if (facts := getattr(part, name))]
        if lists:
            gathered[name] = (*dict.fromkeys(fact for facts in lists for fact in facts),)
    return Effects(**gathered)
