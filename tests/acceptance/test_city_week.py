"""A week of a city as markets are, through HTTP: whom seven incidents affect, against the oracle.

Confirmed sellers are exactly those to whom documents lead by code; the possible ones hold every
other true one. Pushed once more, shuffled, nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from foodtrace.lots import LotKey, LotKind
from foodtrace_city import REGISTER, City, Document, Incident, Scale
from foodtrace_client import Client
from foodtrace_deploy.demo.play import Door, Played, play
from foodtrace_deploy.demo.recall import recall
from foodtrace_deploy.demo.verdict import judge
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.stack import Running, Stack
from foodtrace_ops.settings import Settings
from support.city_truth import Told, check, other_ids, root_lots

SEED, DAYS = 7, 7
WEEK = Scale(sites=260, products=120, trades=45, receipts=40)
CASES = ("cheese", "pork", "dates", "voucher", "mixed", "returned", "stranger")
Answer = dict[str, Any]

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Week:
    """A stack in which a city's week lies, and what the oracle knows."""

    running: Running
    city: City
    documents: tuple[Document, ...]
    played: Played

    def inspector(self) -> Client:
        """Who may see everybody."""
        return Client(self.running.api_url, self.running.keys["inspector"])


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    written = City(SEED, WEEK)
    documents = (*written.days(DAYS), *written.stragglers())
    folder = tmp_path_factory.mktemp("week") / "stack"
    options = Options(data=folder, broker="memory", settings=Settings())
    with Stack(options) as running:
        city = City(SEED, WEEK)
        door = Door(url=running.api_url, staff_key=running.keys["ops"])
        played = play(city, door, lambda _more: None, days=DAYS)
        yield Week(running, city, documents, played)


def pages(client: Client, incident: Incident) -> Iterator[Answer]:
    """What the API says of whom the incident affects: of a batch, or of each lot it began in."""
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


def told(client: Client, incident: Incident, names: dict[str, str]) -> Told:
    """Sellers of all answers together; several lots of one source are one incident."""
    every = list(pages(client, incident))
    sellers = [
        (each["party"], each["location"], each["confirmed"])
        for page in every
        for each in page["sellers"]
    ]
    sources = [(each["party"], each["location"]) for page in every for each in page["source"]]
    return Told.of(sellers, names, sources)


def answers(week: Week) -> dict[str, Told]:
    names = dict(other_ids(week.documents))
    with week.inspector() as client:
        return {name: told(client, week.city.oracle.incident(name), names) for name in CASES}


@pytest.fixture(scope="module")
def first_answers(week: Week) -> dict[str, Told]:
    return answers(week)


def test_every_document_of_the_week_is_accepted(week: Week) -> None:
    played = week.played
    assert played.refusals == []
    assert played.refused == 0
    # Retries and the like are told from new documents by their id.
    assert played.accepted + played.duplicates == played.events == len(week.documents)
    share = f"{played.uncoded_share:.0%} of {played.lines} lines without codes"
    print(f"{played.events} events in {DAYS} days, {share}, {played.seconds:.1f} s")
    assert played.uncoded_share > 0.2


def test_confirmed_sellers_are_exact_and_no_true_one_is_missed(
    week: Week, first_answers: dict[str, Told]
) -> None:
    for name, each in first_answers.items():
        print(check(each, week.city.oracle.incident(name)))


@pytest.mark.parametrize("name", ["cheese", "pork"])
def test_the_tidy_cases_are_exact_to_the_last_bag(week: Week, name: str) -> None:
    incident = week.city.oracle.incident(name)
    with week.inspector() as client:
        assert judge(recall(client, incident), incident).exact


def test_the_documents_show_the_oddities_that_the_oracle_expects(week: Week) -> None:
    with week.inspector() as client:
        for incident in week.city.oracle.incidents:
            for code, where in incident.flags:
                assert shown(client, incident, code, where), (incident.name, code)


def shown(client: Client, incident: Incident, code: str, where: tuple[str, str]) -> bool:
    """Whether the oddity shows at that party and place: on the list, or with the lot's papers."""
    party, location = where
    if code == "paper.missing":
        lot = LotKey(party, location, LotKind.TRACE, "", incident.code)
        return bool(client.get(f"/v1/lots/{lot.lot_id}/papers")["missing"])
    found = client.get("/v1/flags", code=code, party=party, limit=1000)["flags"]
    return where in {(flag["holder"], flag["location"] or "") for flag in found}


def test_the_same_documents_shuffled_and_again_change_nothing(
    week: Week, first_answers: dict[str, Told]
) -> None:
    again = [document for document in week.documents if document.source == REGISTER]
    again += [document for document in week.documents if document.source != REGISTER]
    Random(SEED).shuffle(again)
    with Client(week.running.api_url, week.running.keys["ops"]) as staff:
        pushed = staff.push(document.line().encode() for document in again)
        assert pushed.refused == 0
        assert pushed.accepted == 0
        staff.wait(pushed.after or "")
    assert answers(week) == first_answers
