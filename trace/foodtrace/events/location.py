"""Location (经营场所): a place in a tree of region, market and stall; chain and store; platform and shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from foodtrace.codes import canonical
from foodtrace.effects import Effects, MasterFact, Occupancy
from foodtrace.events.envelope import Envelope
from foodtrace.events.master import Alias, alias_facts, attributes
from foodtrace.events.side import Side
from foodtrace.problems import InvalidValue
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, checked, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place, what it is part of, and who occupies it since when."""

    kind: ClassVar[str] = "location"

    envelope: Envelope
    location: str
    name: str
    location_kind: str
    parent: str | None = None
    occupant: str | None = None
    occupied_from: date | None = None
    occupied_to: date | None = None
    region: str | None = None
    aliases: tuple[Alias, ...] = ()

    def __post_init__(self) -> None:
        """Raise InvalidValue for texts or a span that can't be."""
        checked(self.location, "location", CODE_LIMIT)
        checked(self.name, "name", NAME_LIMIT)
        checked(self.location_kind, "location_kind", CODE_LIMIT)
        for name in ("parent", "occupant", "region"):
            optional(getattr(self, name), name, CODE_LIMIT)
        if self.occupied_from and self.occupied_to and self.occupied_to < self.occupied_from:
            detail = f"{self.occupied_from} .. {self.occupied_to}"
            raise InvalidValue("date.impossible", detail, "occupied_to")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """A place may be described by any source."""
        return ()

    def effects(self) -> Effects:
        """Its name, place in the tree, occupant and aliases."""
        facts = attributes(
            location_kind=self.location_kind,
            # In the form in which places are compared, so that the tree can be looked up by it.
            parent=canonical(self.parent) if self.parent else None,
            occupant=canonical(self.occupant) if self.occupant else None,
            occupied_from=self.occupied_from.isoformat() if self.occupied_from else None,
            occupied_to=self.occupied_to.isoformat() if self.occupied_to else None,
            region=canonical(self.region) if self.region else None,
        )
        return Effects(
            masters=(MasterFact(0, "location", canonical(self.location), self.name, facts),),
            aliases=alias_facts("location", self.location, self.aliases),
            occupancies=self._occupancies(),
        )

    def _occupancies(self) -> tuple[Occupancy, ...]:
        if self.occupant is None:
            return ()
        place, who = canonical(self.location), canonical(self.occupant)
        return (Occupancy(0, place, who, self.occupied_from, self.occupied_to),)
