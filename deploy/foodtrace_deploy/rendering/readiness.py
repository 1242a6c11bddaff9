"""What a sample day lacks, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.text import Text

from foodtrace.problems import PROBLEMS
from foodtrace.readiness import Example, Grade, Readiness, Share
from foodtrace_deploy.texts import current, say
from foodtrace_formats.examined import Examined, Refusal
from foodtrace_formats.files import Entry

_SIGNS = {Grade.MUCH: ("✗", "bold yellow"), Grade.SOME: ("·", "")}


def show_readiness(console: Console, name: str, examined: Examined, found: Readiness) -> None:
    """The sample, what would be refused, what is lacking, and the verdict."""
    console.print(Text(name, style="bold"))
    for line in _facts(found):
        console.print(Text("  " + line))
    _show_refusals(console, examined)
    lacking = [share for share in found.shares if share.count]
    if lacking:
        console.print(Text(say("check-lacking"), style="bold"))
    for share in lacking:
        _show_share(console, share, examined.entries)
    if found.events:
        fine = say("check-fine", count=len(found.shares) - len(lacking))
        console.print(Text.assemble(("✓ ", "bold green"), fine))
    console.print(Text(say(f"check-verdict-{found.verdict}"), style="bold"))


def _facts(found: Readiness) -> Iterator[str]:
    if found.events:
        yield say(
            "check-events",
            events=f"{found.events:,}",
            first=found.first_day,
            last=found.last_day,
            kinds=", ".join(f"{say('kind-of-' + kind)} {count:,}" for kind, count in found.kinds),
        )
    if found.repeated:
        yield say("check-repeated", count=f"{found.repeated:,}")
    if found.void:
        yield say("check-void", count=f"{found.void:,}")


def _show_refusals(console: Console, examined: Examined) -> None:
    if not examined.refused:
        console.print(Text.assemble(("✓ ", "bold green"), say("check-none-refused")))
        return
    sentence = say("check-refused", count=f"{examined.refused:,}")
    console.print(Text.assemble(("✗ ", "bold red"), sentence))
    for each in examined.refusals:
        title = _title(each.code)
        line = say("check-refusal", count=f"{each.count:,}", field=each.field, title=title)
        console.print(Text(f"    {line}  [{each.code}]"))
        for place in each.places:
            console.print(
                Text(f"        {place.number}: {place.path}  {place.detail}", style="dim")
            )


def _show_share(console: Console, share: Share, entries: Mapping[UUID, Entry]) -> None:
    rule = share.rule
    sign, style = _SIGNS[share.grade]
    words, advice = (rule.zh, rule.advice_zh) if current() == "zh" else (rule.en, rule.advice_en)
    costs = "" if rule.limit is None else f" ({say(f'effect-{rule.effect}')})"
    figure = f"{share.count:,} / {share.of:,}  {share.count / share.of:7.1%}"
    line = f"{figure:>24}  {words}{costs}"
    console.print(Text.assemble("  ", (sign, style), " ", line))
    if share.grade is Grade.MUCH:
        places = ", ".join(_where(each, entries) for each in share.examples)
        console.print(Text(" " * 30 + "→ " + advice))
        console.print(Text(" " * 30 + say("check-example", places=places), style="dim"))


def _where(example: Example, entries: Mapping[UUID, Entry]) -> str:
    entry = entries.get(example.event_id)
    place = example.path if entry is None else entry.locate(example.path)
    return f"{example.source_event_id} {place}".rstrip()


def _title(code: str) -> str:
    text = PROBLEMS.get(code)
    if text is None:
        return code
    return text.zh if current() == "zh" else text.en


def readiness_json(
    sample: Mapping[str, Any], examined: Examined, found: Readiness
) -> dict[str, Any]:
    """The same for programs; `sample` says what was looked at."""
    return {
        "sample": sample,
        "verdict": found.verdict,
        "events": found.events,
        "repeated": found.repeated,
        "void": found.void,
        "kinds": dict(found.kinds),
        "first_day": found.first_day,
        "last_day": found.last_day,
        "refused": examined.refused,
        "refusals": [_refusal_json(each) for each in examined.refusals],
        "checks": [_share_json(each, examined.entries) for each in found.shares],
    }


def _refusal_json(each: Refusal) -> dict[str, Any]:
    text = PROBLEMS.get(each.code)
    said = {"zh": text.zh, "en": text.en} if text else {}
    return {**asdict(each), **said}


def _share_json(share: Share, entries: Mapping[UUID, Entry]) -> dict[str, Any]:
    rule = share.rule
    return {
        "code": rule.code,
        "grade": share.grade,
        "count": share.count,
        "of": share.of,
        "population": rule.population,
        "effect": rule.effect,
        "limit": None if rule.limit is None else str(rule.limit),
        "zh": rule.zh,
        "en": rule.en,
        "advice": {"zh": rule.advice_zh, "en": rule.advice_en},
        "examples": [{**asdict(each), "place": _where(each, entries)} for each in share.examples],
    }
