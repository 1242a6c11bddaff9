"""Mandates: which reporter may report in whose name, and on which days.

A mandate names one party, or a market (a location): then it covers whoever speaks from a stall of
that market. Days are business days, both ends included. Party and market are kept in canonical
form, as in the keys of lots.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from foodtrace.codes import canonical
from foodtrace.problems import InvalidValue, NotFound
from foodtrace.text import CODE_LIMIT, NOTE_LIMIT, checked, optional
from foodtrace_office.tables import mandate


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRequest:
    """What is to be mandated: exactly one of `party` and `market`."""

    reporter: str
    valid_from: date
    valid_to: date | None = None
    party: str | None = None
    market: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """Raise InvalidValue with code and path where it can't be."""
        checked(self.reporter, "reporter", CODE_LIMIT)
        optional(self.party, "party", CODE_LIMIT)
        optional(self.market, "market", CODE_LIMIT)
        if (self.party is None) == (self.market is None):
            raise InvalidValue("mandate.one-subject", "", "party")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise InvalidValue("date.impossible", "ends before it begins", "valid_to")
        if self.note:
            checked(self.note, "note", NOTE_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A mandate as kept; `valid_to` None is open-ended."""

    id: UUID
    reporter: str
    party: str | None
    market: str | None
    valid_from: date
    valid_to: date | None
    note: str
    created_at: datetime
    revoked_at: datetime | None

    def holds(self, at: date) -> bool:
        """Whether it covers that business day; a revoked one covers none."""
        ended = self.valid_to is not None and self.valid_to < at
        return self.revoked_at is None and self.valid_from <= at and not ended


def grant_mandate(connection: Connection, request: MandateRequest) -> Mandate:
    """Register a mandate; the same one granted twice is one."""
    same = _same(request)
    row = connection.execute(select(mandate).where(same).limit(1)).one_or_none()
    if row is None:
        row = connection.execute(
            insert(mandate)
            .values(
                reporter=request.reporter,
                party=_canonical(request.party),
                market=_canonical(request.market),
                valid_from=request.valid_from,
                valid_to=request.valid_to,
                note=request.note,
            )
            .returning(mandate)
        ).one()
    return _mandate(row)


def holds_mandate(
    connection: Connection,
    reporter: str,
    *,
    at: date,
    party: str | None = None,
    markets: Collection[str] = (),
) -> bool:
    """Whether `reporter` may speak on that day for the party, or from a stall of these markets.

    Party and markets in canonical form.
    """
    subject: ColumnElement[bool] = mandate.c.market.in_(list(markets))
    if party is not None:
        subject = or_(subject, mandate.c.party == party)
    query = select(mandate.c.id).where(mandate.c.reporter == reporter, subject, _on(at))
    return connection.execute(query.limit(1)).first() is not None


def mandates_of(
    connection: Connection,
    reporter: str,
    *,
    parties: Collection[str] = (),
    markets: Collection[str] = (),
) -> Sequence[Mandate]:
    """The live mandates of a reporter for any of these, whatever their days: one query a push.

    Parties and markets in canonical form.
    """
    subject = or_(mandate.c.party.in_(list(parties)), mandate.c.market.in_(list(markets)))
    query = select(mandate).where(
        mandate.c.reporter == reporter, mandate.c.revoked_at.is_(None), subject
    )
    return [_mandate(row) for row in connection.execute(query)]


def list_mandates(
    connection: Connection,
    *,
    reporter: str | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> Sequence[Mandate]:
    """Mandates in the order of their ids, from behind `after` on."""
    query = select(mandate).order_by(mandate.c.id).limit(limit)
    if reporter is not None:
        query = query.where(mandate.c.reporter == reporter)
    if after is not None:
        query = query.where(mandate.c.id > after)
    return [_mandate(row) for row in connection.execute(query)]


def revoke_mandate(connection: Connection, mandate_id: UUID) -> Mandate:
    """End a mandate for every day; revoking twice keeps the first instant. Raises NotFound."""
    row = connection.execute(
        update(mandate)
        .where(mandate.c.id == mandate_id)
        .values(revoked_at=func.coalesce(mandate.c.revoked_at, func.now()))
        .returning(mandate)
    ).one_or_none()
    if row is None:
        raise NotFound("mandate.unknown", str(mandate_id))
    return _mandate(row)


def _on(at: date) -> ColumnElement[bool]:
    ends = mandate.c.valid_to
    return and_(
        mandate.c.revoked_at.is_(None),
        mandate.c.valid_from <= at,
        or_(ends.is_(None), ends >= at),
    )


def _same(request: MandateRequest) -> ColumnElement[bool]:
    return and_(
        mandate.c.reporter == request.reporter,
        mandate.c.party.is_not_distinct_from(_canonical(request.party)),
        mandate.c.market.is_not_distinct_from(_canonical(request.market)),
        mandate.c.valid_from == request.valid_from,
        mandate.c.valid_to.is_not_distinct_from(request.valid_to),
        mandate.c.revoked_at.is_(None),
    )


def _canonical(code: str | None) -> str | None:
    return None if code is None else canonical(code)


def _mandate(row: Row[Any]) -> Mandate:
    return Mandate(
        id=row.id,
        reporter=row.reporter,
        party=row.party,
        market=row.market,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        note=row.note,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
