"""Events as JSON: the domain's records nested as they are, plus `kind` at the top.

`envelope.event_id` may be left out, since it follows from source, kind, source_event_id and
revision, and must be right where it is given. Amounts are texts or JSON numbers and never rounded;
days are YYYY-MM-DD; instants are RFC 3339 with an offset. The offset is kept: where
`occurred_offset_minutes` isn't given it is the one `occurred_at` is written in, and +08:00 for "Z".
Fields without a value may be left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from foodtrace.events import KINDS, Event
from foodtrace.identity import event_id
from foodtrace_schemas.examine import Findings, Refused, examine, suggestion
from foodtrace_schemas.forms import DEFAULT_OFFSET, NOT_TAKEN, offset_minutes, read_quickly
from foodtrace_schemas.scalars import Wrong, identifier, moment

__all__ = ["Refused", "read", "write", "write_bytes"]


def read(
    raw: bytes | bytearray | memoryview | str | Mapping[str, Any],
    *,
    source: str | None = None,
    reporter: str | None = None,
) -> Event:
    """The event of one JSON document; `source` and `reporter` stand in where it names none.

    Raises `Refused` (an InvalidValue) with the first problem as code and path and all that were
    found in `.problems`. Give it the bytes as they came: a document already read as Python objects
    may hold rounded amounts.
    """
    data = _bytes(raw)
    if data is not None:
        try:
            return read_quickly(data, source, reporter)
        except NOT_TAKEN:
            pass
    document = raw if isinstance(raw, Mapping) else _loaded(data if data is not None else raw)
    return read_thoroughly(document, source, reporter)


def write(event: Event) -> dict[str, Any]:
    """The JSON-ready form of an event: what isn't stated is left out, amounts are plain texts."""
    plain = msgspec.to_builtins(event, builtin_types=(Decimal,))
    return {"kind": event.kind, **_stated(plain)}


def write_bytes(event: Event) -> bytes:
    """The JSON document of an event, in UTF-8 on one line (an NDJSON line without its end)."""
    return msgspec.json.encode(write(event))


def _bytes(raw: object) -> bytes | None:
    """The document as bytes; None where it can't be one, which then has to be explained."""
    if isinstance(raw, bytes):
        return raw
    if isinstance(raw, bytearray | memoryview):
        return bytes(raw)
    try:
        return raw.encode() if isinstance(raw, str) else msgspec.json.encode(raw)
    except (UnicodeEncodeError, TypeError, ValueError, RecursionError):
        return None


def _loaded(raw: object) -> object:
    """The document as the standard library reads it: it takes more, so that a field can be named."""
    try:
        text = raw.decode() if isinstance(raw, bytes) else str(raw)
        return json.loads(text, strict=False, parse_float=Decimal, parse_constant=Decimal)
    except UnicodeDecodeError as error:
        detail = f"byte {error.start} isn't UTF-8: {error.reason}"
        raise _malformed(detail) from error
    except (ValueError, RecursionError) as error:
        raise _malformed(str(error)[:200]) from error


def _malformed(detail: str) -> Refused:
    findings = Findings()
    findings.add("event.malformed", detail, "")
    return Refused(tuple(findings.problems))


def read_thoroughly(
    document: object, source: str | None = None, reporter: str | None = None
) -> Event:
    """As `read`, field by field and slower, of a document already read as Python objects."""
    if not isinstance(document, Mapping):
        raise _malformed("an event is a JSON object")
    findings = Findings()
    kind = _kind(document, findings)
    rest = {name: value for name, value in document.items() if name != "kind"}
    if isinstance(rest.get("envelope"), Mapping):
        rest["envelope"] = _filled(rest["envelope"], kind, source, reporter, findings)
    event: Event = examine(KINDS[kind], rest, findings)
    return event


def _kind(document: Mapping[str, Any], findings: Findings) -> str:
    kind = document.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return kind
    if kind is None:
        findings.add("event.missing-field", f"one of {', '.join(KINDS)}", "kind")
    elif isinstance(kind, str):
        detail = f"{kind[:80]!a}{suggestion(kind, KINDS)}"
        findings.add("event.unknown-kind", detail, "kind")
    else:
        findings.add("event.wrong-type", "expected a text", "kind")
    # Without a kind nothing else can be judged.
    raise Refused(tuple(findings.problems))


def _filled(
    told: Mapping[str, Any],
    kind: str,
    source: str | None,
    reporter: str | None,
    findings: Findings,
) -> dict[str, Any]:
    envelope = dict(told)
    for name, value in (("source", source), ("reporter", reporter)):
        if envelope.get(name) is None and value is not None:
            envelope[name] = value
    _fill_offset(envelope, findings)
    _fill_id(envelope, kind, findings)
    return envelope


def _fill_offset(envelope: dict[str, Any], findings: Findings) -> None:
    try:
        offset = offset_minutes(moment(envelope.get("occurred_at")))
    except (Wrong, ValueError):
        # The field itself is looked at later.
        offset = 0
    path = "envelope.occurred_offset_minutes"
    told = envelope.get("occurred_offset_minutes")
    if told is None:
        envelope["occurred_offset_minutes"] = offset or DEFAULT_OFFSET
    elif offset and told != offset:
        findings.add("date.impossible", f"occurred_at has an offset of {offset}", path)


def _fill_id(envelope: dict[str, Any], kind: str, findings: Findings) -> None:
    told = envelope.get("event_id")
    parts = [envelope.get(name) for name in ("source", "source_event_id")]
    revision = envelope.get("revision", 0)
    sound = all(isinstance(part, str) for part in parts) and type(revision) is int
    # Without its parts the id can't be judged; what is wrong with them is said in its place.
    identity = event_id(str(parts[0]), kind, str(parts[1]), revision) if sound else UUID(int=0)
    if told is None:
        envelope["event_id"] = identity
        return
    try:
        wrong = sound and identifier(told) != identity
    except Wrong:
        return
    if wrong:
        findings.add("event.wrong-id", f"{told} instead of {identity}", "envelope.event_id")


def _stated(plain: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in plain.items()
        if value is not None and value != () and value != {}
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return _stated(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return plain_amount(value) if isinstance(value, Decimal) else value


def plain_amount(amount: Decimal) -> str:
    """An amount without exponent or trailing zeros."""
    digits = format(amount, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
