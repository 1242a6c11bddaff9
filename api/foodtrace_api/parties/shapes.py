"""Answers about parties; their parts are the ledger's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foodtrace.unidentified import Known
from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.answers import Document
from foodtrace_ledger.parties import AliasView, MergeView, NameView
from foodtrace_ledger.places import PlaceView
from foodtrace_ledger.tenants import TenantView


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFound:
    """A party that a code means: its name on the day asked about, `now` today's where it is another.

    `scheme` says what kind of code it is ("id" for the party's own), with the days it holds.
    `goes_on_as` is the id under which it goes on after merges, null where it is still itself.
    """

    party: str
    name: str | None
    now: str | None
    scheme: str
    valid_from: date | None
    valid_to: date | None
    goes_on_as: str | None
    goes_on_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiesAnswer:
    """Everybody whom a code means on the day `at`, or at any time where none is asked about."""

    code: str
    at: date | None
    parties: list[PartyFound]
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAnswer:
    """A party, its names over time, codes with their days, merges and places.

    `name`, `party_kind`, `node_kind`, `region` and `goes_on_as` are those of the day `at` (today
    without one), `now` is today's name where it is another. `ids` are all ids that merges make one,
    over any number of them; those in `circle` were merged into each other. Of somebody who isn't
    identified `unidentified` tells what is known, and `documents` where. `occupied` is a page of
    `occupied_count`. Who doesn't see the chain is told of others the name, and what its own
    documents say: `limited`.
    """

    party: str
    at: date | None
    registered: bool
    name: str | None
    now: str | None
    party_kind: str | None
    node_kind: str | None
    region: str | None
    names: list[NameView]
    aliases: list[AliasView]
    merges: list[MergeView]
    ids: list[str]
    goes_on_as: str
    goes_on_name: str | None
    circle: list[str]
    unidentified: Known | None
    documents: list[Document]
    occupied: list[TenantView]
    places: list[PlaceView]
    occupied_count: int
    next: str | None
    limited: bool
    completeness: Completeness
