"""Dead letters as everybody names them: by where the record stood in its log."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace.problems import InvalidValue
from foodtrace.text import checked

#: Header of a record that was pushed again: the letter it had become, as `LetterPlace.text`.
REQUEUED_HEADER = "foodtrace.requeued-from"
#: A log's id (22 characters), a topic's name (249 at most), two numbers.
LETTER_LIMIT = 320
_MOST = 2**63


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class LetterPlace:
    """The origin of a dead letter: the broker's log id, topic, partition and offset."""

    log: str
    topic: str
    partition: int
    offset: int

    @property
    def text(self) -> str:
        """`LOG/TOPIC/PARTITION/OFFSET`: the key of the letter on its topic, too."""
        return f"{self.log}/{self.topic}/{self.partition}/{self.offset}"


def read_letter(text: str, path: str = "letter") -> LetterPlace:
    """The place that `LOG/TOPIC/PARTITION/OFFSET` names; raises InvalidValue `dead-letter.no-place`.

    Neither a log's id nor a topic's name holds a slash.
    """
    checked(text, path, LETTER_LIMIT)
    parts = text.split("/")
    if len(parts) == 4:
        log, topic, partition, offset = parts
        if log and topic and _is_number(partition, 2**31) and _is_number(offset, _MOST):
            return LetterPlace(log=log, topic=topic, partition=int(partition), offset=int(offset))
    raise InvalidValue("dead-letter.no-place", ascii(text[:80]), path)


def _is_number(text: str, limit: int) -> bool:
    """Written in the one way that `LetterPlace.text` writes it."""
    plain = text.isascii() and text.isdigit() and len(text) <= 19
    return plain and text == str(int(text)) and int(text) < limit
