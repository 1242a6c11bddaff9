"""`foodtrace papers` and `foodtrace voucher` in the terminal: both languages, empty states, no green
that nobody confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib.resources import files
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from foodtrace.events.inspection import Subject
from foodtrace.inspections import State
from foodtrace.papers import PASSAGES, Operation, Passage, Why
from foodtrace_deploy.rendering.papers import show_papers
from foodtrace_deploy.rendering.voucher import show_voucher
from foodtrace_deploy.texts import TEXTS, speak

Json = dict[str, Any]


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    chosen = str(request.param)
    speak(chosen)
    yield chosen
    speak(None)


def shown(show: Callable[[Console], None]) -> str:
    out = StringIO()
    show(Console(file=out, width=200, highlight=False, soft_wrap=True, color_system=None))
    return out.getvalue()


def example(name: str) -> Json:
    """What the door says, as documented."""
    text = (files("foodtrace_api.examples") / f"{name}.json").read_text("utf-8")
    found: Json = json.loads(text)
    return found


def lot_told() -> Json:
    """A lot as the command puts it together."""
    return {**example("papers"), "inspection": example("inspections")}


def test_papers_say_whence_and_what_they_cover(language: str) -> None:
    text = shown(lambda console: show_papers(console, [lot_told()], 3))
    assert "H1 (STALL)" in text
    assert "100 / 100 kg" in text
    assert {"zh": "分割后沿用", "en": "passed cutting"}[language] in text
    assert {"zh": "不得销售", "en": "condemned"}[language] in text
    assert {"zh": "另有 3 个", "en": "3 more hands"}[language] in text


def test_parties_are_told_by_name_beside_the_id_one_asks_with(language: str) -> None:
    names = [
        {"party": party, "party_name": name, "party_now": None}
        for party, name in (("SHOP", "示例超市"), ("STALL", "鲜肉摊"), ("MAKER", "示例乳业"))
    ]
    text = shown(lambda console: show_papers(console, [lot_told() | {"names": names}], 0))
    assert "示例超市 (SHOP)" in text
    assert "H1 (鲜肉摊)" in text
    text = shown(lambda console: show_voucher(console, example("voucher") | {"names": names}))
    assert "示例乳业" in text
    assert "MAKER" not in text


def test_gaps_faults_and_what_is_hidden_are_told(language: str) -> None:
    told = lot_told()
    told["papers"] = [
        told["papers"][0] | {"faults": ["paper.expired"], "green": False, "lot": None}
    ]
    told["missing"] = [
        {
            "any_of": ["asf_test"],
            "zh": "非洲猪瘟检测报告",
            "en": "ASF test",
            "why": why,
            "operation": operation,
            "lot": None,
            "own": True,
            "certain": False,
        }
        for why, operation in (("not_shown", None), ("new_due", "mix"))
    ]
    told["inspection"] = deepcopy(told["inspection"]) | {
        "context": [{"kind": "product", "subject": "P", "state": "suspended"}],
        "condemned": [{"lot": told["lot"], "certain": sure} for sure in (True, False)],
    }
    text = shown(lambda console: show_papers(console, [told], 0))
    assert {"zh": "已过有效期", "en": "had expired"}[language] in text
    assert {"zh": "经混装后须重新开具", "en": "due anew after mixing"}[language] in text
    assert {"zh": "可能含有", "en": "may be in it"}[language] in text


def test_nobody_holds_it_or_it_has_no_papers(language: str) -> None:
    assert {"zh": "没有符合", "en": "nobody"}[language] in shown(lambda c: show_papers(c, [], 0))
    bare = lot_told() | {"papers": []}
    assert {"zh": "没有证明", "en": "no papers"}[language] in shown(
        lambda console: show_papers(console, [bare], 0)
    )


def test_only_what_the_issuer_confirmed_is_green() -> None:
    speak("en")
    out = StringIO()
    console = Console(file=out, width=200, force_terminal=True, color_system="standard")
    show_papers(console, [lot_told()], 0)
    lines = [line for line in out.getvalue().splitlines() if "kg" in line or "A1" in line]
    green = [line for line in lines if "\x1b[32m" in line]
    assert len(lines) == 3
    assert len(green) == 1
    assert "confirmed by its issuer" in green[0]


def test_a_voucher_is_told_whole(language: str) -> None:
    voucher = example("voucher")
    text = shown(lambda console: show_voucher(console, voucher))
    assert "SZ-1" in text
    assert {"zh": "账面结存", "en": "book stock"}[language] in text
    many = voucher | {"movement_count": len(voucher["movements"]) + 969, "limited": True}
    assert "969" in shown(lambda console: show_voucher(console, many))
    nothing: Json = {name: [] for name in ("stock", "movements", "makings", "papers", "cited_by")}
    bare = voucher | nothing | {"movement_count": 0, "inspections": [], "receiver": "B"}
    text = shown(lambda console: show_voucher(console, bare))
    assert text.count({"zh": "  无", "en": "  none"}[language]) == 6


def test_every_code_of_the_tables_has_its_words() -> None:
    noted = {op for (_, op), passage in PASSAGES.items() if passage is Passage.NOTE}
    due = {op for (_, op), passage in PASSAGES.items() if passage is Passage.NEW_DUE}
    wanted = {f"paper-note-{each}" for each in noted} | {f"operation-{each}" for each in due}
    wanted |= {f"state-{each}" for each in State} | {f"missing-{each}" for each in Why}
    wanted |= {f"context-{each}" for each in Subject}
    assert wanted <= set(TEXTS)
    assert Operation.HANDOVER not in noted | due
