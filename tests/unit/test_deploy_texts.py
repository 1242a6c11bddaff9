"""The catalogue: both languages, the same fields, one language by locale."""

from __future__ import annotations

import re
import string

import pytest

from foodtrace_deploy.stack.part import Stage
from foodtrace_deploy.texts import TEXTS, language, say_in

_CHINESE = re.compile(r"[\u3400-\u9fff]")
#: Names that are the same in both languages.
_NAMES = frozenset({"check-python", "check-java", "check-kafka", "check-postgres", "language-utf8"})


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_message_says_the_same_in_both_languages(key: str) -> None:
    text = TEXTS[key]
    assert _fields(text.zh) == _fields(text.en)
    assert not _CHINESE.search(text.en)
    assert text.zh
    # A message of fields and signs alone reads the same everywhere.
    words = re.sub(r"\{\w+\}", "", text.en)
    if key not in _NAMES and re.search(r"[a-z]{2}", words):
        assert _CHINESE.search(text.zh)


@pytest.mark.parametrize(
    ("wish", "environment", "expected"),
    [
        (None, {}, "en"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        (None, {"LANG": "en_US.UTF-8", "FOODTRACE_LANG": "zh"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("zh", {}, "zh"),
    ],
)
def test_the_language_follows_wish_and_locale(
    wish: str | None, environment: dict[str, str], expected: str
) -> None:
    assert language(wish, environment) == expected


def test_a_missing_field_is_an_error() -> None:
    with pytest.raises(KeyError, match="port"):
        say_in("zh", "port-in-use", part="api")


def test_every_stage_has_a_name() -> None:
    assert {f"stage-{stage.value}" for stage in Stage} <= TEXTS.keys()
