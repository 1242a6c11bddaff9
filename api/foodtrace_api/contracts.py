"""Our own contracts as the registry numbers them: events to framed Avro and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock

from foodtrace.events import Event
from foodtrace.problems import OurFault
from foodtrace_office.registry import Registered, RegistryRows
from foodtrace_schemas import codec
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.peek import Peek, peek
from foodtrace_schemas.topics import KIND_TABLE


class Contracts:
    """Knows the schema id of each kind and the text of each id; safe to share.

    Neither ever changes once registered, so both are kept after they were read.
    """

    def __init__(self, rows: RegistryRows) -> None:
        """Nothing is read before it is needed."""
        self._rows = rows
        self._lock = Lock()
        self._ids: Mapping[str, int] = {}
        self._texts: dict[int, str] = {}

    def register(self) -> list[Registered]:
        """See to it that our latest contract of each kind is registered; gives their versions.

        The ids are used only once `announced` says that the workers can know them.
        """
        return [self._rows.add(row.subject, schema_text(row.kind)) for row in KIND_TABLE.values()]

    def announced(self, registered: Iterable[Registered]) -> None:
        """The schemas topic holds these now: events may be written with them."""
        by_subject = {each.subject: each.schema_id for each in registered}
        self._ids = {row.kind: by_subject[row.subject] for row in KIND_TABLE.values()}

    def ids(self) -> Mapping[str, int]:
        """Schema id by kind; raises OurFault until they are announced."""
        if not self._ids:
            raise OurFault("registry.not-ready")
        return self._ids

    def encode(self, event: Event) -> bytes:
        """The framed value of an event."""
        return codec.encode(event, self.ids()[event.kind])

    def decode(self, value: bytes) -> Event:
        """The event of a framed value, whichever registered schema it was written with."""
        return codec.decode(value, self._text).event

    def peek(self, value: bytes | None) -> Peek:
        """What a value says as far as it can be told, event or not."""
        return peek(value, self._text)

    def _text(self, schema_id: int) -> str | None:
        with self._lock:
            known = self._texts.get(schema_id)
        if known is None:
            known = self._rows.text(schema_id)
            if known is not None:
                with self._lock:
                    self._texts[schema_id] = known
        return known
