"""The schemas that events were written with, by id, as far as the schemas topic tells them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from foodtrace_bus.schemas_topic import SchemaRow

#: Reads all rows of the schemas topic up to now; blocking.
ReadRows = Callable[[], list[SchemaRow]]
#: The schema of an id as registered, None for an id that isn't.
Lookup = Callable[[int], str | None]


class SchemaBook:
    """Remembers schemas, and reads the topic on when a chunk names one that isn't known yet.

    A registry hands out an id only after its record is acknowledged, and a chunk was fetched
    before it is decoded: one look at the topic per chunk is enough to know every id in it.
    """

    def __init__(self, read: ReadRows) -> None:
        """`read` is asked from several threads, one at a time."""
        self._read = read
        self._lock = threading.Lock()
        self._schemas: dict[int, str] = {}

    def for_chunk(self) -> Lookup:
        """The look-up for one chunk; raises BusAway when the topic can't be read."""
        looked = False

        def lookup(schema_id: int) -> str | None:
            nonlocal looked
            found = self._schemas.get(schema_id)
            if found is None and not looked:
                self._read_on()
                looked = True
                found = self._schemas.get(schema_id)
            return found

        return lookup

    def _read_on(self) -> None:
        with self._lock:
            for row in self._read():
                # A subject's version may be deleted; records written with it stay.
                self._schemas[row.schema_id] = row.schema
