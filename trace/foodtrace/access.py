"""Who may say what and see what: rules over values, asked by every door.

Writing: a key speaks under its own source, for the parties it stands for. Reading: a party sees
its own and one step up and down the chain, a reporter what it sent, an inspector the chain, the
public what the law shows of one receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import TypeVar

from foodtrace.codes import canonical
from foodtrace.events import Event
from foodtrace.events.side import Side
from foodtrace.problems import TheirFault


class Role(StrEnum):
    """What kind of key asks; `public` asks without one."""

    PUBLIC = "public"
    PARTY = "party"
    REPORTER = "reporter"
    INSPECTOR = "inspector"
    OPS = "ops"
    ADMIN = "admin"


#: Roles that push under any source and see and do everything of their trade.
STAFF = frozenset({Role.OPS, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a role and what its key stands for."""

    role: Role
    party: str | None = None
    source: str | None = None
    reporter: str | None = None

    @property
    def holder(self) -> str | None:
        """The party as it stands in a lot's key."""
        return None if self.party is None else canonical(self.party)


PUBLIC = Caller(role=Role.PUBLIC)

#: Whether the reporter may speak for that side on that business day.
Mandated = Callable[[Side, date], bool]


def check_push(caller: Caller, event: Event, mandated: Mandated) -> None:
    """Raise TheirFault, with the field's path, unless the caller may report the event.

    A party speaks for itself, a reporter for those whose mandate it holds on the business day;
    both only under their key's source. What speaks for a source alone (voids, products, places)
    is free within it. Inspectors whose key has a source report inspections;
    resolutions of dead letters are staff's to report; ops and admin report anything.
    """
    if caller.role in STAFF:
        return
    rule = _RULES.get(caller.role)
    if rule is None or caller.source is None:
        raise TheirFault("auth.forbidden", f"this {caller.role} key reports nothing")
    if event.kind == "resolution":
        # What is done about a letter goes together with a note of it, at a door of its own.
        raise TheirFault("push.not-allowed", "see /v1/dead-letters", "kind")
    if event.envelope.source != caller.source:
        raise TheirFault("event.wrong-source", event.envelope.source, "envelope.source")
    rule(caller, event, mandated)


def _party(caller: Caller, event: Event, _mandated: Mandated) -> None:
    speakers = event.speakers
    if speakers and not any(side.holder == caller.holder for side in speakers):
        raise TheirFault("push.not-allowed", speakers[0].holder, speaker_path(event))


def _reporter(caller: Caller, event: Event, mandated: Mandated) -> None:
    reporter = event.envelope.reporter
    if reporter is not None and reporter != caller.reporter:
        raise TheirFault("push.not-allowed", reporter, "envelope.reporter")
    day = event.envelope.business_date
    if event.speakers and not any(mandated(side, day) for side in event.speakers):
        raise TheirFault("push.no-mandate", event.speakers[0].holder, speaker_path(event))


def _inspector(_caller: Caller, event: Event, _mandated: Mandated) -> None:
    if event.kind != "inspection":
        raise TheirFault("push.not-allowed", "inspectors report inspections", "kind")


_RULES: Mapping[Role, Callable[[Caller, Event, Mandated], None]] = {
    Role.PARTY: _party,
    Role.REPORTER: _reporter,
    Role.INSPECTOR: _inspector,
}


def speaker_path(event: Event) -> str:
    """The path of the party in whose name an event speaks, such as `seller.party`."""
    for field in fields(event):
        if any(getattr(event, field.name) is side for side in event.speakers):
            return f"{field.name}.party"
    return "envelope.source"


class Sight(StrEnum):
    """How far a role looks along the chain."""

    CHAIN = "chain"
    STEP = "step"
    SENT = "sent"
    NOTHING = "nothing"


_SIGHT: Mapping[Role, Sight] = {
    Role.PUBLIC: Sight.NOTHING,
    Role.PARTY: Sight.STEP,
    Role.REPORTER: Sight.SENT,
    Role.INSPECTOR: Sight.CHAIN,
    Role.OPS: Sight.CHAIN,
    Role.ADMIN: Sight.CHAIN,
}


def sight_of(role: Role) -> Sight:
    """What a role sees of lots, batches, vouchers and events; receipts have their own public view."""
    return _SIGHT[role]


Lot = TypeVar("Lot")


def seen_links(
    own: Collection[Lot], nodes: Collection[Lot], links: Sequence[tuple[Lot, Lot]]
) -> list[bool]:
    """For each link whether a party sees it: one of its ends is its own lot.

    The node of a relabelling (`nodes`) is nobody's: beside an own lot it is seen through, so that
    who gave and who got are one step apart.
    """
    mine = set(own)
    mine |= {end for link in links if mine & set(link) for end in link if end in nodes}
    return [parent in mine or child in mine for parent, child in links]


def sides_of(event: Event) -> tuple[Side, ...]:
    """Every side that a document names, speaking or not."""
    values = (getattr(event, field.name) for field in fields(event))
    return (*event.speakers, *(value for value in values if isinstance(value, Side)))


def sees_event(caller: Caller, event: Event) -> bool:
    """Whether the caller may read a document: inspectors and staff all, a party those that name
    it, and like a reporter those that came under its source."""
    sight = sight_of(caller.role)
    if sight in (Sight.CHAIN, Sight.NOTHING):
        return sight is Sight.CHAIN
    if caller.source is not None and event.envelope.source == caller.source:
        return True
    return sight is Sight.STEP and any(side.holder == caller.holder for side in sides_of(event))
