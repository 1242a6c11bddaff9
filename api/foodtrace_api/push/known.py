"""What the ledger already holds of a push."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Engine, text

_DIGESTS = text("""
    SELECT e.event_id, c.digest
    FROM ledger.event AS e
    JOIN ledger.event_content AS c ON c.event = e.id
    WHERE e.event_id = ANY(CAST(:ids AS uuid[]))
""")


def digests_of(engine: Engine, ids: Collection[UUID]) -> dict[UUID, set[bytes]]:
    """The content digests that the ledger has under each of these event ids; one query."""
    found: dict[UUID, set[bytes]] = defaultdict(set)
    if not ids:
        return found
    with engine.connect() as connection:
        for row in connection.execute(_DIGESTS, {"ids": [str(each) for each in ids]}):
            found[row.event_id].add(bytes(row.digest))
    return found
