"""Which places a stall is part of, for mandates that cover a whole market."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from foodtrace.codes import canonical

# A market answers for stalls that it, or ops, registered; nobody takes another's stall by naming
# it anew. So what ops says counts first (the latest), else the earliest word that still holds.
_PARENTS = text("""
    SELECT DISTINCT ON (m.subject) m.subject, m.attributes ->> 'parent' AS parent
    FROM ledger.live_master AS m
    JOIN ledger.event AS e ON e.id = m.event
    WHERE m.subject_kind = 'location' AND m.subject = ANY(:places)
    ORDER BY m.subject, (e.source = 'ops') DESC,
             CASE WHEN e.source = 'ops' THEN -e.id ELSE e.id END
""")
# Deeper than any tree of places; a circle in bad data ends here too.
_LEVELS = 12


def ancestors(connection: Connection, places: Iterable[str]) -> dict[str, frozenset[str]]:
    """Each place with itself and all it is part of, canonical as in lot keys."""
    parents: dict[str, str | None] = {}
    level = set(places)
    asked = set(level)
    for _ in range(_LEVELS):
        if not level:
            break
        rows = connection.execute(_PARENTS, {"places": sorted(level)}).all()
        parents |= {row.subject: _canonical(row.parent) for row in rows}
        level = {name for row in rows if (name := _canonical(row.parent))} - asked
        asked |= level
    return {place: frozenset(_chain(place, parents)) for place in places}


def _canonical(code: str | None) -> str | None:
    return canonical(code) if code else None


def _chain(place: str, parents: dict[str, str | None]) -> list[str]:
    chain = [place]
    while (above := parents.get(chain[-1])) is not None and above not in chain:
        chain.append(above)
    return chain
