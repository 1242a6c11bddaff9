"""Events to framed Avro and back: exact, like fastavro, and safe with any bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import fastavro
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace.events import KINDS, Event
from foodtrace.problems import InvalidValue
from foodtrace_schemas.avro_model import loads
from foodtrace_schemas.codec import decode, encode, form_of
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.upcasts import UPCASTS, steps
from foodtrace_schemas.wire import HEAD_BYTES, frame
from support.any_events import events
from support.events import a_line, a_party, a_side, a_trade, a_transformation, with_envelope

ID_OF = {kind: number for number, kind in enumerate(KINDS, start=1)}
TEXTS = {number: schema_text(kind) for kind, number in ID_OF.items()}
PARSED = {kind: fastavro.parse_schema(loads(schema_text(kind))) for kind in KINDS}


def encoded(event: Event) -> bytes:
    return encode(event, ID_OF[event.kind])


def decoded(value: bytes | None) -> Event:
    return decode(value, TEXTS.get).event


@given(events())
def test_any_event_comes_back_as_it_went(event: Event) -> None:
    found = decode(encoded(event), TEXTS.get)
    assert found.event == event
    assert found.schema_id == ID_OF[event.kind]


@given(events())
def test_fastavro_reads_what_we_write_and_writes_what_we_read(event: Event) -> None:
    data = encoded(event)[HEAD_BYTES:]
    read = fastavro.schemaless_reader(io.BytesIO(data), PARSED[event.kind], None)
    assert isinstance(read, dict)
    assert msgspec.convert(read, type(event)) == event
    out = io.BytesIO()
    fastavro.schemaless_writer(out, PARSED[event.kind], read)
    assert out.getvalue() == data


def test_offsets_and_amounts_survive_to_the_last_digit() -> None:
    line = a_line(price_amount=Decimal("999999999999.999999"), currency="CNY")
    trade = a_trade(lines=[line], occurred_offset_minutes=-210)
    assert decoded(encoded(trade)) == trade


@pytest.mark.parametrize("amount", ["12.5000000", "1E+3", "0E-10", "0E+900", "-0", "7.000000000"])
def test_amounts_go_by_value_however_they_are_written(amount: str) -> None:
    line = a_line(price_amount=Decimal(amount), currency="CNY")
    trade = a_trade(lines=[line])
    assert decoded(encoded(trade)) == trade


def test_what_the_contract_cannot_hold_exactly_is_refused_when_made() -> None:
    with pytest.raises(InvalidValue, match=r"quantity\.too-precise"):
        replace(a_transformation(), minimum_yield=Decimal("0.1234567"))


# --- bytes that aren't an event -------------------------------------------------------------------


def code_of(value: bytes | None, lookup: Mapping[int, str] = TEXTS) -> str:
    """What `decode` answers: a code, or "event". Anything else is the test's failure."""
    try:
        decode(value, lookup.get)
    except InvalidValue as problem:
        return problem.code
    return "event"


@given(st.binary(max_size=400), st.sampled_from(sorted(TEXTS)))
def test_any_bytes_give_an_event_or_a_named_error(data: bytes, schema_id: int) -> None:
    assert code_of(data)
    assert code_of(frame(schema_id, data))


@settings(max_examples=150)
@given(events(), st.data())
def test_damaged_records_give_an_event_or_a_named_error(event: Event, data: st.DataObject) -> None:
    value = bytearray(encoded(event))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(HEAD_BYTES, len(value)))
        cut = data.draw(st.integers(0, 8))
        value[place : place + cut] = data.draw(st.binary(max_size=8))
    assert code_of(bytes(value))


@given(events(), st.data())
def test_a_record_cut_short_is_broken(event: Event, data: st.DataObject) -> None:
    value = encoded(event)
    cut = data.draw(st.integers(HEAD_BYTES, len(value) - 1))
    assert code_of(value[:cut]) == "avro.broken"
    assert code_of(value + b"\0") == "avro.trailing-bytes"


def test_a_tombstone_and_an_unknown_id_are_named() -> None:
    value = encoded(a_trade())
    assert code_of(None) == "avro.too-short"
    assert code_of(b"\x07" + value[1:]) == "avro.wrong-magic"
    assert code_of(value, {}) == "avro.unknown-schema"


def test_what_the_domain_refuses_carries_its_path() -> None:
    value = encoded(a_trade(lines=[a_line(1), a_line(2, "half")]))
    with pytest.raises(
        InvalidValue, match=r"^lines\[1\]\.product\.product_id: text\.control-character"
    ):
        decoded(value.replace(b"half", b"ha\0f"))


def test_an_id_that_does_not_follow_from_the_identity_is_refused() -> None:
    trade = a_trade()
    other = replace(trade, envelope=replace(trade.envelope, event_id=uuid4()))
    with pytest.raises(InvalidValue, match=r"^envelope\.event_id: event\.wrong-id"):
        decoded(encoded(other))


# --- bytes that claim more than they bring --------------------------------------------------------

TEN_BYTES = b"\xff" * 9 + b"\x01"
#: Up to the lines of a trade: everything before them in a real one.
HEAD = encoded(a_trade(lines=[a_line(1, "bomb")])).partition(b"bomb")[0]
BEFORE_LINES = HEAD[: HEAD.rindex(b"\x02\x02\x02")]


def test_the_prefix_is_the_one_the_bombs_need() -> None:
    assert decoded(BEFORE_LINES + encoded(a_trade())[len(BEFORE_LINES) :]) == a_trade()


@pytest.mark.parametrize(
    ("tail", "code"),
    [
        (b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", "avro.broken"),
        (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00", "avro.broken"),
        (b"\x80" * 9, "avro.broken"),
        (b"\x80" * 1_000_000, "avro.broken"),
        (TEN_BYTES[:-1] + b"\x7f", "avro.broken"),
        (b"\x02\x02\x02" + b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", "avro.broken"),
        (b"\x02\x02\x02\x01", "avro.broken"),
        (b"\x02\x02\x04", "avro.broken"),
        (b"\x02\xfe\xff\xff\xff\xff\x1f", "avro.broken"),
    ],
    ids=[
        "more lines than there are bytes",
        "the same with a block size",
        "a number that doesn't end",
        "a number that doesn't end for a megabyte",
        "a number of more than 64 bits",
        "a text longer than the record",
        "a negative length",
        "a branch that no union has",
        "a line number of more than 32 bits",
    ],
)
def test_claims_are_not_believed(tail: bytes, code: str) -> None:
    assert code_of(BEFORE_LINES + tail) == code


def test_a_decimal_of_a_megabyte_is_not_converted() -> None:
    value = encoded(a_trade(lines=[a_line(price_amount=Decimal(1), currency="CNY")]))
    head, _, rest = value.partition(b"\x06\x0f\x42\x40\x02\x06CNY")
    assert rest
    for size in (0, 10, 1_000_000):
        assert code_of(head + _long(size) + b"\x01" * size + b"\x02\x06CNY" + rest) == "avro.broken"


def _long(number: int) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, "long", number)
    return out.getvalue()


@pytest.mark.parametrize("days", [2**31 - 1, -(2**31), 2_932_897])
def test_days_that_no_calendar_has_are_named(days: int) -> None:
    value = encoded(a_trade())
    day = _long(20594)
    assert value.count(day) == 1
    assert code_of(value.replace(day, _long(days))) in {"date.impossible", "avro.broken"}


# --- other writers' schemas -----------------------------------------------------------------------


def changed(kind: str, change: Any) -> str:
    """The contract of a kind after `change(its JSON)`, as an ERP of another version may have it."""
    raw = loads(schema_text(kind))
    change(raw)
    return msgspec.json.encode(raw).decode()


def written(text: str, record: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(loads(text)), record)
    return frame(9, out.getvalue())


def plain(event: Event) -> dict[str, Any]:
    data = io.BytesIO(encoded(event)[HEAD_BYTES:])
    read = fastavro.schemaless_reader(data, PARSED[event.kind], None)
    assert isinstance(read, dict)
    return read


def test_a_newer_writers_fields_are_skipped_whatever_they_are() -> None:
    types = [
        "boolean",
        "float",
        "double",
        "bytes",
        "long",
        {"type": "fixed", "name": "F", "size": 3},
        {"type": "enum", "name": "E", "symbols": ["x", "y"]},
        {"type": "array", "items": "E"},
        {"type": "map", "values": ["null", "F"]},
        {"type": "record", "name": "R", "fields": [{"name": "r", "type": ["null", "string"]}]},
        {"type": "array", "items": {"type": "array", "items": "R"}},
        "foodtrace.Side",
        "null",
    ]
    values: list[Any] = [True, 1.5, 2.5, b"b", -(2**60), b"abc", "y", ["x", "y"], {"k": b"abc"}]
    values += [{"r": "z"}, [[{"r": None}], [{"r": "z"}, {"r": "z"}]], {"party": "Z"}, None]

    def change(raw: Any) -> None:
        added = [{"name": f"n{number}", "type": each} for number, each in enumerate(types)]
        raw["fields"] = raw["fields"][:3] + added + raw["fields"][3:]

    text = changed("trade", change)
    trade = a_trade()
    more = {f"n{number}": value for number, value in enumerate(values)}
    assert decode(written(text, {**plain(trade), **more}), {9: text}.get).event == trade


def test_an_older_writers_missing_fields_take_our_defaults() -> None:
    def change(raw: Any) -> None:
        envelope = raw["fields"][0]["type"]
        kept = {"event_id", "source", "source_event_id", "occurred_at", "business_date"}
        envelope["fields"] = [each for each in envelope["fields"] if each["name"] in kept]

    text = changed("trade", change)
    trade = a_trade()
    assert decode(written(text, plain(trade)), {9: text}.get).event == trade


def test_fields_meet_by_name_unions_by_type_and_small_numbers_widen() -> None:
    def change(raw: Any) -> None:
        raw["fields"].reverse()
        raw["fields"].sort(key=lambda each: each["name"] != "envelope")
        envelope = raw["fields"][0]["type"]
        for each in envelope["fields"]:
            if each["name"] == "trade_no":
                each.update(type=["string", "null"], default="")
            if each["name"] == "region":
                each.update(type="string", default="")
            if each["name"] == "mandate":
                each.update(type="null")
            if each["name"] == "source":
                each.update(type="bytes")

    text = changed("party", change)
    party = with_envelope(a_party(region="350203"), trade_no="T", region="3502")
    record = plain(party)
    record["envelope"] |= {"source": b"erp"}
    assert decode(written(text, record), {9: text}.get).event == party


def test_blocks_with_their_size_are_read() -> None:
    value = encoded(a_trade())
    line = value[len(BEFORE_LINES) + 1 : -1]
    sized = BEFORE_LINES + b"\x01" + _long(len(line)) + line + b"\x00"
    assert decoded(sized) == a_trade()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('"string"', "no event of ours"),
        ('{"type":"record","name":"Gossip","fields":[]}', "Gossip is no event of ours"),
        ('{"type":"record","name":"foodtrace.Trade","fields":[]}', "envelope"),
        ("{", "no JSON"),
        (
            changed("trade", lambda raw: raw["fields"][3].update(type="string")),
            "lines is array of foodtrace.Line to the reader and string to the writer",
        ),
        (
            schema_text("trade").replace('"scale":6', '"scale":2'),
            r"decimal\(18,6\) to the reader and bytes decimal\(18,2\) to the writer",
        ),
        (schema_text("trade").replace("micros", "millis"), "timestamp-millis to the writer"),
        (
            changed("trade", lambda raw: raw["fields"].append({"name": "x", "type": "Trade"})),
            "holds itself",
        ),
    ],
)
def test_a_schema_that_cannot_be_ours_is_named_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=rf"avro\.foreign-schema: schema 9: .*{reason}"):
        decode(frame(9, b"\0" * 9), {9: text}.get)


# --- versions -------------------------------------------------------------------------------------


def test_steps_are_taken_from_the_version_on_in_order() -> None:
    table = {
        ("trade", 3): lambda record: {**record, "three": True},
        ("trade", 1): lambda record: {**record, "one": True},
        ("party", 2): dict,
    }
    assert steps("trade", 1, 4, table) == (table["trade", 1], table["trade", 3])
    assert steps("trade", 2, 3, table) == ()
    assert steps("trade", 3, 3, UPCASTS) == ()


def test_a_step_turns_an_old_record_into_an_event_of_today() -> None:
    def step(record: dict[str, Any]) -> dict[str, Any]:
        record["seller"]["location"] = f"market/{record['seller']['location']}"
        return record

    value = encoded(a_trade(seller=a_side("A", "7")))
    form = form_of(schema_text("trade", 1), {("trade", 1): step}, newest=2)
    event = form.event(value, HEAD_BYTES)
    assert event.seller.location == "market/7"  # type: ignore[union-attr]
