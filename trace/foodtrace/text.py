"""Rules for text that enters the house: no control characters, no lone surrogates, bounded."""

from __future__ import annotations

from unicodedata import category

from foodtrace.problems import InvalidValue

CODE_LIMIT = 64
NAME_LIMIT = 256
NOTE_LIMIT = 2000


def checked(value: str, path: str, limit: int = NAME_LIMIT) -> None:
    """Raise InvalidValue unless `value` holds 1..`limit` characters and no control character.

    Spaces of every script are fine (U+3000 is common in Chinese text), blank text isn't.
    """
    reason = _reason(value, limit)
    if reason is not None:
        raise InvalidValue(reason, ascii(value[:80]), path)


def optional(value: str | None, path: str, limit: int = NAME_LIMIT) -> None:
    """As `checked`, where None stands for "not stated"."""
    if value is not None:
        checked(value, path, limit)


def _reason(value: str, limit: int) -> str | None:
    if not value or value.isspace():
        return "text.empty"
    if len(value) > limit:
        return "text.too-long"
    if value.isprintable():
        return None
    categories = {category(character) for character in value}
    if "Cs" in categories:
        return "text.lone-surrogate"
    return "text.control-character" if "Cc" in categories else None
