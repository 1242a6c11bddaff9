"""One demo from an empty ledger, or a full one, to its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from foodtrace_city import City, Scale
from foodtrace_client import Client
from foodtrace_deploy.demo import figures, show
from foodtrace_deploy.demo.figures import Times
from foodtrace_deploy.demo.play import Door, Played, play
from foodtrace_deploy.demo.recall import Recall, recall
from foodtrace_deploy.demo.receipt import Traced, trace
from foodtrace_deploy.demo.same_city import Day, day_of, keep_to
from foodtrace_deploy.demo.verdict import Verdict, judge
from foodtrace_deploy.stack.stack import Running
from foodtrace_deploy.texts import current, say

CASES = ("cheese", "pork")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a demo found out."""

    seed: int
    played: Played
    recalls: Mapping[str, Recall]
    verdicts: Mapping[str, Verdict]
    traced: Traced
    recall_times: Mapping[str, Times]
    visible: Times
    memory: Mapping[str, int]

    @property
    def exact(self) -> bool:
        """Whether every recall is exact, nothing was refused, and the receipt leads to its farms."""
        return (
            all(verdict.exact for verdict in self.verdicts.values())
            and self.played.refused == 0
            and self.traced.exact
        )

    def as_object(self) -> dict[str, Any]:
        """The figures for JSON; amounts as text, times in milliseconds, memory in bytes."""
        played = self.played
        return {
            "exact": self.exact,
            "seed": self.seed,
            "events": played.events,
            "lines": played.lines,
            "lines_without_codes": played.uncoded,
            "sources": played.sources,
            "accepted": played.accepted,
            "duplicates": played.duplicates,
            "refused": played.refused,
            "seconds": round(played.seconds, 3),
            "events_per_second": round(played.events_per_second, 1),
            "lines_per_second": round(played.lines_per_second, 1),
            "recalls": {name: self._recall(name) for name in self.recalls},
            "receipt": {
                "code": self.traced.code,
                "farms": self.traced.expected,
                "found": self.traced.farms,
                "exact": self.traced.exact,
            },
            "visible_ms": self.visible.as_object(),
            "memory_bytes": dict(self.memory),
        }

    def _recall(self, name: str) -> dict[str, Any]:
        verdict = self.verdicts[name]
        return {
            "exact": verdict.exact,
            "batch": self.recalls[name].batch,
            "sellers": verdict.sellers,
            "found": verdict.found,
            "extra": verdict.extra,
            "possible": verdict.possible,
            "wrong_amounts": list(verdict.wrong),
            "units": str(verdict.units),
            "units_found": str(verdict.units_found),
            "dates": verdict.dates,
            "source": verdict.source,
            "first_ms": round(self.recalls[name].milliseconds, 2),
            "ms": self.recall_times[name].as_object(),
        }


def run(running: Running, seed: int, scale: Scale, console: Console) -> Outcome:
    """Play the city's day on a running stack and check what it answers; tells the console.

    Raises StackProblem `demo-other-city`, and an ApiError of the client when the stack doesn't
    answer.
    """
    city = City(seed, scale)
    sentence = say(
        "demo-city",
        day=city.first_day,
        seed=seed,
        sites=f"{city.site_count:,}",
        sources=len(city.sources),
    )
    console.print(sentence, style="bold")
    day = day_of(seed, scale)
    keep_to(running, day)
    played = _play(running, city, day, console)
    show.show_played(console, played)
    recalls: dict[str, Recall] = {}
    verdicts: dict[str, Verdict] = {}
    with (
        Client(running.api_url, running.keys["inspector"], language=current()) as inspector,
        Client(running.api_url, running.keys["ops"], language=current()) as staff,
        Client(running.api_url, language=current()) as public,
    ):
        for name in CASES:
            incident = city.oracle.incident(name)
            recalls[name] = recall(inspector, incident)
            verdicts[name] = judge(recalls[name], incident)
            show.show_recall(console, recalls[name], incident, verdicts[name])
        traced = trace(public, city)
        show.show_receipt(console, traced)
        times = figures.recall_times(inspector, {n: told.batch for n, told in recalls.items()})
        visible = figures.visible_times(staff)
    memory = figures.memory(running.data)
    show.show_figures(console, times, visible, memory)
    return Outcome(
        seed=seed,
        played=played,
        recalls=recalls,
        verdicts=verdicts,
        traced=traced,
        recall_times=times,
        visible=visible,
        memory=memory,
    )


def _play(running: Running, city: City, day: Day, console: Console) -> Played:
    door = Door(url=running.api_url, staff_key=running.keys["ops"])
    with _bar(console) as bar:
        task = bar.add_task(say("demo-pushing"), total=day.events)
        return play(city, door, lambda more: bar.advance(task, more))


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
