"""The book of stock, as far as the caller sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, timezone
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller, Role, Sight, sight_of
from foodtrace.codes import canonical
from foodtrace.problems import NotFound, TheirFault
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.told import complete
from foodtrace_api.stock.rights import may_report, party_asked
from foodtrace_api.stock.shapes import LotStockAnswer, StockAnswer
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_ledger import book, describe
from foodtrace_ledger.completeness import completeness

# Business days are those of Asia/Shanghai, which has known no summer time since 1991.
_SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for, as written."""

    party: str | None
    location: str | None
    product: str | None
    since: date | None
    at: date | None
    limit: int
    cursor: str | None

    def question(self) -> list[str | None]:
        """The same as plain values, for a cursor."""
        days = (None if day is None else day.isoformat() for day in (self.since, self.at))
        return ["stock", self.party, self.location, self.product, *days]


def stock(door: Door, caller: Caller, wanted: Wanted) -> StockAnswer:
    """A page of the book; raises NotFound where party, place or product was never heard of."""
    _check_days(wanted.since, wanted.at)
    after = read_cursor(wanted.question(), wanted.cursor, str)
    today = _today(door)
    named = (wanted.party, wanted.location, wanted.product)
    party, location, product = (None if name is None else canonical(name) for name in named)
    with reading(door, caller) as connection:
        party = party_asked(connection, caller, party, location, wanted.at or today)
        if party is None and location is None:
            raise TheirFault("request.invalid", "give a party or a location", "party")
        page = book.stock(
            connection,
            book.Wanted(
                party=party,
                location=location,
                product=product,
                at=wanted.at,
                since=wanted.since,
                after=after,
                limit=wanted.limit,
                limited=sight_of(caller.role) is not Sight.CHAIN,
                today=today,
            ),
        )
        if not page.product_count and caller.role is not Role.PARTY:
            _check_known(connection, party, location, product)
        place = describe.names(connection, "location", [location] if location else [], wanted.at)
        told = completeness(connection)
    return StockAnswer(
        party=party,
        location=location,
        location_name=place.get(location or ""),
        product=product,
        since=wanted.since,
        at=wanted.at,
        lines=list(page.lines),
        product_count=page.product_count,
        next=None if page.next is None else cursor_of(wanted.question(), page.next),
        completeness=complete(door, caller, told),
    )


def of_lot(
    door: Door, caller: Caller, lot_id: UUID, since: date | None, at: date | None
) -> LotStockAnswer:
    """The book of one lot; raises NotFound `lot.unknown`, also where it isn't the caller's."""
    _check_days(since, at)
    today = _today(door)
    with reading(door, caller) as connection:
        found = book.of_lot(connection, lot_id, at=at, since=since, today=today)
        lot = found.lot
        own = caller.role is Role.PARTY and lot.holder == caller.holder
        if not (
            sight_of(caller.role) is Sight.CHAIN
            or own
            or may_report(connection, caller, lot.holder, lot.location, at or today)
        ):
            raise NotFound("lot.unknown", str(lot_id))
        told = completeness(connection)
    return LotStockAnswer(
        since=since, at=at, stock=found, completeness=complete(door, caller, told)
    )


def _check_days(since: date | None, at: date | None) -> None:
    if since is not None and at is not None and since > at:
        raise TheirFault("date.impossible", f"{since} .. {at}", "from")


def _check_known(
    connection: Connection, party: str | None, location: str | None, product: str | None
) -> None:
    """An empty book of somebody unknown would look like an empty shelf."""
    asked = (("product", product), ("party", party), ("location", location))
    named = [(kind, subject) for kind, subject in asked if subject is not None]
    known = describe.all_names(connection, named)
    for kind, subject in named:
        if (kind, subject) not in known:
            raise NotFound(f"{kind}.unknown", subject, kind)


def _today(door: Door) -> date:
    return door.clock().astimezone(_SHANGHAI).date()
