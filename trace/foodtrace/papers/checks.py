"""Whether a paper holds: in time, in place, for so much; and who has confirmed it.

All over plain values, so that each reader brings its own rows. Days are business days; provinces
are the first two digits of GB/T 2260.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from foodtrace.events.paper import Verification
from foodtrace.papers.kinds import Scope, scope_of
from foodtrace.species import species_of

_REGION_DIGITS = 2


def province_of(region: str | None) -> str | None:
    """The province of a region code of GB/T 2260 (350203 -> 35), None where there is none."""
    if region is None:
        return None
    head = region.strip()[:_REGION_DIGITS]
    return head if len(head) == _REGION_DIGITS and head.isascii() and head.isdigit() else None


def expired(valid_until: date | None, sold: Iterable[date]) -> tuple[date, ...]:
    """The days of sale on which the paper was no longer valid; its last day is included."""
    if valid_until is None:
        return ()
    return tuple(sorted({day for day in sold if day > valid_until}))


def wrong_scope(
    kind: str, scope: str | None, home: str | None, places: Iterable[str | None]
) -> tuple[str, ...]:
    """The provinces in which goods were held or sold although the paper is good in `home` alone.

    农业农村部公告 119 (2019): a strip test of African swine fever is good inside the province only;
    B forms of the quarantine certificate likewise. An unknown province proves nothing.
    """
    if scope_of(kind, scope) is not Scope.IN_PROVINCE or home is None:
        return ()
    return tuple(sorted({place for place in places if place is not None and place != home}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Goods of one lot under a paper, in millionths by dimension.

    `received` is what came with the paper, `opened` all that ever came in, `left` what went on to
    others or into other lots (sold, retail, used, moved).
    """

    received: Mapping[str, int] = field(default_factory=dict)
    opened: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)

    def amount(self, dimension: str) -> int:
        """How much was dealt in under the paper: what came with it, or the more that left.

        What came in without this paper may have left without it too, so it is taken off first.
        """
        received = self.received.get(dimension, 0)
        otherwise = max(0, self.opened.get(dimension, 0) - received)
        return max(received, self.left.get(dimension, 0) - otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What was dealt in under a paper against what it covers, in one dimension."""

    dimension: str
    covered: int
    used: int

    @property
    def over(self) -> bool:
        """Whether it is more than the paper covers."""
        return self.used > self.covered


def drawn(covered: Collection[tuple[str, int]], uses: Iterable[Use]) -> Drawn | None:
    """How much was dealt in under a paper, all lots together that it was first shown with.

    Lots that got their goods from another of these lots are to be left out: their share is in it.
    Documents that state the covered quantity differently are read at the largest. None where the
    paper covers no stated quantity, or where none of the goods is measured in its unit.
    """
    dimensions = {dimension for dimension, _ in covered}
    if len(dimensions) != 1:
        return None
    (dimension,) = dimensions
    every = tuple(uses)
    if not any(dimension in {*use.received, *use.left} for use in every):
        return None
    limit = max(amount for _, amount in covered)
    return Drawn(
        dimension=dimension, covered=limit, used=sum(use.amount(dimension) for use in every)
    )


def overdrawn(covered: Collection[tuple[str, int]], uses: Iterable[Use]) -> Drawn | None:
    """The same where it is more than the paper covers, else None."""
    found = drawn(covered, uses)
    return found if found is not None and found.over else None


def two_species(categories: Iterable[str | None]) -> tuple[str, ...]:
    """The species under one certificate where they are several, else none."""
    species = {found for each in categories if (found := species_of(each)) is not None}
    return tuple(sorted(species)) if len(species) > 1 else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a paper stands: the flags against it, and whether its issuer has confirmed it."""

    faults: tuple[str, ...]
    verification: str

    @property
    def green(self) -> bool:
        """Only what the issuer confirmed and nothing speaks against; declared or seen isn't."""
        return not self.faults and self.verification == Verification.CONFIRMED_BY_ISSUER


def standing(
    verification: str,
    *,
    sold_after: Collection[date] = (),
    outside: Collection[str] = (),
    drawn: Drawn | None = None,
    species: Collection[str] = (),
) -> Standing:
    """The standing of a paper from what `expired`, `wrong_scope`, `drawn`, `two_species` found."""
    against = {
        "paper.rejected": verification == Verification.REJECTED,
        "paper.expired": bool(sold_after),
        "paper.wrong-scope": bool(outside),
        "paper.overdrawn": drawn is not None and drawn.over,
        "paper.two-species": bool(species),
    }
    return Standing(
        faults=tuple(code for code, holds in against.items() if holds), verification=verification
    )
