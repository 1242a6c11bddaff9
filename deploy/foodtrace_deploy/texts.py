"""Every sentence the command `foodtrace` says, in Chinese and English.

`say("key", name=value)` gives the sentence in the chosen language. The tables stand in `messages`,
one file a feature; a key stands there once, and a test demands both languages with the same fields.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Literal

from foodtrace_deploy.messages import (
    answers,
    asking,
    backup,
    checking,
    demo,
    doctor,
    evidence,
    letters,
    odd,
    outside,
    papers,
    registers,
    replay,
    spool,
    stack,
    status,
    stock,
    up,
)
from foodtrace_deploy.messages.text import Text

Language = Literal["zh", "en"]


def _catalogue(tables: Iterable[Mapping[str, Text]]) -> dict[str, Text]:
    texts: dict[str, Text] = {}
    for table in tables:
        taken = texts.keys() & table.keys()
        if taken:
            raise ValueError(f"messages defined twice: {', '.join(sorted(taken))}")
        texts.update(table)
    return texts


TEXTS: Mapping[str, Text] = _catalogue(
    [
        stack.TEXTS,
        up.TEXTS,
        status.TEXTS,
        doctor.TEXTS,
        asking.TEXTS,
        answers.TEXTS,
        papers.TEXTS,
        stock.TEXTS,
        registers.TEXTS,
        replay.TEXTS,
        odd.TEXTS,
        outside.TEXTS,
        letters.TEXTS,
        evidence.TEXTS,
        demo.TEXTS,
        checking.TEXTS,
        spool.TEXTS,
        backup.TEXTS,
    ]
)


def language(wish: str | None = None, environment: Mapping[str, str] | None = None) -> Language:
    """The wish if there is one, otherwise by locale: Chinese for `zh_*`, English for the rest."""
    env = os.environ if environment is None else environment
    candidates = (
        wish,
        *(env.get(name) for name in ("FOODTRACE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")),
    )
    chosen = next((value for value in candidates if value), "en")
    return "zh" if chosen.lower().startswith("zh") else "en"


class _Speaker:
    """Remembers the language of this process; a command sets it once, from `--lang`."""

    def __init__(self) -> None:
        self.language: Language = language()


_speaker = _Speaker()


def speak(wish: str | None) -> Language:
    """Choose the language of this process and return it."""
    _speaker.language = language(wish)
    return _speaker.language


def current() -> Language:
    """The language of this process."""
    return _speaker.language


def say(key: str, /, **fields: object) -> str:
    """The message in the chosen language; raises KeyError for an unknown key or missing field."""
    return say_in(_speaker.language, key, **fields)


def say_in(chosen: Language, key: str, /, **fields: object) -> str:
    """The message in a given language."""
    text = TEXTS[key]
    return (text.zh if chosen == "zh" else text.en).format(**fields)
