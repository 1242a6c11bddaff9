"""The facts of the reference lineage as the plain tuples that a ledger gives of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foodtrace.effects import Role
from foodtrace.events import Event
from foodtrace.lineage import Fact
from foodtrace.lots import LotKey, LotKind
from foodtrace.meeting import meeting_of
from foodtrace.stock import DRAWN_FROM
from foodtrace_ledger.hashing import number
from foodtrace_ledger.writing.said import content_number

Plain = tuple[Any, ...]


def plain(fact: Fact, event: Event) -> Plain:
    """A fact of an event, its part first."""
    return (fact.name, *_REFERENCE[fact.name](fact, event))


def _where(fact: Fact) -> Plain:
    return (fact.event_id, content_number(fact.digest), fact.value.line)


def stock_of(lot: LotKey, product: str) -> int:
    """The number of all stock of a product at one holder's place."""
    return number(lot.holder, lot.location, product)


def _claims(fact: Fact, event: Event) -> Plain:
    v = fact.value
    batch = None if v.batch is None else v.batch.batch_id
    printed = (v.product_name, v.production_date, v.expiry_date, v.basis, v.state)
    more = (event.envelope.business_date, v.product, v.category, v.owner)
    delivered = v.role in (Role.OPENED, Role.ORIGIN) and v.lot.kind in DRAWN_FROM
    stock = stock_of(v.lot, v.product) if delivered else None
    return (*_where(fact), v.lot.lot_id, v.role, batch, *printed, *more, stock)


def _links(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    return (fact.event_id, v.line, v.parent.lot_id, v.child.lot_id, v.basis)


def _movements(fact: Fact, event: Event) -> Plain:
    v = fact.value
    size = (event.envelope.business_date, v.direction, v.dimension, v.amount)
    meeting = meeting_of(event)
    # By product and batch reports meet: a movement that nobody else tells of holds neither.
    told: Plain = (None, None, None, None)
    if meeting is not None:
        name = number(meeting.giver, meeting.trade_no)
        told = (name, f"{meeting.voice}|{meeting.source}", v.product, v.batch)
    return (*_where(fact), v.lot.lot_id, *size, *told)


def _retail(fact: Fact, event: Event) -> Plain:
    v = fact.value
    return (
        *(*_where(fact), v.lot.lot_id, event.envelope.business_date),
        *(v.dimension, v.amount, v.basis),
    )


def _papers(fact: Fact, event: Event) -> Plain:
    v = fact.value
    paper = (v.kind, v.number, v.issuer, v.valid_until, v.verification)
    more = (event.envelope.business_date, v.issued_on, v.scope, v.destination)
    return (*_where(fact), v.lot.lot_id, *paper, *more, *(v.covered or (None, None)))


def _aliases(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    named = (v.subject_kind, v.subject, v.scheme, v.code, v.valid_from, v.valid_to)
    return (*_where(fact), *named)


def _masters(fact: Fact, event: Event) -> Plain:
    v = fact.value
    told = (v.subject_kind, v.subject, v.name, tuple(sorted(v.attributes)))
    return (*_where(fact), *told, event.envelope.business_date)


def _citations(fact: Fact, _event: Event) -> Plain:
    return (*_where(fact), fact.value.number)


def _voids(fact: Fact, _event: Event) -> Plain:
    return (*_where(fact), fact.value.target, fact.value.target_line)


def _counts(fact: Fact, event: Event) -> Plain:
    v = fact.value
    return (*_where(fact), v.lot.lot_id, event.envelope.business_date, v.dimension, v.amount)


def _findings(fact: Fact, event: Event) -> Plain:
    v = fact.value
    lot = None if v.lot is None else v.lot.lot_id
    about = (event.envelope.business_date, v.subject_kind, v.subject, lot, v.holder, v.location)
    return (*_where(fact), *about, v.method, v.stage, v.verdict, v.laboratory, v.retest_of)


def _occupancies(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    return (*_where(fact), v.location, v.occupant, v.since, v.until)


def _merges(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    return (*_where(fact), v.party, v.into, v.since)


def _resolutions(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    place = (v.letter.log, v.letter.topic, v.letter.partition, v.letter.offset)
    return (*_where(fact), *place, v.action, v.reason, v.corrected, v.actor)


def is_pool(lot: LotKey) -> bool:
    """Whether a lot is stock without codes of one day."""
    return lot.kind is LotKind.POOL


_REFERENCE: dict[str, Callable[[Fact, Event], Plain]] = {
    "claims": _claims,
    "links": _links,
    "movements": _movements,
    "retail": _retail,
    "papers": _papers,
    "aliases": _aliases,
    "masters": _masters,
    "citations": _citations,
    "voids": _voids,
    "counts": _counts,
    "findings": _findings,
    "occupancies": _occupancies,
    "merges": _merges,
    "resolutions": _resolutions,
}
