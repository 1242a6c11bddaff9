"""In or aside: decided by a record's bytes, the broker's timestamp and the schema alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from foodtrace.events import Event
from foodtrace.evidence import leaf_hash
from foodtrace.judge import judge
from foodtrace.problems import InvalidValue, OurFault, TheirFault
from foodtrace_ledger.chunk import Aside, Chunk, Origin, Taken
from foodtrace_schemas.codec import Decoded
from foodtrace_schemas.wire import unframe
from foodtrace_streams.chunk import RawChunk, RawRecord

#: Reads one record's value into a valid event; raises TheirFault for what can't be one.
Decode = Callable[[bytes | None], Decoded]
#: Gives a chunk its decoder, which knows every schema that any of its records can name.
Decoding = Callable[[], Decode]
#: A check beside the domain's own, such as whose topic it is; raises TheirFault.
Check = Callable[[str, Event], None]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DETAIL_CHARACTERS = 500


def judged(
    raw: RawChunk,
    consumer: str,
    decoding: Decoding,
    check: Check | None = None,
    *,
    evident: bool = True,
) -> Chunk:
    """The chunk with every record judged; what nobody foresaw in one of them is raised.

    `evident`: with each record's leaf, for the topics whose records are evidence.
    """
    decode = decoding()
    entries = [_entry(raw, record, decode, check, evident=evident) for record in raw.records]
    return _chunk(raw, consumer, entries, evident=evident)


def judged_with_care(
    raw: RawChunk,
    consumer: str,
    decoding: Decoding,
    check: Check | None = None,
    *,
    evident: bool = True,
) -> Chunk:
    """The same, but a record at which our own code fails goes aside as ours."""
    decode = decoding()
    entries: list[Taken | Aside] = []
    for record in raw.records:
        if record.offset in raw.doomed:
            entries.append(aside(raw, record, "ledger.crashed", raw.doomed[record.offset]))
            continue
        try:
            entries.append(_entry(raw, record, decode, check, evident=evident))
        except OurFault:
            raise
        except Exception as error:  # noqa: BLE001 - the third time here: it must not stop the rest
            entries.append(aside(raw, record, "ledger.crashed", repr(error)))
    return _chunk(raw, consumer, entries, evident=evident)


def aside(
    raw: RawChunk, record: RawRecord, code: str, detail: str, path: str | None = None
) -> Aside:
    """The record with the reason why it wasn't taken, and all that came with it."""
    return Aside(
        origin=_origin(raw, record),
        code=code,
        detail=plain(detail),
        path=path,
        schema_id=schema_id(record.value),
        key=record.key,
        value=record.value,
        headers=tuple((name, value or b"") for name, value in record.headers),
    )


def schema_id(value: bytes | None) -> int | None:
    """The schema id that the frame of a value claims; None where there is no frame."""
    try:
        return unframe(value).schema_id
    except InvalidValue:
        return None


def _entry(
    raw: RawChunk, record: RawRecord, decode: Decode, check: Check | None, *, evident: bool
) -> Taken | Aside:
    origin = _origin(raw, record)
    source = None
    try:
        decoded = decode(record.value)
        source = decoded.event.envelope.source
        judge(decoded.event, origin.received_at)
        if check is not None:
            check(raw.topic, decoded.event)
    except TheirFault as error:
        put = aside(raw, record, error.code, error.detail, error.path or None)
        return replace(put, source=source)
    except ValueError as error:
        # UnicodeError too: the data's fault, though nobody gave it a name of its own.
        return aside(raw, record, "event.malformed", f"{type(error).__name__}: {error}")
    return Taken(
        origin=origin,
        event=decoded.event,
        payload=record.value or b"",
        schema_id=decoded.schema_id,
        leaf=_leaf(raw, record) if evident else b"",
    )


def _chunk(raw: RawChunk, consumer: str, entries: list[Taken | Aside], *, evident: bool) -> Chunk:
    if evident:
        # Those that went aside get theirs here, for whichever reason they did.
        entries = [
            entry if entry.leaf else replace(entry, leaf=_leaf(raw, record))
            for entry, record in zip(entries, raw.records, strict=True)
        ]
    return Chunk(
        consumer=consumer,
        log=raw.log,
        topic=raw.topic,
        partition=raw.partition,
        start=raw.start,
        end=raw.end,
        entries=tuple(entries),
        evident=evident,
    )


def _leaf(raw: RawChunk, record: RawRecord) -> bytes:
    """Of the record as it stands in the log, whatever becomes of it."""
    return leaf_hash(
        raw.topic,
        raw.partition,
        record.offset,
        record.timestamp,
        record.key,
        record.value,
        record.headers,
    )


def _origin(raw: RawChunk, record: RawRecord) -> Origin:
    return Origin(
        log=raw.log,
        topic=raw.topic,
        partition=raw.partition,
        offset=record.offset,
        received_at=_EPOCH + timedelta(milliseconds=record.timestamp),
    )


def plain(detail: str) -> str:
    """The detail as PostgreSQL can keep it: no NUL, no lone surrogate, not too long."""
    short = detail[:_DETAIL_CHARACTERS].replace("\x00", "\\x00")
    return short.encode("utf-8", "backslashreplace").decode("utf-8")
