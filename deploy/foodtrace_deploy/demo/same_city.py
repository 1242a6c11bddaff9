"""One data folder, one city: two cities give the same ids to different documents.

A durable ledger keeps the day of the demo that was first run on it. What that day was is noted in
the data folder, with a digest of its documents, so that another seed, size or release is told
apart before anything is pushed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from foodtrace_city import City, Scale
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.stack import Running

NOTE = "demo-city.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A city's opening and first day: how many documents, and SHA-256 over them."""

    seed: int
    events: int
    digest: str


def day_of(seed: int, scale: Scale) -> Day:
    """Play the day away to count and digest its documents."""
    city = City(seed, scale)
    events, digest = 0, sha256()
    for document in city.day(city.first_day):
        events += 1
        digest.update(document.line().encode())
    return Day(seed=seed, events=events, digest=digest.hexdigest())


def keep_to(running: Running, day: Day) -> None:
    """Note the day on its first run; raises StackProblem where the folder holds another one."""
    if running.broker_kind == "memory":
        return
    file = running.data / NOTE
    before = _read(file)
    if before is None:
        file.write_text(json.dumps(asdict(day), indent=2) + "\n")
    elif before != day:
        raise StackProblem(
            "demo-other-city", folder=running.data, seed=before.seed, events=before.events
        )


def _read(file: Path) -> Day | None:
    try:
        return Day(**json.loads(file.read_text()))
    except FileNotFoundError:
        return None
