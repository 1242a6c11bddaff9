"""Moments as people read them: by the clock of this machine, to the second, with its offset."""

from __future__ import annotations

from datetime import datetime


def moment(text: str | None) -> str:
    """An RFC 3339 moment of an answer, such as `2026-05-21 14:30:05+08:00`; a dash for none."""
    if text is None:
        return "–"
    return datetime.fromisoformat(text).astimezone().isoformat(sep=" ", timespec="seconds")
