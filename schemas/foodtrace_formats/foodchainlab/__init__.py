"""FoodChain-Lab files (an outbreak's stations, deliveries and relations) as events like any other.

A delivery is a trade, its goods carry a trace code made from the delivery's id. What a relation says
(this delivery went into that one) is a transformation at the station between them: deliveries of one
product and lot that were made of the very same deliveries share a transformation, so that its inputs
and outputs join exactly the pairs that the file names. A station is a party and a location.

What the file doesn't say and an event needs is assumed, and said in the event's `extra`:

- `fcl.date`: `assumed` where a delivery lacks a date: its other date, else the first of what it went
  into, else the last of what it was made of, else the first of the file, else 2000-01-01; `month` or
  `year` where only those are written: the first day of it.
- `fcl.amount`: what stands there (or `missing`) where it is no amount: 1 of the unit `delivery`.
- `fcl.shares`: deliveries went into so many processes, how much into each isn't said: equal shares,
  basis allocated.

Addresses and coordinates stay in the file: a station may be a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from foodtrace_formats.foodchainlab.documents import documents
from foodtrace_formats.foodchainlab.network import Network, network
from foodtrace_formats.foodchainlab.tables import load

__all__ = ["SCOPE", "SOURCE", "Network", "documents", "read", "read_network"]

#: Source of the events, where none is chosen; ids of parties and codes begin with its scope.
SOURCE = "foodchainlab"
SCOPE = "fcl"


def read(
    file: str | Path | IO[bytes],
    *,
    source: str = SOURCE,
    scope: str = SCOPE,
    revision: int = 0,
    stop_at: Collection[str] = (),
) -> Iterator[dict[str, Any]]:
    """The documents of a file, ready to be pushed: master data first, then what happened.

    `scope` keeps the ids of two files apart: stations become parties `scope:id`, deliveries trace
    codes `scope:id`. A corrected file goes in with a higher `revision`. At stations named (by id or
    name) in `stop_at` nothing passes on: FoodChain-Lab's "kill contamination".
    Raises TheirFault (codes `fcl.*`, with the place in the file as path) for a file that can't be.
    """
    known = read_network(file)
    yield from documents(known, source=source, scope=scope, revision=revision, stop_at=stop_at)


def read_network(file: str | Path | IO[bytes]) -> Network:
    """The checked records of a file; raises as `read`."""
    return network(load(file))
