"""The oracle's incidents, asked through the API: whom each of them affects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from foodtrace_city import Incident
from foodtrace_client import Client
from foodtrace_deploy.demo.recall import recall
from foodtrace_deploy.demo.verdict import judge
from support.chaos.play import Played
from support.city_truth import Told, check, root_lots

#: Cases whose documents bear codes throughout: amounts too are exact.
TIDY = ("cheese", "pork")
Answer = Mapping[str, Any]


def differences(url: str, key: str, played: Played) -> Iterator[str]:
    """How the API's answers differ from the oracle's books; nothing where they don't."""
    with Client(url, key) as client:
        for incident in played.incidents:
            try:
                check(_told(client, incident, played.names), incident)
            except AssertionError as error:
                yield f"{incident.name}: {error}"
            if incident.name in TIDY:
                told = judge(recall(client, incident), incident)
                if not told.exact:
                    yield f"{incident.name}: {told}"


def _told(client: Client, incident: Incident, names: Mapping[str, str]) -> Told:
    pages = list(_pages(client, incident))
    sellers = [
        (each["party"], each["location"], each["confirmed"])
        for page in pages
        for each in page["sellers"]
    ]
    sources = [(each["party"], each["location"]) for page in pages for each in page["source"]]
    return Told.of(sellers, names, sources)


def _pages(client: Client, incident: Incident) -> Iterator[Answer]:
    """Of a batch, or of each lot that the incident began in."""
    if not incident.roots:
        told = recall(client, incident)
        yield {**told.first, "sellers": told.sellers}
        return
    for lot in root_lots(incident):
        cursor = None
        while True:
            page = client.affected("lot", str(lot.lot_id), cursor=cursor, limit=1000)
            yield page
            cursor = page["next"]
            if cursor is None:
                break
