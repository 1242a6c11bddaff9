"""Chinese or English, as Accept-Language asks."""

from __future__ import annotations

from typing import Literal

from foodtrace.problems import ProblemText

Language = Literal["zh", "en"]
DEFAULT: Language = "en"


def preferred(header: str | None) -> Language:
    """The better liked of the two languages; English where neither is named.

    Of equal weight the first named wins; what can't be read is as good as not said.
    """
    best: Language = DEFAULT
    weight = 0.0
    for part in (header or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        language = _language(tag)
        quality = _quality(parameter)
        if language is not None and quality > weight:
            best, weight = language, quality
    return best


def title(text: ProblemText, language: Language) -> str:
    """The sentence of a problem in that language."""
    return text.zh if language == "zh" else text.en


def _language(tag: str) -> Language | None:
    primary = tag.strip().lower().split("-")[0]
    return {"zh": "zh", "en": "en", "*": DEFAULT}.get(primary)  # type: ignore[return-value]


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def sendable(text: str) -> str:
    """The text with lone surrogates as `?`: what was refused for them is still quoted."""
    return text.encode("utf-8", "replace").decode("utf-8")
