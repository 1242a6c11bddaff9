"""Finds one voucher by its number, as far as the caller sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.codes import canonical
from foodtrace.problems import Conflict, NotFound, TheirFault
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.told import complete
from foodtrace_api.vouchers.joined import joined
from foodtrace_api.vouchers.shapes import VoucherAnswer, VoucherCandidate
from foodtrace_api.web.answer import plain
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_api.web.problem import ProblemWith
from foodtrace_ledger import describe, vouchers
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.voucher_view import VoucherJoined
from foodtrace_ledger.vouchers import Citations, Voucher
from foodtrace_schemas import json_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A voucher by its number, and by its issuer where several number alike."""

    number: str
    issuer: str | None
    limit: int
    cursor: str | None


def look_up(door: Door, caller: Caller, wanted: Wanted) -> VoucherAnswer:
    """The voucher; raises NotFound, or `code.ambiguous` with the candidates."""
    question = ["voucher", wanted.number, wanted.issuer]
    after = read_cursor(question, wanted.cursor, UUID)
    with reading(door, caller) as connection:
        found = _one(connection, caller, wanted)
        cited = _cited(connection, caller, wanted, after)
        met = joined(connection, caller, found.document.event_id)
        known = completeness(connection)
        first = found.contents[0]
        parties = {first.giver, first.taker, *_parties(met)}
        names = describe.parties(connection, parties, found.document.business_date)
    return VoucherAnswer(
        number=first.document_number or canonical(wanted.number),
        document=found.document,
        issuer=first.giver,
        receiver=first.taker,
        contents=[
            json_form.write(door.contracts.decode(content.payload)) for content in found.contents
        ],
        lots=list(found.lots),
        stock=list(met.stock),
        movements=list(met.movements),
        movement_count=met.movement_count,
        makings=list(met.makings),
        inspections=list(met.inspections),
        papers=list(met.papers),
        limited=sight_of(caller.role) is not Sight.CHAIN,
        names=list(names),
        cited_by=list(cited.documents),
        next=None if cited.next is None else cursor_of(question, cited.next),
        completeness=complete(door, caller, known),
    )


def _parties(met: VoucherJoined) -> Iterator[str | None]:
    for stock in met.stock:
        yield stock.lot.holder
    for moved in met.movements:
        yield from (moved.lot.holder, moved.giver, moved.taker)


def _one(connection: Connection, caller: Caller, wanted: Wanted) -> Voucher:
    every = vouchers.by_number(connection, wanted.number)
    seen = readable(connection, caller, [each.document.event_id for each in every])
    issuer = None if wanted.issuer is None else canonical(wanted.issuer)
    found = [
        each
        for each in every
        if each.document.event_id in seen and issuer in (None, each.contents[0].giver)
    ]
    if not found:
        raise NotFound("voucher.unknown", wanted.number, "number")
    if len(found) > 1:
        candidates = [
            VoucherCandidate(issuer=each.contents[0].giver, document=each.document)
            for each in found
        ]
        problem = Conflict("code.ambiguous", f"{len(found)} vouchers; name the issuer", "issuer")
        raise ProblemWith(problem, {"candidates": plain(candidates)})
    return found[0]


def _cited(connection: Connection, caller: Caller, wanted: Wanted, after: UUID | None) -> Citations:
    try:
        page = vouchers.citations(connection, wanted.number, after=after, limit=wanted.limit)
    except NoResultFound as error:
        raise TheirFault("request.bad-cursor", "of an unknown event", "cursor") from error
    seen = readable(connection, caller, [each.event_id for each in page.documents])
    return Citations(
        documents=tuple(each for each in page.documents if each.event_id in seen), next=page.next
    )
