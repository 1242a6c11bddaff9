"""Papers that travel with goods: certificates, test reports, import documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from foodtrace.problems import InvalidValue
from foodtrace.quantity import Quantity
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, checked, optional


class Verification(StrEnum):
    """Who has looked at the paper; only the issuer's word confirms it."""

    DECLARED = "declared"
    SEEN = "seen"
    CONFIRMED_BY_ISSUER = "confirmed_by_issuer"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper by kind and number, what it covers and where it is good."""

    kind: str
    number: str
    issuer: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    covered_quantity: Quantity | None = None
    scope: str | None = None
    destination: str | None = None
    image_digest: str | None = None
    verification: Verification = Verification.DECLARED

    def __post_init__(self) -> None:
        """Raise InvalidValue for texts or dates that can't be."""
        checked(self.kind, "kind", CODE_LIMIT)
        checked(self.number, "number", CODE_LIMIT)
        for name in ("issuer", "scope", "destination", "image_digest"):
            optional(getattr(self, name), name, NAME_LIMIT)
        if self.issued_on and self.valid_until and self.valid_until < self.issued_on:
            detail = f"{self.issued_on} .. {self.valid_until}"
            raise InvalidValue("date.impossible", detail, "valid_until")
