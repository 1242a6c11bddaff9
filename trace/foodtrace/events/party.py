"""Party (经营主体): who makes, holds or sells food."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from foodtrace.codes import canonical
from foodtrace.effects import Effects, MasterFact
from foodtrace.events.envelope import Envelope
from foodtrace.events.master import Alias, alias_facts, attributes
from foodtrace.events.side import Side
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, checked, optional


class PartyKind(StrEnum):
    """What a party is; identifiers differ with it."""

    ENTERPRISE = "enterprise"
    INDIVIDUAL_BUSINESS = "individual_business"
    PERSON = "person"
    FOREIGN = "foreign"
    OUTSIDE = "outside"
    UNIDENTIFIED = "unidentified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party under its internal id; USCC, licence, market code and GLN are aliases with dates.

    No personal data: for a person `name` is the trade name or a random id.
    """

    kind: ClassVar[str] = "party"

    envelope: Envelope
    party: str
    name: str
    party_kind: PartyKind
    node_kind: str | None = None
    aliases: tuple[Alias, ...] = ()
    region: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue for texts that can't be."""
        checked(self.party, "party", CODE_LIMIT)
        checked(self.name, "name", NAME_LIMIT)
        optional(self.node_kind, "node_kind", CODE_LIMIT)
        optional(self.region, "region", CODE_LIMIT)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (Side(party=self.party),)

    def effects(self) -> Effects:
        """Its name and aliases."""
        facts = attributes(party_kind=self.party_kind, node_kind=self.node_kind, region=self.region)
        master = MasterFact(0, "party", canonical(self.party), self.name, facts)
        return Effects(masters=(master,), aliases=alias_facts("party", self.party, self.aliases))
