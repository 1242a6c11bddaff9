"""What else a day has: rapid tests at the markets, and what is thrown away at night."""

from __future__ import annotations

from collections.abc import Iterator

from foodtrace_city import shelf
from foodtrace_city.model import Body, Craft, Document
from foodtrace_city.world import World

_TRADES_PER_TEST = 40


def rapid_tests(world: World, trades: int) -> Iterator[Document]:
    """快检 of vegetables at wholesale stalls; one in fifty fails the screening and passes again."""
    for _number in range(trades // _TRADES_PER_TEST):
        stall = world.one(Craft.PRODUCE_WHOLESALE)
        ready = shelf.on_sale(stall)
        if not ready:
            continue
        sample = shelf.portion(world.chance.choice(ready), grams=500)
        failed = world.chance.random() < 0.02
        laboratory = f"{stall.place.name}快检室"
        when = world.near(4.0, 2.0)
        yield world.floor.inspect(stall, sample, when, _screening(failed=failed), laboratory)


def clear_shelves(world: World) -> Iterator[Document]:
    """Shelves are cleared of the oldest of too many goods, and of what nobody would buy any more."""
    for site in world.town.all_sites():
        for reason, old in (("spoiled", shelf.surplus(site)), ("expired", [])):
            cells = old or (shelf.stale(site, world.day) if reason == "expired" else [])
            if cells:
                parts = [shelf.whole(cell) for cell in cells]
                yield world.floor.dispose(site, parts, reason, world.near(21.0, 1.5))


def _screening(*, failed: bool) -> Body:
    verdict = "failed" if failed else "passed"
    result = {
        "analyte": "农药残留（胆碱酯酶抑制率）",
        "value": "63" if failed else "12",
        "unit": "%",
        "limit": "50",
        "standard": "GB/T 5009.199",
        "verdict": verdict,
    }
    return {"method": "rapid", "stage": "screening", "verdict": verdict, "results": [result]}
