"""A recall through the API, as an inspector does it: a code, the right batch of it, who has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from foodtrace.problems import NotFound
from foodtrace_city import Incident
from foodtrace_client import Client

Answer = Mapping[str, Any]
SellerKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """The answer to a recall: the batches its code stands for, the chosen one, and whom it affects.

    `sellers` are those of all pages; `first` is the first page, with what holds for all of them.
    `milliseconds` is the time of all its requests over HTTP.
    """

    candidates: tuple[Answer, ...]
    batch: str
    sellers: tuple[Answer, ...]
    first: Answer
    milliseconds: float

    @property
    def confirmed(self) -> tuple[Answer, ...]:
        """The sellers to whom documents lead by code all the way; the others are only possible."""
        return tuple(seller for seller in self.sellers if seller["confirmed"])

    @property
    def younger(self) -> frozenset[SellerKey]:
        """Where dates grow younger: (party, location) of each flag."""
        flags = (flag for flag in self.first["flags"] if flag["code"] == "date.younger")
        return frozenset((flag["holder"], flag["location"]) for flag in flags)

    @property
    def sources(self) -> frozenset[SellerKey]:
        """Where the goods come from: (party, location)."""
        return frozenset((each["party"], each["location"]) for each in self.first["source"])


def recall(client: Client, incident: Incident) -> Recall:
    """Look a code up, choose the incident's batch among the candidates, ask whom it affects.

    Raises NotFound `batch.unknown`, or an ApiError of the client.
    """
    began = perf_counter()
    found = client.find_lots(incident.code)
    candidates = tuple(found["batches"])
    batch = choose(candidates, incident)
    pages = list(_pages(client, batch))
    return Recall(
        candidates=candidates,
        batch=batch,
        sellers=tuple(seller for page in pages for seller in page["sellers"]),
        first=pages[0],
        milliseconds=(perf_counter() - began) * 1000,
    )


def choose(candidates: tuple[Answer, ...], incident: Incident) -> str:
    """The id of the batch of that maker and product; a code alone names several."""
    for candidate in candidates:
        batch = candidate["batch"]
        if (batch["manufacturer"], batch["product"]) == (incident.manufacturer, incident.product):
            return str(batch["batch_id"])
    detail = f"{incident.code}: {len(candidates)} batches, none of {incident.manufacturer}"
    raise NotFound("batch.unknown", detail)


def _pages(client: Client, batch: str) -> Iterator[Answer]:
    cursor = None
    while True:
        page = client.affected("batch", batch, cursor=cursor, limit=1000)
        yield page
        cursor = page["next"]
        if cursor is None:
            return
