"""One side of a document: a party, or what is known of one that isn't identified."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace.codes import canonical
from foodtrace.problems import InvalidValue
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, optional

_TRACES = ("claimed_name", "vehicle_plate", "phone_digest", "document_digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Who holds, gives or takes, and where.

    `party` is the id as written. An unidentified side is kept with its claimed name, vehicle plate
    or the digests of a phone number or document: it is the evidence. `owner` differs from the
    holder in slaughter on commission.
    """

    party: str | None = None
    claimed_name: str | None = None
    phone_digest: str | None = None
    vehicle_plate: str | None = None
    document_digest: str | None = None
    owner: str | None = None
    location: str | None = None
    role: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue when nothing at all is known of the side."""
        optional(self.party, "party", CODE_LIMIT)
        for name in ("owner", "location", "role"):
            optional(getattr(self, name), name, CODE_LIMIT)
        for name in _TRACES:
            optional(getattr(self, name), name, NAME_LIMIT)
        if self.party is None and not any(getattr(self, name) for name in _TRACES):
            raise InvalidValue("side.unidentified", "", "party")

    @property
    def holder(self) -> str:
        """The holder in a lot's key: the party, or "?" and what is known, in a fixed order."""
        if self.party is not None:
            return canonical(self.party)
        known = (getattr(self, name) for name in _TRACES)
        return "?" + "|".join(canonical(value) for value in known if value)

    @property
    def proprietor(self) -> str | None:
        """The owner's id in canonical form, where somebody else than the holder owns the goods."""
        if self.owner is None or canonical(self.owner) == self.holder:
            return None
        return canonical(self.owner)

    @property
    def place(self) -> str:
        """The location in a lot's key, "" when none is stated."""
        return canonical(self.location) if self.location else ""
