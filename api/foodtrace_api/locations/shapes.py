"""Answers about locations; their parts are the ledger's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foodtrace.places import Gap, Overlap
from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.locations import Child, Occupant
from foodtrace_ledger.parties import AliasView, NameView
from foodtrace_ledger.places import PlaceView
from foodtrace_ledger.tenants import TenantView


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationAnswer:
    """A location on the day `at`: `above` is what it is part of, nearest first.

    `occupants` sit there on that day, `history` has all tenants known; days on which two sat there
    (`overlaps`) and days between tenants with none (`gaps`) are said. Who doesn't see the chain is
    told of its own tenancies, and of those that it reported itself: `limited`.
    """

    place: PlaceView
    at: date
    registered: bool
    region: str | None
    above: list[PlaceView]
    children: int
    names: list[NameView]
    aliases: list[AliasView]
    occupants: list[Occupant]
    history: list[TenantView]
    overlaps: list[Overlap]
    gaps: list[Gap]
    limited: bool
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenAnswer:
    """A page of what stands in a location on the day `at`, by depth and id; `count` counts all
    pages, `next` null says that it is the last one. Occupants as in the answer of one location."""

    location: str
    at: date
    children: list[Child]
    count: int
    next: str | None
    limited: bool
    completeness: Completeness
