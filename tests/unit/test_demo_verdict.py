"""The demo calls a recall exact only if nothing at all differs from the oracle's books."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from foodtrace.problems import NotFound
from foodtrace_city import City, Incident, Scale
from foodtrace_deploy.demo.figures import times_of
from foodtrace_deploy.demo.recall import Recall, choose
from foodtrace_deploy.demo.show import show_recall
from foodtrace_deploy.demo.verdict import judge
from foodtrace_deploy.texts import speak

SCALE = Scale(sites=260, products=120, trades=60, receipts=60)
FLOWS = ("opened", "sold", "retail", "used", "disposed")
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def incident() -> Incident:
    city = City(7, SCALE)
    for _document in city.days(1):
        pass
    return city.oracle.incident("cheese")


def told_by(incident: Incident) -> Answer:
    """The answer that says just what the oracle knows."""
    tampering = incident.tampering
    assert tampering is not None
    sellers = [
        {
            "party": seller.party,
            "location": seller.location,
            "party_name": seller.name,
            "location_name": f"near {seller.name}",
            "confirmed": True,
            "figures": figures(incident, key, itself=True),
            "made_with": figures(incident, key, itself=False),
            "receipts": seller.receipts,
        }
        for key, seller in sorted(incident.sellers.items())
    ]
    return {
        "sellers": sellers,
        "source": [
            {"party": party, "location": location, "party_name": "importer"}
            for party, location in incident.sources
        ],
        "totals": {"all": [{"unit": "袋", "now": {"units": "4890"}}]},
        "flags": [
            {"code": "date.younger", "holder": tampering.site[0], "location": tampering.site[1]},
            {"code": "lot.oversold", "holder": "somebody", "location": "else"},
        ],
        "next": None,
    }


def figures(incident: Incident, key: tuple[str, str], *, itself: bool) -> list[Answer]:
    return [
        {
            "unit": unit,
            **{flow: str(Decimal(getattr(amounts, flow)) / 1_000_000) for flow in FLOWS},
            "book_stock": str(Decimal(amounts.stock) / 1_000_000),
        }
        for (product, unit), amounts in incident.sellers[key].amounts.items()
        if (product == incident.product) is itself
    ]


def recalled(answer: Answer) -> Recall:
    return Recall(
        candidates=(),
        batch="b",
        sellers=tuple(answer["sellers"]),
        first=answer,
        milliseconds=1.0,
    )


def test_the_oracles_own_answer_is_exact(incident: Incident) -> None:
    verdict = judge(recalled(told_by(incident)), incident)
    assert verdict.exact
    assert (verdict.sellers, verdict.found, verdict.units) == (45, 45, Decimal(4_890))


def test_possible_sellers_are_counted_beside_the_confirmed_and_spoil_nothing(
    incident: Incident,
) -> None:
    answer = told_by(incident)
    answer["sellers"].append({**answer["sellers"][0], "location": "next", "confirmed": False})
    verdict = judge(recalled(answer), incident)
    assert verdict.exact
    assert (verdict.found, verdict.extra, verdict.possible) == (45, 0, 1)


def missing_seller(answer: Answer) -> None:
    answer["sellers"].pop()


def extra_seller(answer: Answer) -> None:
    answer["sellers"].append({**answer["sellers"][0], "location": "elsewhere"})


def one_bag_less(answer: Answer) -> None:
    figure = answer["sellers"][0]["figures"][0]
    figure["opened"] = str(Decimal(figure["opened"]) - 1)


def one_receipt_more(answer: Answer) -> None:
    answer["sellers"][3]["receipts"] += 1


def merely_possible(answer: Answer) -> None:
    answer["sellers"][5]["confirmed"] = False


def counted_twice(answer: Answer) -> None:
    answer["totals"]["all"][0]["now"]["units"] = "4891"


def innocent_accused(answer: Answer) -> None:
    answer["flags"][1]["code"] = "date.younger"


def tampering_missed(answer: Answer) -> None:
    answer["flags"] = []


def other_source(answer: Answer) -> None:
    answer["source"].append({"party": "x", "location": "y", "party_name": None})


@pytest.mark.parametrize(
    "spoil",
    [
        missing_seller,
        extra_seller,
        one_bag_less,
        one_receipt_more,
        merely_possible,
        counted_twice,
        innocent_accused,
        tampering_missed,
        other_source,
    ],
)
def test_any_difference_is_told(incident: Incident, spoil: Callable[[Answer], None]) -> None:
    answer = deepcopy(told_by(incident))
    spoil(answer)
    assert not judge(recalled(answer), incident).exact


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "sellers 45 of 45, bags 4,890 of 4,890"), ("zh", "经营者 45/45，袋 4,890/4,890")],
)
@pytest.mark.parametrize("width", [80, 120])
def test_every_seller_is_shown_with_the_score(
    incident: Incident, language: str, sentence: str, width: int
) -> None:
    told = recalled(told_by(incident))
    written = StringIO()
    speak(language)
    try:
        show_recall(Console(file=written, width=width), told, incident, judge(told, incident))
    finally:
        speak("en")
    shown = written.getvalue()
    assert sentence in shown
    assert all(len(line) <= width for line in shown.splitlines())
    flat = "".join(shown.split())
    assert all(seller.name[:8] in flat for seller in incident.sellers.values())


def test_the_batch_of_the_right_maker_is_chosen(incident: Incident) -> None:
    def candidate(maker: str, batch: str) -> Answer:
        return {"batch": {"manufacturer": maker, "product": incident.product, "batch_id": batch}}

    right = candidate(incident.manufacturer, "right")
    assert choose((candidate("rival", "wrong"), right), incident) == "right"
    with pytest.raises(NotFound):
        choose((candidate("rival", "wrong"),), incident)


def test_times_are_the_median_and_the_99th_percentile() -> None:
    times = times_of([float(number) for number in range(101)])
    assert (times.count, times.p50, times.p99) == (101, 50.0, 99.0)
