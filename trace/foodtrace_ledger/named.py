"""Parties, products and locations by their ids and aliases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace_ledger import describe
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a code names: a party, product or location; `scheme` is "id" for its own id."""

    kind: str
    subject: str
    name: str | None
    scheme: str
    valid_from: date | None = None
    valid_to: date | None = None


def subjects(conn: Connection, code: str, at: date | None = None) -> tuple[Named, ...]:
    """What a code (canonical) names, on the day `at` if it is given, by the name it had then."""
    own = [
        (row.subject_kind, row.subject, "id", None, None)
        for row in conn.execute(sql("subjects_by_id"), {"code": code})
    ]
    known = [
        (row.subject_kind, row.subject, row.scheme, row.valid_from, row.valid_to)
        for row in conn.execute(sql("subjects_of"), {"code": code, "at": at})
    ]
    names = describe.all_names(conn, (each[:2] for each in (*own, *known)), at)
    return tuple(
        Named(
            kind=kind,
            subject=subject,
            name=names.get((kind, subject)),
            scheme=scheme,
            valid_from=first,
            valid_to=last,
        )
        for kind, subject, scheme, first, last in (*own, *known)
    )
