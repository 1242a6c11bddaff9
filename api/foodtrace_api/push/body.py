"""The body of a push: one event, a JSON list, or NDJSON, cut into events without reading them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
from fastapi import Request

from foodtrace.problems import TheirFault
from foodtrace_api.web.load import Held

NDJSON = "application/x-ndjson"
_LINES = (NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines")
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


async def read_body(request: Request, limit: int, held: Held) -> bytes:
    """The whole body; raises TheirFault as soon as it exceeds `limit` bytes, OurFault `push.busy`
    as soon as the door holds too many of all pushes.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise TheirFault("push.body-too-large", f"{announced} of {limit} bytes")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise TheirFault("push.body-too-large", f"over {limit} bytes")
        held.take(len(part))
        parts.append(part)
    return b"".join(parts)


def split(body: bytes, content_type: str, most: int) -> tuple[list[bytes], bool]:
    """The events of a body as bytes, and whether it is a single one.

    Raises TheirFault for another media type, for a list that isn't JSON, and for more than `most`
    events; a line or item that isn't JSON is found later, by itself.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media in _LINES:
        items = [line for line in _lines(body) if line]
        single = False
    elif media in ("", "application/json") or media.endswith("+json"):
        items, single = _json(body)
    else:
        raise TheirFault("request.wrong-media-type", media[:80], "Content-Type")
    if len(items) > most:
        raise TheirFault("push.too-many-events", f"{len(items)} of {most}")
    return items, single


def _lines(body: bytes) -> Iterator[bytes]:
    return (line.strip(_SPACE) for line in body.removeprefix(_BOM).split(b"\n"))


def _json(body: bytes) -> tuple[list[bytes], bool]:
    text = body.removeprefix(_BOM).strip(_SPACE)
    if not text:
        raise TheirFault("event.malformed", "the body is empty")
    if not text.startswith(b"["):
        return [text], True
    try:
        return [bytes(item) for item in _LIST.decode(text)], False
    except (msgspec.DecodeError, RecursionError):
        return _patiently(text), False


def _patiently(text: bytes) -> list[bytes]:
    """A list in which one item isn't strict JSON (a lone surrogate, NaN) must not lose the others."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TheirFault("event.malformed", str(error)) from error
    return [json.dumps(item).encode("ascii") for item in items]
