"""Two reports of one trade: one trade in the sums, both visible.

Reports meet on the seller as written and the trade's number. Whose figure counts for what went out
and what came in is settled per line: the giver's own report for the one, the taker's for the other,
and without those whoever comes next in `_OUT` or `_IN`. A line speaks for another one if both are
of one lot, or of one product or batch and no code of theirs differs, so a report without codes
speaks for all lots of its product. Reports of one teller never stand for each other: it may send
one trade in several documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from foodtrace.codes import canonical
from foodtrace.effects import Direction, Movement
from foodtrace.events import Event
from foodtrace.events.envelope import Aspect
from foodtrace.events.side import Side
from foodtrace.lots import LotKind

_GIVERS = ("seller", "issuer", "returner", "origin", "holder")
_TAKERS = ("buyer", "receiver", "destination")


class Voice(StrEnum):
    """Who tells of a trade: a party itself, or a third one of what was shipped or received."""

    GIVER = "a"
    SHIPPED = "b"
    RECEIVED = "c"
    TAKER = "d"


@dataclass(frozen=True, slots=True)
class Meeting:
    """The trade a document tells of (giver as written, trade number), by whom."""

    giver: str
    trade_no: str
    voice: Voice
    source: str


def sides(event: Event) -> tuple[Side | None, Side | None]:
    """Who gives and who takes; a document of one party has only a giver."""
    giver = next((side for name in _GIVERS if (side := getattr(event, name, None))), None)
    taker = next((side for name in _TAKERS if (side := getattr(event, name, None))), None)
    return giver, taker


def meeting_of(event: Event) -> Meeting | None:
    """The trade that others may report too; None for documents of one party or without a number."""
    giver, taker = sides(event)
    envelope = event.envelope
    if envelope.trade_no is None or giver is None or taker is None:
        return None
    voice = _voice(envelope.reporter, envelope.aspect, giver, taker)
    return Meeting(giver.holder, canonical(envelope.trade_no), voice, envelope.source)


def _voice(reporter: str | None, aspect: Aspect, giver: Side, taker: Side) -> Voice:
    shipped = aspect is Aspect.SHIPPED
    name = None if reporter is None else canonical(reporter)
    own = [side for side in (giver, taker) if side.holder == name]
    if len(own) == 1:
        return Voice.GIVER if own[0] is giver else Voice.TAKER
    if own:
        return Voice.GIVER if shipped else Voice.TAKER
    return Voice.SHIPPED if shipped else Voice.RECEIVED


@dataclass(frozen=True, slots=True)
class Told:
    """A movement and the trade it is told of, if any."""

    movement: Movement
    meeting: Meeting | None


def precedence(direction: Direction, voice: Voice, source: str) -> tuple[int, str]:
    """Whose word comes first, lowest first: the giver's for what goes out, the taker's for what
    comes in; between equals the source whose name sorts first."""
    order = list(Voice)
    place = order.index(voice)
    return (len(order) - place if direction is Direction.OPENED else place, source)


def speaks_for(one: Movement, other: Movement) -> bool:
    """Whether two reported movements are of the same goods going the same way."""
    if (one.direction, one.dimension) != (other.direction, other.dimension):
        return False
    if (one.lot.holder, one.lot.location) != (other.lot.holder, other.lot.location):
        return False
    if one.lot == other.lot:
        return True
    named = one.product == other.product or (one.batch != "" and one.batch == other.batch)
    return named and _agree(one.batch, other.batch) and _agree(_code(one), _code(other))


def _agree(one: str, other: str) -> bool:
    return one == other or "" in (one, other)


def _code(movement: Movement) -> str:
    return movement.lot.code if movement.lot.kind is LotKind.TRACE else ""


def counted(told: Iterable[Told]) -> list[Movement]:
    """The movements that count: of several reports of one trade the one that comes first."""
    groups: dict[tuple[str, str], list[Told]] = defaultdict(list)
    counting: list[Movement] = []
    for each in told:
        if each.meeting is None:
            counting.append(each.movement)
        else:
            groups[each.meeting.giver, each.meeting.trade_no].append(each)
    for group in groups.values():
        counting += [each.movement for each in group if not _overruled(each, group)]
    return counting


def _overruled(one: Told, group: Sequence[Told]) -> bool:
    mine = _precedence(one)
    return any(
        _precedence(other) < mine and speaks_for(one.movement, other.movement) for other in group
    )


def _precedence(told: Told) -> tuple[int, str]:
    assert told.meeting is not None
    return precedence(told.movement.direction, told.meeting.voice, told.meeting.source)
