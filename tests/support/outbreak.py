"""FoodChain-Lab files for tests: where the real one lies, made-up ones, and a walk of our own.

The walk shares nothing with the reader or the lineage: it reads the file's rows as they are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from foodtrace.codes import canonical
from foodtrace.events import Event
from foodtrace.lots import LotKey, LotKind
from foodtrace_formats import foodchainlab
from foodtrace_schemas import json_form

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "foodchain-lab"
NOROVIRUS = FIXTURES / "norovirus-workshop-48-stations.json"
EXPECTED = FIXTURES / "norovirus-expected.json"

needs_norovirus = pytest.mark.skipif(
    not NOROVIRUS.exists(), reason=f"the norovirus outbreak isn't at {FIXTURES}"
)

Deliveries = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Walk:
    """The file by itself: deliveries as (from, to) and what went into what."""

    deliveries: Deliveries
    after: Mapping[str, set[str]]
    before: Mapping[str, set[str]]

    def forward(self, start: Iterable[str], stop: str | None = None) -> set[str]:
        """Deliveries that these reach, themselves too; nothing passes on at the station `stop`."""
        return self._reach(start, self.after, stop)

    def backward(self, start: Iterable[str]) -> set[str]:
        """Deliveries that went into these, themselves too."""
        return self._reach(start, self.before, None)

    def receivers(self, deliveries: Iterable[str]) -> set[str]:
        return {self.deliveries[each][1] for each in deliveries}

    def senders(self, deliveries: Iterable[str]) -> set[str]:
        return {self.deliveries[each][0] for each in deliveries}

    def _reach(
        self, start: Iterable[str], step: Mapping[str, set[str]], stop: str | None
    ) -> set[str]:
        found: set[str] = set()
        waiting = list(start)
        while waiting:
            each = waiting.pop()
            if each in found:
                continue
            found.add(each)
            if self.deliveries[each][1] != stop:
                waiting.extend(step.get(each, ()))
        return found


def walk(document: Mapping[str, Any]) -> Walk:
    """The walk of a file in the form of today's column names."""
    deliveries = {row["ID"]: (row["from"], row["to"]) for row in document["deliveries"]}
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for row in document["deliveryRelations"]:
        after[row["ID"]].add(row["Next"])
        before[row["Next"]].add(row["ID"])
    return Walk(deliveries, after, before)


def as_file(document: Any) -> BytesIO:
    """A document as an open file."""
    return BytesIO(json.dumps(document).encode())


@dataclass(frozen=True)
class Names:
    """The lots of each delivery id: as the sender held it and as the receiver does."""

    sent: Mapping[str, LotKey]
    back: Mapping[LotKey, str]


def events_and_names(document: Any, **options: Any) -> tuple[list[Event], Names]:
    """What the reader makes of a file, and which lots its deliveries are.

    A delivery of a station to itself is no trade; its id then has no lot of its own here.
    """
    documents = list(foodchainlab.read(as_file(document), **options))
    trades = [each for each in documents if each["kind"] == "trade"]
    ids = [row["ID"] for row in document["deliveries"] if row["from"] != row["to"]]
    sent: dict[str, LotKey] = {}
    back: dict[LotKey, str] = {}
    for name, trade in zip(ids, trades, strict=True):
        code = trade["lines"][0]["lot_codes"][0]["code"]
        sent[name] = _lot(trade["seller"]["party"], code)
        back |= {sent[name]: name, _lot(trade["buyer"]["party"], code): name}
    return [json_form.read(each) for each in documents], Names(sent, back)


def _lot(party: str, code: str) -> LotKey:
    side = canonical(party)
    return LotKey(side, side, LotKind.TRACE, "", canonical(code))


def of_lot(document: Mapping[str, Any], lot: str) -> set[str]:
    """The deliveries of a lot number."""
    return {row["ID"] for row in document["deliveries"] if row["Lot Number"] == lot}


def norovirus() -> dict[str, Any]:
    """The real file."""
    document: dict[str, Any] = json.loads(NOROVIRUS.read_bytes())
    return document
