"""What is done to whom, and when: a pure function of the seed and the number of kills.

Moments are shares of the events that the doors have accepted, not times: so a schedule is the same
on a fast and on a slow machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from foodtrace_streams.faust_app import SESSION_S

BROKERS = (1, 2, 3)
#: Workers at the start, and from which share of the events on there are how many.
FIRST_WORKERS, MORE_WORKERS, FEWER_WORKERS = 1, 3, 2
MORE_AT, FEWER_AT = 0.2, 0.7
#: Seconds after which our clusters of several give up a silent broker (`broker.session.timeout.ms`).
BROKER_SESSION_S = 6.0


class Sort(StrEnum):
    """What can be done. Those of `KILLS` count as kills; the others come on top of them."""

    KILL = "kill -9"
    FREEZE = "freeze"
    FOREVER = "freeze for good"
    RESTART = "restart"
    CUT = "cut"
    STALL = "stall"
    WORKERS = "workers"
    ERROR_BEFORE = "error before a commit"
    ERROR_AFTER = "error after a commit"
    LOSE = "lose a chunk"
    POISON = "poison"
    TRANSACTIONS = "transactions"
    SOURCE = "new source"
    GROW = "more partitions"
    DEADLY = "deadly record"


KILLS = frozenset({Sort.KILL, Sort.FREEZE, Sort.FOREVER, Sort.RESTART, Sort.CUT, Sort.STALL})
_ERRORS = (Sort.ERROR_BEFORE, Sort.ERROR_AFTER, Sort.LOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something is done to `target` when a share `moment` of the events is accepted.

    It lasts `seconds`; what was killed is started again after them, or by its keeper. Several
    workers and brokers bear their number: "worker-2", "broker-1", the way between a part and
    PostgreSQL is "worker-2-postgres", that from everybody to a broker "broker-1-clients".
    """

    moment: float
    sort: Sort
    target: str
    seconds: float

    def __str__(self) -> str:
        """A line for people."""
        lasts = f" {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.moment:6.1%} {self.sort} {self.target}{lasts}"


#: Longer than the session of a worker or of a broker; a blink.
_LONG, _SHORT = (1.15, 1.6), (0.2, 0.6)

#: What is done at least, the most telling first; a number is put in for "worker" and "broker".
_REPERTOIRE: tuple[tuple[Sort, str, tuple[float, float]], ...] = (
    (Sort.KILL, "worker", (0.0, 0.0)),
    (Sort.KILL, "broker", (1.0, 6.0)),
    (Sort.KILL, "postgres", (0.0, 0.0)),
    (Sort.FREEZE, "worker", _LONG),
    (Sort.CUT, "worker-postgres", (1.0, 6.0)),
    (Sort.KILL, "api", (0.0, 0.0)),
    (Sort.FOREVER, "worker", (0.0, 0.0)),
    (Sort.KILL, "kit-http", (0.0, 0.0)),
    (Sort.KILL, "kit-kafka", (0.0, 0.0)),
    (Sort.FREEZE, "broker", _LONG),
    (Sort.RESTART, "worker", (0.0, 0.0)),
    (Sort.STALL, "worker-postgres", (5.0, 15.0)),
    (Sort.RESTART, "broker", (0.0, 2.0)),
    (Sort.KILL, "broker", (1.0, 6.0)),
    (Sort.FREEZE, "postgres", (3.0, 9.0)),
    (Sort.CUT, "api-postgres", (1.0, 6.0)),
    (Sort.RESTART, "api", (0.0, 0.0)),
    (Sort.KILL, "broker", (10.0, 15.0)),
    (Sort.CUT, "broker-clients", (1.0, 6.0)),
    (Sort.FREEZE, "api", (2.0, 8.0)),
    (Sort.RESTART, "postgres", (0.0, 0.0)),
    (Sort.STALL, "api-postgres", (3.0, 9.0)),
    (Sort.FREEZE, "kit-http", (1.0, 5.0)),
    (Sort.FREEZE, "kit-kafka", (1.0, 5.0)),
    (Sort.STALL, "broker-clients", (3.0, 12.0)),
    (Sort.FREEZE, "worker", _SHORT),
    (Sort.FREEZE, "broker", _SHORT),
    (Sort.KILL, "worker", (0.0, 0.0)),
    (Sort.KILL, "postgres", (0.0, 0.0)),
    (Sort.KILL, "worker", (0.0, 0.0)),
)
#: So many kills, and every sort has met every target that it can meet.
ALL_OF_THEM = len(_REPERTOIRE)


def plan(seed: int, kills: int) -> tuple[Action, ...]:
    """The schedule, in its order; every second of it stands in the seed.

    Raises ValueError for a number of kills below zero.
    """
    if kills < 0:
        raise ValueError(f"{kills} kills")
    chance = Random(f"chaos {seed} {kills}")
    chosen = list(_REPERTOIRE[:kills])
    again = [each for each in _REPERTOIRE if each[0] is not Sort.FOREVER]
    chosen += [chance.choice(again) for _ in range(kills - len(chosen))]
    chance.shuffle(chosen)
    moments = [
        0.02 + 0.94 * (number + chance.uniform(0.15, 0.85)) / kills for number in range(kills)
    ]
    _let_one_go_late(chosen, moments)
    numbered = _Numbers(chance)
    made = [numbered.action(moment, *each) for moment, each in zip(moments, chosen, strict=True)]
    return tuple(sorted([*made, *_beside(chance, kills, made)], key=lambda each: each.moment))


def workers_at(moment: float) -> int:
    """How many workers there are when that share of the events is accepted."""
    if moment < MORE_AT:
        return FIRST_WORKERS
    return MORE_WORKERS if moment < FEWER_AT else FEWER_WORKERS


class _Numbers:
    """Puts in which worker or broker is meant, and for how long."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._brokers: dict[Sort, list[int]] = {}

    def action(
        self, moment: float, sort: Sort, target: str, seconds: tuple[float, float]
    ) -> Action:
        part, _, rest = target.partition("-")
        if part == "worker":
            target = "-".join(filter(None, (part, str(self._worker(moment, sort)), rest)))
        if part == "broker":
            target = "-".join(filter(None, (part, str(self._broker(sort)), rest)))
        session = (
            {"worker": SESSION_S, "broker": BROKER_SESSION_S}[part]
            if seconds
            in (
                _LONG,
                _SHORT,
            )
            else 1.0
        )
        lasts = round(session * self._chance.uniform(*seconds), 1)
        return Action(moment=moment, sort=sort, target=target, seconds=lasts)

    def _worker(self, moment: float, sort: Sort) -> int:
        last = MORE_WORKERS - 1
        return last if sort is Sort.FOREVER else self._chance.randrange(workers_at(moment))

    def _broker(self, sort: Sort) -> int:
        # Every broker has its turn before one has a second.
        left = self._brokers.setdefault(sort, [])
        if not left:
            left += BROKERS
            self._chance.shuffle(left)
        return left.pop()


def _let_one_go_late(
    chosen: list[tuple[Sort, str, tuple[float, float]]], moments: list[float]
) -> None:
    """The worker that is frozen for good is one of three, of which two stay."""
    for number, (sort, _, _) in enumerate(chosen):
        if sort is Sort.FOREVER:
            late = min(range(len(moments)), key=lambda slot: abs(moments[slot] - FEWER_AT))
            chosen[number], chosen[late] = chosen[late], chosen[number]
            moments[late] = FEWER_AT
            moments.sort()
            return


def _beside(chance: Random, kills: int, made: list[Action]) -> list[Action]:
    """What isn't a kill: workers come and go, errors, poison, transactions, topics that grow."""

    def some(sort: Sort, count: int, target: str = "-") -> list[Action]:
        moments = [0.05 + 0.9 * (n + chance.random()) / count for n in range(count)]
        return [Action(moment=each, sort=sort, target=target, seconds=0.0) for each in moments]

    beside = [
        Action(moment=MORE_AT, sort=Sort.WORKERS, target=str(MORE_WORKERS), seconds=0.0),
        Action(moment=0.3, sort=Sort.SOURCE, target="-", seconds=0.0),
        # Early, for it takes two workers and three children with it before it goes aside.
        Action(moment=0.21, sort=Sort.DEADLY, target="-", seconds=0.0),
        Action(moment=0.45, sort=Sort.GROW, target="-", seconds=0.0),
        *some(Sort.POISON, 3),
        *some(Sort.TRANSACTIONS, 3),
    ]
    if not any(each.sort is Sort.FOREVER for each in made):
        fewer = Action(moment=FEWER_AT, sort=Sort.WORKERS, target=str(FEWER_WORKERS), seconds=0.0)
        beside.append(fewer)
    for number in range(max(2, kills // 4)):
        (error,) = some(_ERRORS[number % len(_ERRORS)], 1)
        worker = chance.randrange(workers_at(error.moment))
        beside.append(replace(error, target=f"worker-{worker}"))
    return beside
