"""The form of a dead letter on the bus: the original record, and in its headers what is wrong.

An envelope around the bytes would make a near-limit record too large for its topic, and whoever
repairs a dead letter wants the bytes as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from foodtrace_bus.records import Record

#: Our headers begin so; those of the original record are kept beside them.
HEADER = "foodtrace."


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record that was put aside: where it stood, why, and everything that came with it.

    `code` is one of `foodtrace.problems.PROBLEMS`, `path` the field at fault, if there is one.
    """

    log: str
    topic: str
    partition: int
    offset: int
    received_at: datetime
    code: str
    detail: str
    path: str | None
    schema_id: int | None
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


def dead_letter_record(topic: str, letter: DeadLetter) -> Record:
    """The record for `topic`; its key is the origin, so publishing twice is seen to be once."""
    stated = {
        "code": letter.code,
        "detail": letter.detail,
        "path": letter.path,
        "log": letter.log,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "received_at": letter.received_at.isoformat().replace("+00:00", "Z"),
        "schema_id": letter.schema_id,
        "key": None if letter.key is None else letter.key.hex(),
        "no_value": True if letter.value is None else None,
    }
    ours = tuple(
        (HEADER + name, str(value).encode("utf-8", "backslashreplace"))
        for name, value in stated.items()
        if value is not None
    )
    origin = f"{letter.log}/{letter.topic}/{letter.partition}/{letter.offset}"
    return Record(
        topic=topic,
        key=origin.encode(),
        value=letter.value or b"",
        headers=ours + letter.headers,
    )
