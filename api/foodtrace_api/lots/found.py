"""What a code may mean, the search over batches, and the lots of a party."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.codes import canonical
from foodtrace.problems import NotFound, TheirFault
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.sight import view_of
from foodtrace_api.lots import narrow
from foodtrace_api.lots.seen import Eyes
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_ledger import links, parties, search
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.batches import BatchCandidate
from foodtrace_ledger.named import Named
from foodtrace_ledger.roots import of_lots
from foodtrace_ledger.traces import TraceCandidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; None leaves it open. The days are days of production."""

    code: str | None = None
    product: str | None = None
    manufacturer: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    party: str | None = None
    location: str | None = None
    limit: int
    cursor: str | None = None

    def question(self) -> list[str | None]:
        """The same as plain values, for a cursor."""
        days = (self.first_day, self.last_day)
        return [
            *("lots", self.code, self.product, self.manufacturer, self.party, self.location),
            *(None if day is None else day.isoformat() for day in days),
        ]

    def next(self, last: object) -> str:
        """The cursor of the page behind `last`."""
        return cursor_of(self.question(), last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A page of what was found; `candidates` counts the different goods of a code."""

    batches: tuple[BatchCandidate, ...] = ()
    traces: tuple[TraceCandidate, ...] = ()
    lots: tuple[LotView, ...] = ()
    vouchers: tuple[Document, ...] = ()
    receipts: tuple[Document, ...] = ()
    named: tuple[Named, ...] = ()
    candidates: int | None = None
    next: str | None = None


def found(connection: Connection, caller: Caller, wanted: Wanted) -> Hits:
    """Look for what is wanted; raises NotFound for an unknown code, TheirFault for no question."""
    if wanted.code is not None:
        return _by_code(connection, caller, wanted, wanted.code)
    searched = (wanted.product, wanted.manufacturer, wanted.first_day, wanted.last_day)
    if any(each is not None for each in searched):
        return _by_search(connection, caller, wanted)
    if wanted.party is not None:
        return _by_party(connection, caller, wanted, wanted.party)
    raise TheirFault(
        "request.invalid", "give a code, product, manufacturer, days or a party", "code"
    )


def _by_code(connection: Connection, caller: Caller, wanted: Wanted, code: str) -> Hits:
    after = read_cursor(wanted.question(), wanted.cursor, int) or 0
    all_of_it = links.find(connection, code)
    batches = _fitting(connection, wanted, list(all_of_it.batches))
    traces = list(all_of_it.traces) if _only_code(wanted) else []
    eyes = _eyes(connection, caller, wanted)
    if eyes is not None:
        batches = narrow.batches_seen(eyes, batches)
        traces = narrow.traces_seen(eyes, traces)
    papers = [*all_of_it.vouchers, *all_of_it.receipts]
    seen = readable(connection, caller, [each.event_id for each in papers])
    count = len(batches) + len(traces)
    if not (count or seen or all_of_it.named):
        raise NotFound("code.unknown", code, "code")
    page = [*batches, *traces][after : after + wanted.limit]
    more = after + wanted.limit
    return Hits(
        batches=tuple(each for each in page if isinstance(each, BatchCandidate)),
        traces=tuple(each for each in page if isinstance(each, TraceCandidate)),
        vouchers=tuple(each for each in all_of_it.vouchers if each.event_id in seen),
        receipts=tuple(each for each in all_of_it.receipts if each.event_id in seen),
        named=all_of_it.named,
        candidates=count,
        next=wanted.next(more) if count > more else None,
    )


def _only_code(wanted: Wanted) -> bool:
    """A trace code names its product by itself: words about a batch don't fit it."""
    return wanted.manufacturer is None and wanted.product is None


def _fitting(
    connection: Connection, wanted: Wanted, batches: list[BatchCandidate]
) -> list[BatchCandidate]:
    if wanted.product is not None:
        batches = narrow.of_product(batches, wanted.product)
    if wanted.manufacturer is not None:
        batches = narrow.of_manufacturer(connection, batches, wanted.manufacturer)
    if wanted.first_day is not None or wanted.last_day is not None:
        batches = narrow.of_days(batches, wanted.first_day, wanted.last_day)
    return batches


def _eyes(connection: Connection, caller: Caller, wanted: Wanted) -> Eyes | None:
    if wanted.party is not None:
        return Eyes(connection, caller, parties.ids(connection, canonical(wanted.party)))
    return None if sight_of(caller.role) is Sight.CHAIN else Eyes(connection, caller)


def _by_search(connection: Connection, caller: Caller, wanted: Wanted) -> Hits:
    page = search.search(
        connection,
        product=wanted.product,
        manufacturer=wanted.manufacturer,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        after=read_cursor(wanted.question(), wanted.cursor, UUID),
        limit=wanted.limit,
    )
    eyes = _eyes(connection, caller, wanted)
    batches = page.batches if eyes is None else tuple(narrow.batches_seen(eyes, page.batches))
    return Hits(batches=batches, next=None if page.next is None else wanted.next(page.next))


def _by_party(connection: Connection, caller: Caller, wanted: Wanted, party: str) -> Hits:
    page = search.lots_of_holders(
        connection,
        parties.ids(connection, canonical(party)),
        location=None if wanted.location is None else canonical(wanted.location),
        after=read_cursor(wanted.question(), wanted.cursor, UUID),
        limit=wanted.limit,
    )
    seen = page.lots
    view = view_of(connection, caller)
    if view is not None and seen:
        numbers = of_lots(connection, [lot.lot_id for lot in seen]).starts
        allowed = view.lots(numbers)
        seen = tuple(lot for lot, number in zip(seen, numbers, strict=True) if number in allowed)
    return Hits(lots=seen, next=None if page.next is None else wanted.next(page.next))
