"""What changes in the register from day to day: tenants of stalls, and ids that are one party."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from foodtrace_city import shelf
from foodtrace_city.bookkeeping import was_merged
from foodtrace_city.chance import chance_for
from foodtrace_city.codes import party_code
from foodtrace_city.masters import location_of, party_of
from foodtrace_city.model import Body, Craft, Document
from foodtrace_city.names import CITY_REGION, site_name
from foodtrace_city.places import REGISTER
from foodtrace_city.world import World

_NEWCOMERS = 7_000_000


def changes(world: World, first_day: date) -> Iterator[Document]:
    """A stall changes hands every day but the first, on which the double ids are noticed."""
    if world.day == first_day:
        yield from merges(world)
    else:
        yield from new_tenant(world)


def merges(world: World) -> Iterator[Document]:
    """The register notices which ids are one party."""
    for site in world.town.all_sites():
        if site.second_id is not None and was_merged(site.second_id):
            merged_on = world.day - timedelta(days=1)
            body = {"party": site.second_id, "into": site.party, "merged_on": merged_on.isoformat()}
            yield _write(world, "merge", body)


def new_tenant(world: World) -> Iterator[Document]:
    """Somebody gives a stall up and throws away what is left; somebody else takes it over."""
    craft = Craft.PRODUCE_RETAIL
    stalls = world.town.sites[craft]
    old = next((s for s in reversed(stalls) if not any(c.marks for c in s.shelf)), None)
    if old is None:
        return
    if old.shelf:
        parts = [shelf.whole(cell) for cell in old.shelf]
        yield world.floor.dispose(old, parts, "closing_down", world.near(20.0))
    serial = world.floor.desk.serial("newcomer")
    number = _NEWCOMERS + serial
    new = replace(
        old,
        number=number,
        party=party_code(CITY_REGION, number),
        name=site_name(chance_for(world.town.seed, "newcomer", serial), craft.value, number),
        shelf=[],
        gone={},
        second_id=None,
    )
    # The new ones go to the front: they are busy, and the next one to give up is another.
    world.town.sites[craft] = (new, *(each for each in stalls if each is not old))
    yield _write(world, "party", party_of(world.town.seed, new))
    left = {**location_of(old, world.day), "occupied_to": world.day.isoformat()}
    yield _write(world, "location", left)
    begins = (world.day + timedelta(days=1)).isoformat()
    taken = {**location_of(new, world.day), "occupied_from": begins}
    yield _write(world, "location", taken)


def _write(world: World, kind: str, body: Body) -> Document:
    source = world.town.geography.sources[REGISTER]
    return world.floor.desk.write(
        source, kind, world.near(9.0), body, document_type="register_entry"
    )
