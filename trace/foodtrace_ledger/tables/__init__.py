"""The ledger's tables as SQLAlchemy Core metadata; the migrations make the same (a test compares).

Ids are bigints of one ledger and never leave it: outside, an event is its `event_id`, a lot its
`lot_id`. There are no foreign keys: every row is written in the transaction of its event.
"""

from foodtrace_ledger.tables import (
    dead,
    documents,
    evidence,
    facts,
    found,
    lots,
    places,
    reading,
    retail,
    seen,
)
from foodtrace_ledger.tables.base import SCHEMA, metadata

__all__ = [
    "SCHEMA",
    "dead",
    "documents",
    "evidence",
    "facts",
    "found",
    "lots",
    "metadata",
    "places",
    "reading",
    "retail",
    "seen",
]
