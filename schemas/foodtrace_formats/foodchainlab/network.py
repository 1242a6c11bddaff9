"""The records of a file, checked: every id once, every reference to something that is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from foodtrace.problems import TheirFault
from foodtrace_formats.foodchainlab.amounts import Amount, amount
from foodtrace_formats.foodchainlab.moments import Moment, moment
from foodtrace_formats.foodchainlab.tables import Row, Tables

_ROW_ID = ("id", "ID")
_FROM = ("originalSource", "source", "from")
_TO = ("originalTarget", "target", "to")
_LOT = ("lot", "Lot Number", "Charge Number", "Lot ID")
_DEPARTED = ("Date Delivery", "Delivery Date")
_ARRIVED = ("Date Delivery Arrival", "date")
# In tables with a column `from`, a relation runs from `from` to `to`, else from `ID` to `Next`.
_RELATION_FROM = ("source", "from", "ID")
_RELATION_TO = ("target", "to", "Next")


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Somebody who got or gave deliveries."""

    id: str
    name: str
    business: str | None
    country: str | None
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Goods of one lot of the station `source`, sent to the station `target`."""

    id: str
    source: str
    target: str
    product: str
    lot: str | None
    departed: Moment | None
    arrived: Moment | None
    amount: Amount
    path: str


Record = TypeVar("Record", Station, Delivery)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A checked file. `inputs` are the deliveries that went into a delivery, by its id.

    `stops` are the ids of stations at which the file's own settings let nothing pass.
    """

    stations: Mapping[str, Station]
    deliveries: Mapping[str, Delivery]
    inputs: Mapping[str, tuple[str, ...]]
    stops: frozenset[str]

    def outputs(self) -> dict[str, list[str]]:
        """The deliveries that a delivery went into, by its id."""
        found: dict[str, list[str]] = {name: [] for name in self.deliveries}
        for name, inputs in self.inputs.items():
            for each in inputs:
                found[each].append(name)
        return found


def network(tables: Tables) -> Network:
    """Check the rows; raises TheirFault naming the first row and what is wrong with it."""
    stations = _by_id(_station(row) for row in tables.stations)
    deliveries = _by_id(_delivery(row, stations) for row in tables.deliveries)
    pairs = dict.fromkeys(_relation(row, deliveries) for row in tables.relations)
    inputs: dict[str, list[str]] = {}
    for before, after in pairs:
        inputs.setdefault(after, []).append(before)
    return Network(
        stations=stations,
        deliveries=deliveries,
        inputs={name: tuple(sorted(before)) for name, before in inputs.items()},
        stops=frozenset(tables.stops & stations.keys()),
    )


def _by_id(records: Iterable[Record]) -> dict[str, Record]:
    known: dict[str, Record] = {}
    for record in records:
        if record.id in known:
            detail = f"{record.id!r} is also {known[record.id].path}"
            raise TheirFault("fcl.duplicate-id", detail, record.path)
        known[record.id] = record
    return known


def _station(row: Row) -> Station:
    station_id = _needed(row, _ROW_ID)
    return Station(
        id=station_id,
        name=_text(row, ("name", "Name")) or station_id,
        business=_text(row, ("type of business", "typeOfBusiness", "type")),
        country=_text(row, ("Country", "country")),
        path=row.path,
    )


def _delivery(row: Row, stations: Mapping[str, Station]) -> Delivery:
    delivery_id = _needed(row, _ROW_ID)
    return Delivery(
        id=delivery_id,
        source=_known_station(row, _FROM, stations),
        target=_known_station(row, _TO, stations),
        product=_text(row, ("name", "Name")) or delivery_id,
        lot=_text(row, _LOT),
        departed=moment(row.first(*_DEPARTED)),
        arrived=moment(row.first(*_ARRIVED)),
        amount=amount(row.first("Amount"), row.first("Amount Unit")),
        path=row.path,
    )


def _known_station(row: Row, names: tuple[str, ...], stations: Mapping[str, Station]) -> str:
    station = _needed(row, names)
    if station not in stations:
        raise TheirFault("fcl.unknown-station", repr(station), f"{row.path}.{_place(row, names)}")
    return station


def _relation(row: Row, deliveries: Mapping[str, Delivery]) -> tuple[str, str]:
    before, after = _needed(row, _RELATION_FROM), _needed(row, _RELATION_TO)
    for name, names in ((before, _RELATION_FROM), (after, _RELATION_TO)):
        if name not in deliveries:
            path = f"{row.path}.{_place(row, names)}"
            raise TheirFault("fcl.unknown-delivery", repr(name), path)
    if deliveries[before].target != deliveries[after].source:
        detail = f"{before!r} goes to {deliveries[before].target!r}, "
        detail += f"{after!r} comes from {deliveries[after].source!r}"
        raise TheirFault("fcl.broken-relation", detail, row.path)
    return before, after


def _needed(row: Row, names: tuple[str, ...]) -> str:
    text = _text(row, names)
    if text is None:
        raise TheirFault("fcl.missing-field", " / ".join(names), row.path)
    return text


def _text(row: Row, names: tuple[str, ...]) -> str | None:
    value: Any = row.first(*names)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    path = f"{row.path}.{_place(row, names)}"
    raise TheirFault("fcl.wrong-value", f"text or a whole number, not {value!r}", path)


def _place(row: Row, names: tuple[str, ...]) -> str:
    return next((name for name in names if row.first(name) is not None), names[-1])
