"""Events from JSON: exact, strict, with a path for everything that is wrong."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace.events import KINDS, Event
from foodtrace.problems import PROBLEMS
from foodtrace_schemas.examine import MAX_PROBLEMS, examine
from foodtrace_schemas.forms import NOT_TAKEN, read_quickly
from foodtrace_schemas.json_form import Refused, read, read_thoroughly, write, write_bytes
from support.any_events import events
from support.events import a_line, a_party, a_receipt, a_trade, a_void, kg, with_envelope

TRADE = a_trade(
    lines=[
        a_line(1, codes=["C-1"], price_amount=Decimal("312.5"), currency="CNY"),
        a_line(2, count=kg("0.25")),
    ],
    extra={"till": "4"},
)


@given(events())
def test_any_event_comes_back_as_it_went(event: Event) -> None:
    assert read(write_bytes(event)) == event
    assert read(write(event)) == event
    assert read(write_bytes(event).decode()) == event


@given(events())
def test_the_quick_way_and_the_thorough_one_give_the_same(event: Event) -> None:
    raw = write_bytes(event)
    document = msgspec.json.decode(raw)
    assert document.pop("kind") == event.kind
    assert read_quickly(raw, None, None) == examine(KINDS[event.kind], document) == event


def test_what_is_written_is_plain_and_leaves_out_what_is_not_stated() -> None:
    document = write(TRADE)
    assert document["kind"] == "trade"
    assert document["lines"][0] == {
        "line_no": 1,
        "product": {"product_id": "P-1"},
        "lot_codes": [{"code": "C-1"}],
        "basis": "declared",
        "net_mass": {"amount": "10", "unit": "kg"},
        "price_amount": "312.5",
        "currency": "CNY",
    }
    assert document["envelope"]["occurred_at"] == "2026-05-21T04:00:00Z"
    assert document["envelope"]["extra"] == {"till": "4"}
    assert b"\n" not in write_bytes(TRADE)


# --- one thing wrong ------------------------------------------------------------------------------


def set_at(path: str, value: Any) -> dict[str, Any]:
    """The document of TRADE with another value at a path like lines.0.count.amount."""
    document = deepcopy(write(TRADE))
    *way, last = path.split(".")
    spot: Any = document
    for part in way:
        spot = spot[int(part) if part.isdigit() else part]
    spot[int(last) if last.isdigit() else last] = value
    return document


def problems_of(document: Any) -> list[tuple[str, str]]:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(Refused) as caught:
        read(raw)
    refused = caught.value
    first = refused.problems[0]
    assert (refused.code, refused.path, refused.detail) == (first.code, first.path, first.detail)
    return [(problem.code, problem.path) for problem in refused.problems]


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        ("kind", "tarde", "event.unknown-kind", "kind"),
        ("kind", None, "event.missing-field", "kind"),
        ("kind", 7, "event.wrong-type", "kind"),
        ("kind", ["trade"], "event.wrong-type", "kind"),
        ("seler", {}, "event.unknown-field", "seler"),
        ("lines.0.net_mas", 1, "event.unknown-field", "lines[0].net_mas"),
        ("envelope.kind", "trade", "event.unknown-field", "envelope.kind"),
        ("envelope", None, "event.missing-field", "envelope"),
        ("envelope", [], "event.wrong-type", "envelope"),
        ("envelope.source_event_id", None, "event.missing-field", "envelope.source_event_id"),
        ("envelope.source_event_id", "", "text.empty", "envelope.source_event_id"),
        ("envelope.source_event_id", "x" * 129, "text.too-long", "envelope.source_event_id"),
        ("envelope.source", 1, "event.wrong-type", "envelope.source"),
        ("envelope.revision", True, "event.wrong-type", "envelope.revision"),
        ("envelope.revision", 1.0, "event.wrong-type", "envelope.revision"),
        ("envelope.event_id", "x", "event.wrong-type", "envelope.event_id"),
        ("envelope.occurred_at", None, "event.missing-field", "envelope.occurred_at"),
        ("envelope.occurred_at", "yesterday", "event.wrong-type", "envelope.occurred_at"),
        ("envelope.occurred_at", 1747800000, "event.wrong-type", "envelope.occurred_at"),
        ("envelope.occurred_at", "2026-05-21T04:00:00", "date.naive", "envelope.occurred_at"),
        ("envelope.occurred_at", "2026-02-30T04:00:00Z", "date.impossible", "envelope.occurred_at"),
        (
            "envelope.occurred_at",
            "2026-05-21T04:00:00+09:00",
            "date.impossible",
            "envelope.occurred_offset_minutes",
        ),
        ("envelope.reported_at", "2026-05-21T04:00:00", "date.naive", "envelope.reported_at"),
        ("envelope.business_date", "2026-5-21", "event.wrong-type", "envelope.business_date"),
        ("envelope.business_date", "2026-02-30", "date.impossible", "envelope.business_date"),
        ("envelope.business_date", "1989-12-31", "event.too-old", "envelope.business_date"),
        ("envelope.business_date", "2026-06-21", "date.impossible", "envelope.business_date"),
        ("envelope.aspect", "given", "list.unknown-value", "envelope.aspect"),
        ("envelope.aspect", None, "event.wrong-type", "envelope.aspect"),
        ("envelope.voucher_numbers", "V", "event.wrong-type", "envelope.voucher_numbers"),
        ("envelope.voucher_numbers", [1], "event.wrong-type", "envelope.voucher_numbers[0]"),
        ("envelope.extra", [], "event.wrong-type", "envelope.extra"),
        ("envelope.extra", {"till": 4}, "event.wrong-type", "envelope.extra.till"),
        ("envelope.extra", {"till": "\0"}, "text.control-character", "envelope.extra.till"),
        ("seller", {}, "side.unidentified", "seller.party"),
        ("seller.party", "A\0", "text.control-character", "seller.party"),
        ("seller.party", "A\x1b", "text.control-character", "seller.party"),
        ("seller.party", "A\u0085", "text.control-character", "seller.party"),
        ("seller.party", "A\ud800", "text.lone-surrogate", "seller.party"),
        ("buyer.party", "A", "event.same-party", "buyer"),
        ("lines", [], "event.no-lines", "lines"),
        ("lines", {}, "event.wrong-type", "lines"),
        ("lines.1", "x", "event.wrong-type", "lines[1]"),
        ("lines.1.line_no", 1, "event.duplicate-line", "lines[1].line_no"),
        ("lines.1.line_no", "2", "event.wrong-type", "lines[1].line_no"),
        ("lines.1.line_no", 2**31, "quantity.too-large", "lines[1].line_no"),
        ("lines.1.count.amount", "0", "quantity.not-positive", "lines[1].count.amount"),
        ("lines.1.count.amount", -1, "quantity.not-positive", "lines[1].count.amount"),
        ("lines.1.count.amount", "1_0", "quantity.not-a-number", "lines[1].count.amount"),
        ("lines.1.count.amount", "１０", "quantity.not-a-number", "lines[1].count.amount"),
        ("lines.1.count.amount", " 1", "quantity.not-a-number", "lines[1].count.amount"),
        ("lines.1.count.amount", "NaN", "quantity.not-a-number", "lines[1].count.amount"),
        ("lines.1.count.amount", "十", "quantity.not-a-number", "lines[1].count.amount"),
        ("lines.1.count.amount", True, "event.wrong-type", "lines[1].count.amount"),
        ("lines.1.count.amount", None, "event.missing-field", "lines[1].count.amount"),
        ("lines.1.count.amount", 0.0000001, "quantity.too-precise", "lines[1].count.amount"),
        ("lines.1.count.amount", "1e12", "quantity.too-large", "lines[1].count.amount"),
        ("lines.1.count.amount", "1e999999999", "quantity.too-large", "lines[1].count.amount"),
        ("lines.1.count.amount", "1e-999999999", "quantity.too-precise", "lines[1].count.amount"),
        ("lines.1.count.amount", "9" * 5000, "quantity.too-large", "lines[1].count.amount"),
        ("lines.1.count.unit", "", "text.empty", "lines[1].count.unit"),
        ("lines.1.net_mass", {"amount": 1, "unit": "箱"}, "quantity.not-a-mass", "lines[1].net_mass.unit"),
        ("lines.1.expiry_date", "2026-05-32", "date.impossible", "lines[1].expiry_date"),
        ("lines.1.basis", "guessed", "list.unknown-value", "lines[1].basis"),
        ("lines.1.product", {}, "event.missing-field", "lines[1].product.product_id"),
        ("lines.1.refers_to", {"line_no": 1}, "event.missing-field", "lines[1].refers_to.event_id"),
        ("lines.0.currency", None, "money.no-currency", "lines[0].currency"),
        ("lines.0.price_amount", "-1", "money.negative", "lines[0].price_amount"),
        ("lines.0.production_date", "2026-05-24", "date.produced-after-event", "lines[0].production_date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_path(path: str, value: Any, code: str, where: str) -> None:
    assert (code, where) in problems_of(set_at(path, value))
    assert code in PROBLEMS


def test_a_missing_count_and_mass_is_named() -> None:
    document = write(TRADE)
    del document["lines"][1]["count"]
    assert problems_of(document) == [("quantity.missing", "lines[1].count")]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"1",
        b"{}x",
        b"\xff\xfe{\x00}\x00",
        b'{"kind":"\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"kind":"trade","n":' + b"9" * 100_000 + b"}",
    ],
)
def test_what_is_no_document_is_malformed(raw: bytes) -> None:
    assert problems_of(raw)[0][0] in ("event.malformed", "event.missing-field")


def test_numbers_that_json_does_not_have_are_named_where_they_stand() -> None:
    raw = write_bytes(TRADE).replace(b'"0.25"', b"NaN")
    assert problems_of(raw) == [("quantity.not-a-number", "lines[1].count.amount")]
    raw = write_bytes(TRADE).replace(b'"0.25"', b"-Infinity")
    assert problems_of(raw) == [("quantity.not-a-number", "lines[1].count.amount")]


def test_a_raw_control_character_is_named_where_it_stands() -> None:
    raw = write_bytes(TRADE).replace(b'"party":"A"', b'"party":"A\t"')
    assert problems_of(raw) == [("text.control-character", "seller.party")]


def test_a_misspelt_name_is_answered_with_the_right_one() -> None:
    for path, value, hint in (
        ("lines.0.prodution_date", "2026-05-20", "'prodution_date', did you mean production_date?"),
        ("kind", "reciept", "'reciept', did you mean receipt?"),
        ("xyzzy", 1, "'xyzzy'"),
    ):
        with pytest.raises(Refused) as caught:
            read(set_at(path, value))
        assert caught.value.detail == hint


def test_everything_that_is_wrong_is_told_at_once() -> None:
    document = set_at("lines.0.basis", "guessed")
    document["lines"][1]["count"]["amount"] = "x"
    document["seller"]["party"] = 7
    document["bayer"] = {}
    assert problems_of(document) == [
        ("event.unknown-field", "bayer"),
        ("event.wrong-type", "seller.party"),
        ("list.unknown-value", "lines[0].basis"),
        ("quantity.not-a-number", "lines[1].count.amount"),
    ]


def test_the_list_of_problems_has_an_end() -> None:
    document = set_at("lines", [7] * 5000)
    assert len(problems_of(document)) == MAX_PROBLEMS


# --- amounts, instants and ids --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "exact"),
    [
        ("0.1", "0.1"),
        ("1.10", "1.1"),
        ('"1.10"', "1.1"),
        ("007", "7"),
        ('"007.50"', "7.5"),
        ("1e3", "1000"),
        ('"1.5E-2"', "0.015"),
        ("123456789012.123456", "123456789012.123456"),
        ('"999999999999.999999"', "999999999999.999999"),
        ("0.30000000000000000000", "0.3"),
    ],
)
def test_amounts_are_never_rounded(told: str, exact: str) -> None:
    raw = write_bytes(TRADE).replace(b'"312.5"', told.encode())
    if told == "007":
        assert problems_of(raw)[0][0] == "event.malformed"
        return
    event = read(raw)
    assert event.lines[0].price_amount == Decimal(exact)  # type: ignore[union-attr]


def test_more_digits_than_a_float_has_still_count() -> None:
    raw = write_bytes(TRADE).replace(b'"0.25"', b"0.25000000000000000001")
    assert problems_of(raw) == [("quantity.too-precise", "lines[1].count.amount")]


@pytest.mark.parametrize(
    ("told", "given_offset", "offset"),
    [
        ("2026-05-21T12:00:00+08:00", None, 480),
        ("2026-05-21T13:00:00+09:00", None, 540),
        ("2026-05-21T00:30:00-03:30", None, -210),
        ("2026-05-21T04:00:00Z", None, 480),
        ("2026-05-21T04:00:00+00:00", None, 480),
        ("2026-05-21T04:00:00Z", 540, 540),
        ("2026-05-21T13:00:00+09:00", 540, 540),
        ("2026-05-21 04:00:00.000000z", 0, 0),
    ],
)
def test_instants_become_utc_and_keep_their_offset(
    told: str, given_offset: int | None, offset: int
) -> None:
    document = set_at("envelope.occurred_at", told)
    document["envelope"]["occurred_offset_minutes"] = given_offset
    for way in (document, json.dumps(document).encode()):
        envelope = read(way).envelope
        assert envelope.occurred_at == datetime(2026, 5, 21, 4, tzinfo=UTC)
        assert envelope.occurred_at.tzinfo is UTC
        assert envelope.occurred_offset_minutes == offset


def test_the_id_is_made_where_it_is_missing_and_judged_where_it_is_given() -> None:
    document = write(TRADE)
    told = document["envelope"].pop("event_id")
    assert read(document) == TRADE
    document["envelope"]["event_id"] = None
    assert read(document) == TRADE
    document["envelope"]["event_id"] = told.upper()
    assert read(document) == TRADE
    document["envelope"]["revision"] = 1
    with pytest.raises(Refused, match=r"^envelope\.event_id: event\.wrong-id"):
        read(document)
    del document["envelope"]["event_id"]
    assert read(document) == with_envelope(TRADE, revision=1)


def test_source_and_reporter_stand_in_where_none_is_named() -> None:
    document = write(TRADE)
    for name in ("source", "event_id"):
        del document["envelope"][name]
    event = read(document, source="till-7", reporter="M")
    assert event == with_envelope(TRADE, source="till-7", reporter="M")
    kept = read(write(TRADE), source="till-7", reporter="M")
    assert kept == with_envelope(TRADE, reporter="M")
    with pytest.raises(Refused, match=r"^envelope\.source: event\.missing-field"):
        read(document)
    misspelt = {**document, "kin": 1}
    with pytest.raises(Refused, match=r"^kin: event\.unknown-field"):
        read(misspelt, source="till-7", reporter="M")


def test_floats_of_python_are_taken_by_their_shortest_form() -> None:
    event = read(set_at("lines.1.count.amount", 0.1))
    assert event.lines[1].count == kg("0.1")  # type: ignore[union-attr]


def test_documents_of_python_that_json_cannot_hold_are_refused_too() -> None:
    for odd in ({7: "x"}, {object(): "x"}):
        with pytest.raises(Refused):
            read({**write(TRADE), "note": object(), **odd})  # type: ignore[dict-item]
        with pytest.raises(Refused):
            read(set_at("envelope.extra", {"a": object(), **odd}))
    for value in (object(), {1, 2}, b"x", float("nan"), float("inf"), "\ud800"):
        with pytest.raises(Refused):
            read(set_at("lines.1.count.amount", value))


# --- never anything else --------------------------------------------------------------------------

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 2**63, 1.5, "", "x", "\0", "\ud800", "1_0", "2026-02-30", [], [None], {}]
) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
SAMPLES = [TRADE, a_receipt(code="R"), a_void(TRADE, line=1), a_party()]


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            found += spots(inner, (*path, key))
    return found


@settings(max_examples=400)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_document_with_junk_in_it_is_taken_by_both_ways_or_refused(
    sample: Event, data: st.DataObject
) -> None:
    document = json.loads(write_bytes(sample))
    for _ in range(data.draw(st.integers(1, 2))):
        *way, last = data.draw(st.sampled_from(spots(document)))
        spot = document
        for part in way:
            spot = spot[part]
        action = data.draw(st.sampled_from(["set", "drop", "add"]))
        if action == "drop":
            del spot[last]
            break
        if action == "add" and isinstance(spot, dict):
            last = data.draw(st.text(max_size=8))
        spot[last] = deepcopy(data.draw(JUNK))
    raw = json.dumps(document).encode()
    try:
        quick: Event | None = read_quickly(raw, None, None)
    except NOT_TAKEN:
        quick = None
    try:
        thorough: Event | None = read_thoroughly(json.loads(raw, parse_float=Decimal))
    except Refused:
        thorough = None
    assert quick is None or quick == thorough


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf8", "replace")))
def test_any_bytes_are_refused_by_name(raw: bytes) -> None:
    with pytest.raises(Refused):
        read(raw)
