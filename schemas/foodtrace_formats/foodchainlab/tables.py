"""The forms of the file, brought to one: three lists of rows with named cells.

There are the tables of today (`data.stations.data`: rows of {id, value}), the older plain lists
(`stations`, `deliveries`, `deliveriesRelations`), the plain lists with the column names of today,
and the older form with view settings (`elements`, relations inside the stations).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, NoReturn

from foodtrace.problems import TheirFault

_RELATIONS = ("deliveryRelations", "deliveriesRelations")


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its place in the file and its cells."""

    path: str
    cells: Mapping[str, Any]

    def first(self, *names: str) -> Any:
        """The first of these cells that holds something."""
        for name in names:
            value = self.cells.get(name)
            if value is not None and value != "":
                return value
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The rows of a file, and the stations at which its settings let nothing pass."""

    stations: tuple[Row, ...]
    deliveries: tuple[Row, ...]
    relations: tuple[Row, ...]
    stops: frozenset[str]


def load(file: str | Path | IO[bytes]) -> Tables:
    """Read a file; raises TheirFault when it isn't JSON, or JSON of something else."""
    raw = Path(file).read_bytes() if isinstance(file, str | Path) else file.read()
    try:
        document = json.loads(raw, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise TheirFault("fcl.not-json", str(error)) from error
    if not isinstance(document, dict):
        raise TheirFault("fcl.not-foodchainlab", f"a {type(document).__name__}")
    return _tables(document)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _tables(document: Mapping[str, Any]) -> Tables:
    home = "data" if isinstance(document.get("data"), dict) else ""
    home = "elements" if isinstance(document.get("elements"), dict) else home
    body = document[home] if home else document
    stations = [row for row in _rows(body, home, "stations") if not row.cells.get("contains")]
    named = next((name for name in _RELATIONS if name in body), None)
    if named is None and home != "elements":
        raise TheirFault("fcl.not-foodchainlab", "no deliveryRelations")
    relations = _rows(body, home, named) if named else _connections(stations)
    return Tables(
        stations=tuple(stations),
        deliveries=tuple(_rows(body, home, "deliveries")),
        relations=tuple(relations),
        stops=frozenset(_stops(document, stations)),
    )


def _rows(body: Mapping[str, Any], home: str, name: str) -> Iterator[Row]:
    path = f"{home}.{name}" if home else name
    table = body.get(name)
    rows = table.get("data") if isinstance(table, dict) else table
    if not isinstance(rows, list):
        raise TheirFault("fcl.not-foodchainlab", f"no list {path}")
    for index, row in enumerate(rows):
        yield Row(f"{path}[{index}]", _cells(row, f"{path}[{index}]"))


def _cells(row: Any, path: str) -> Mapping[str, Any]:
    if isinstance(row, dict):
        return row
    pairs = isinstance(row, list) and all(
        isinstance(cell, dict) and isinstance(cell.get("id"), str) for cell in row
    )
    if not pairs:
        raise TheirFault("fcl.wrong-value", "a row of {id, value} is needed", path)
    return {cell["id"]: cell.get("value") for cell in row}


def _connections(stations: list[Row]) -> Iterator[Row]:
    for station in stations:
        for index, cells in enumerate(station.cells.get("connections") or ()):
            path = f"{station.path}.connections[{index}]"
            yield Row(path, _cells(cells, path))


def _stops(document: Mapping[str, Any], stations: list[Row]) -> Iterator[str]:
    """Where contamination is said to end: in the rows, or in the tracing settings beside them."""
    for row in stations:
        if row.first("killContamination", "Kill Contamination") is True:
            yield str(row.first("id", "ID"))
    tracing = document.get("tracing")
    nodes = tracing.get("nodes") if isinstance(tracing, dict) else None
    for node in nodes if isinstance(nodes, list) else ():
        if isinstance(node, dict) and node.get("killContamination") is True:
            yield str(node.get("id"))
