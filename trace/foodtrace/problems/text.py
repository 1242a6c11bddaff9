"""Whose fault a problem is, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Blame(StrEnum):
    """Whose fault a problem is; decides status, exit code and whether a retry can help."""

    THEIRS = "theirs"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class ProblemText:
    """The meaning of one code in both languages, as a sentence that says what to do."""

    blame: Blame
    zh: str
    en: str
