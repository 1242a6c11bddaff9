"""FoodChain-Lab files become events whose lineage is exactly what the file says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace.problems import TheirFault
from foodtrace.quantity import Quantity
from foodtrace_formats import foodchainlab
from foodtrace_formats.foodchainlab.amounts import amount, shares
from foodtrace_formats.foodchainlab.moments import moment
from foodtrace_schemas import json_form
from support.outbreak import (
    EXPECTED,
    NOROVIRUS,
    Walk,
    as_file,
    events_and_names,
    needs_norovirus,
    norovirus,
    of_lot,
    walk,
)

Json = dict[str, Any]


class Traced:
    """The lineage of a file, asked by the ids that stand in it."""

    def __init__(self, document: Any, **options: Any) -> None:
        events, self.names = events_and_names(document, **options)
        self.lineage = Lineage(events)

    def forward(self, deliveries: set[str]) -> set[str]:
        return self._named(self.lineage.downstream(self.names.sent[each] for each in deliveries))

    def backward(self, deliveries: set[str]) -> set[str]:
        return self._named(self.lineage.upstream(self.names.sent[each] for each in deliveries))

    def _named(self, lots: Mapping[LotKey, object]) -> set[str]:
        return {self.names.back[lot] for lot in lots if lot.kind is not LotKind.PROCESS}


def assert_exact(document: Json) -> None:
    """Every delivery and every station reaches what the file says, in both directions."""
    told, traced = walk(document), Traced(document)
    for each in told.deliveries:
        assert traced.forward({each}) == told.forward({each})
        assert traced.backward({each}) == told.backward({each})
    for row in document["stations"]:
        sent = {name for name, ends in told.deliveries.items() if ends[0] == row["ID"]}
        came = {name for name, ends in told.deliveries.items() if ends[1] == row["ID"]}
        assert traced.forward(sent) == told.forward(sent)
        assert traced.backward(came) == told.backward(came)


@needs_norovirus
def test_every_station_and_delivery_of_the_norovirus_outbreak() -> None:
    assert_exact(norovirus())


@needs_norovirus
def test_the_figures_that_foodchainlab_states() -> None:
    document = norovirus()
    expected = json.loads(EXPECTED.read_bytes())
    start = of_lot(document, "108")
    told = walk(document)
    open_, stopped = Traced(document), Traced(document, stop_at=["Caterer 3"])
    reached = told.receivers(open_.forward(start))
    assert (len(reached), len(_institutions(reached))) == (36, 33)
    reached = told.receivers(stopped.forward(start))
    assert (len(reached), len(_institutions(reached))) == (34, 31)
    assert reached == set(expected["forward_true"])
    assert not reached & set(expected["forward_false_institutions"])
    upstream = told.senders(open_.backward(start))
    assert upstream == set(expected["backward_true"])
    assert len({name for name in upstream if name.startswith("Strawberry Farm")}) == 3


def _institutions(stations: set[str]) -> set[str]:
    return {name for name in stations if not name.startswith("Caterer")}


@needs_norovirus
def test_a_station_that_ends_contamination_ends_it() -> None:
    document = norovirus()
    told, traced = walk(document), Traced(document, stop_at=["Caterer 3"])
    for each in told.deliveries:
        assert traced.forward({each}) == told.forward({each}, stop="Caterer 3")


@needs_norovirus
def test_missing_dates_are_assumed_and_said() -> None:
    documents = list(foodchainlab.read(NOROVIRUS))
    assumed = [
        each["envelope"]["source_event_id"]
        for each in documents
        if each["kind"] == "trade" and each["envelope"]["extra"].get("fcl.date") == "assumed"
    ]
    assert len(assumed) == 4
    assert all("null" in name for name in assumed)


@needs_norovirus
def test_nothing_is_used_twice() -> None:
    """Shares of a delivery that went several ways add up to the delivery."""
    traced = Traced(norovirus())
    for fact in traced.lineage.facts:
        if fact.name != "movements" or fact.value.direction != "used":
            continue
        balance = traced.lineage.balance(fact.value.lot)
        dimension = fact.value.dimension
        assert balance["used", dimension] == balance["opened", dimension]


STATIONS = ["a", "A", "b/c", "d", "e%", " f", "g" * 80]


@st.composite
def outbreaks(draw: st.DrawFn) -> Json:
    """Small files with everything odd at once: cycles, alike ids, self-deliveries, repeated rows."""
    names = draw(st.lists(st.sampled_from(STATIONS), min_size=1, max_size=5, unique=True))
    deliveries = []
    for number in range(draw(st.integers(0, 8))):
        prefix = draw(st.sampled_from(["", "x", "X", "long" * 20]))
        deliveries.append(
            {
                "ID": f"{prefix}{number}",
                "from": draw(st.sampled_from(names)),
                "to": draw(st.sampled_from(names)),
                "Name": draw(st.sampled_from(["ham", "ham/1", "Egg"])),
                "Lot Number": draw(st.sampled_from([None, "1", "1/2", "2"])),
                "Date Delivery": draw(st.sampled_from([None, "2014-09-01", "2014-08"])),
                "Amount": draw(st.sampled_from([None, 29, "3.5 kg", 0.000001, "many"])),
            }
        )
    possible = [
        {"ID": one["ID"], "Next": other["ID"]}
        for one in deliveries
        for other in deliveries
        if one["to"] == other["from"]
    ]
    relations = draw(st.lists(st.sampled_from(possible), max_size=14)) if possible else []
    return {
        "stations": [{"ID": name, "Name": f"Station {name}"} for name in names],
        "deliveries": deliveries,
        "deliveryRelations": relations,
    }


@given(outbreaks())
def test_any_outbreak_is_traced_as_the_file_says(document: Json) -> None:
    for each in foodchainlab.read(as_file(document)):
        json_form.read(each)
    if any(row["from"] == row["to"] for row in document["deliveries"]):
        _assert_exact_with_self_deliveries(document)
    else:
        assert_exact(document)


def _assert_exact_with_self_deliveries(document: Json) -> None:
    """A delivery to itself is one lot instead of two; the others must still be right."""
    told: Walk = walk(document)
    traced = Traced(document)
    loops = {name for name, ends in told.deliveries.items() if ends[0] == ends[1]}
    for each in told.deliveries.keys() - loops:
        found = {
            traced.names.back[lot]
            for lot in traced.lineage.downstream([traced.names.sent[each]])
            if lot in traced.names.back
        }
        assert found == told.forward({each}) - loops


def plain() -> Json:
    return {
        "stations": [{"ID": "1"}, {"ID": "2"}, {"ID": "3"}],
        "deliveries": [
            {"ID": "d", "from": "1", "to": "2", "Name": "milk", "Lot Number": "7"},
            {"ID": "e", "from": "2", "to": "3", "Name": "cheese", "Lot Number": "8"},
        ],
        "deliveryRelations": [{"ID": "d", "Next": "e"}],
    }


def _table(rows: list[Json]) -> Json:
    return {"data": [[{"id": name, "value": row[name]} for name in row] for row in rows]}


def test_all_forms_of_the_file_say_the_same() -> None:
    today = plain()
    tables = {"version": "1.0.0", "data": {name: _table(rows) for name, rows in today.items()}}
    old = {
        "stations": [{"id": row["ID"]} for row in today["stations"]],
        "deliveries": [
            {
                "id": row["ID"],
                "source": row["from"],
                "target": row["to"],
                "name": row["Name"],
                "lot": row["Lot Number"],
            }
            for row in today["deliveries"]
        ],
        "deliveriesRelations": [{"id": "0", "source": "d", "target": "e"}],
    }
    elements = {"elements": {"stations": old["stations"], "deliveries": old["deliveries"]}}
    elements["elements"]["stations"] = [
        {**row, "connections": [{"source": "d", "target": "e"}] if row["id"] == "2" else []}
        for row in old["stations"]
    ] + [{"id": "group", "contains": ["1", "2"]}]
    expected = list(foodchainlab.read(as_file(today)))
    for form in (tables, old, elements):
        assert list(foodchainlab.read(as_file(form))) == expected


def test_stops_of_the_file_are_known_but_not_followed() -> None:
    document = {**plain(), "tracing": {"nodes": [{"id": "2", "killContamination": True}]}}
    assert foodchainlab.read_network(as_file(document)).stops == {"2"}
    kinds = [each["kind"] for each in foodchainlab.read(as_file(document))]
    assert "transformation" in kinds


def test_a_later_file_keeps_the_ids_of_what_it_repeats() -> None:
    later = plain()
    later["deliveries"].append(
        {"ID": "f", "from": "2", "to": "1", "Name": "cheese", "Lot Number": "8"}
    )
    later["deliveryRelations"].append({"ID": "d", "Next": "f"})
    before = {_identity(each) for each in foodchainlab.read(as_file(plain()))}
    after = {_identity(each) for each in foodchainlab.read(as_file(later))}
    assert before < after
    assert len(after) == len(before) + 1


def _identity(document: Json) -> tuple[str, str]:
    return document["kind"], document["envelope"]["source_event_id"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "fcl.not-json"),
        (b"{", "fcl.not-json"),
        (b'{"a": NaN}', "fcl.not-json"),
        (b"[" * 100_000, "fcl.not-json"),
        (b"[]", "fcl.not-foodchainlab"),
        (b"{}", "fcl.not-foodchainlab"),
        (b'{"stations": [], "deliveries": 3, "deliveryRelations": []}', "fcl.not-foodchainlab"),
        (b'{"stations": [7], "deliveries": [], "deliveryRelations": []}', "fcl.wrong-value"),
    ],
)
def test_files_that_are_something_else_are_named(raw: bytes, code: str) -> None:
    with pytest.raises(TheirFault) as caught:
        list(foodchainlab.read(BytesIO(raw)))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("table", "row", "code", "path"),
    [
        ("stations", {"Name": "x"}, "fcl.missing-field", "stations[3]"),
        ("stations", {"ID": "1"}, "fcl.duplicate-id", "stations[3]"),
        ("stations", {"ID": 1.5}, "fcl.wrong-value", "stations[3].ID"),
        ("deliveries", {"ID": "g", "from": "1"}, "fcl.missing-field", "deliveries[2]"),
        (
            "deliveries",
            {"ID": "g", "from": "1", "to": "9"},
            "fcl.unknown-station",
            "deliveries[2].to",
        ),
        (
            "deliveries",
            {"ID": "d", "from": "1", "to": "2"},
            "fcl.duplicate-id",
            "deliveries[2]",
        ),
        (
            "deliveryRelations",
            {"ID": "d", "Next": "?"},
            "fcl.unknown-delivery",
            "deliveryRelations[1].Next",
        ),
        (
            "deliveryRelations",
            {"ID": "e", "Next": "d"},
            "fcl.broken-relation",
            "deliveryRelations[1]",
        ),
    ],
)
def test_bad_rows_are_named_with_their_place(table: str, row: Json, code: str, path: str) -> None:
    document = plain()
    document[table].append(row)
    with pytest.raises(TheirFault) as caught:
        list(foodchainlab.read(as_file(document)))
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2014-09-01", "2014-09-01", "day"),
        ("2014-09", "2014-09-01", "month"),
        ("1.9.2014", "2014-09-01", "day"),
        ("21/1/2019", "2019-01-21", "day"),
        ("9/2018", "2018-09-01", "month"),
        (2019, "2019-01-01", "year"),
        ("2014-09-01T10:00:00", "2014-09-01", "day"),
    ],
)
def test_days(text: object, day: str, precision: str) -> None:
    found = moment(text)
    assert found is not None
    assert (found.day.isoformat(), found.precision) == (day, precision)


@pytest.mark.parametrize("text", [None, "", "End 2023", "2014-13-01", "31.2.2014", 7, {}])
def test_days_that_are_none(text: object) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (29, "Portions", ("29", "Portions")),
        ("88.0 Portions", None, ("88", "Portions")),
        ("2.0 paletts 18.4kg", None, ("2", "paletts 18.4kg")),
        ("12,5", "KG", ("12.5", "kg")),
        (Decimal("36.799999999999997"), "kg", ("36.8", "kg")),
        (3, None, ("3", "delivery")),
    ],
)
def test_amounts(value: object, unit: object, expected: tuple[str, str]) -> None:
    found = amount(value, unit)
    assert found.said is None
    assert found.quantity == Quantity(Decimal(expected[0]), expected[1])


@pytest.mark.parametrize("value", [None, "", "some", 0, -3, True, "1.234,5", 10**15])
def test_amounts_that_are_none_are_kept_as_text(value: object) -> None:
    found = amount(value, None)
    assert found.quantity == Quantity(Decimal(1), "delivery")
    assert found.said


@given(st.decimals(Decimal("0.000001"), 10**9, places=6), st.integers(1, 40))
def test_shares_add_up(total: Decimal, parts: int) -> None:
    made = shares(Quantity(total, "kg"), parts)
    assert len(made) == parts
    if total >= parts * Decimal("0.000001"):
        assert sum(each.amount for each in made) == total
