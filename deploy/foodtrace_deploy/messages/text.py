"""One message in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message; fields stand in braces."""

    zh: str
    en: str
