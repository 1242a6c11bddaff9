"""What an event costs on its way in and out, per event: `python tests/bench/bench_codec.py`.

Nothing is asserted: the figures stand beside each other, processor time, best of seven rounds. The
alternatives that were measured against stay here, so that the choice can be made again.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import fastavro
import msgspec
import pydantic

from foodtrace.events.paper import Paper
from foodtrace.events.trade import Trade
from foodtrace.identity import content_digest
from foodtrace.quantity import Quantity
from foodtrace_schemas import codec, json_form
from foodtrace_schemas.avro_model import loads
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.wire import HEAD_BYTES
from support.events import a_line, a_side, a_trade, kg

ROUNDS = 7
SECONDS_A_ROUND = 0.15


def sample(lines: int) -> Trade:
    """A market's trade with what such documents usually state."""
    paper = Paper(kind="quarantine", number="3502000001", issuer="厦门市动物卫生监督所")
    return a_trade(
        "market-7/2026-05-21/000123",
        seller=a_side("91350200MA2XXXXX1A", "350203-M7"),
        buyer=a_side("91350200MA2YYYYY2B", "350203-M7-A012"),
        trade_no="T-20260521-000123",
        document_number="D-000123",
        voucher_numbers=("V-35020320260521001",),
        lines=[
            a_line(
                number,
                codes=[f"35020000000000000{number:03}"],
                batch_code=f"20260521-{number}",
                count=Quantity(Decimal(2), "片"),
                net_mass=kg("12.5"),
                production_date=date(2026, 5, 20),
                expiry_date=date(2026, 5, 24),
                price_amount=Decimal("312.50"),
                currency="CNY",
                papers=(paper,),
            )
            for number in range(1, lines + 1)
        ],
    )


def microseconds(work: Callable[[], object]) -> float:
    """The best round's time of one call."""
    began = time.process_time()
    work()
    calls = max(1, int(SECONDS_A_ROUND / max(time.process_time() - began, 1e-6)))
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(calls):
            work()
        best = min(best, (time.process_time() - began) / calls)
    return best * 1e6


def ways(event: Trade) -> dict[str, Callable[[], object]]:
    """Each way of an event by what it is called in the table."""
    text = schema_text("trade")
    parsed = fastavro.parse_schema(loads(text))
    value = codec.encode(event, 1)
    data = value[HEAD_BYTES:]
    record: Any = fastavro.schemaless_reader(BytesIO(data), parsed, None)
    raw = json_form.write_bytes(event)
    document = msgspec.json.decode(raw)
    misspelt = raw.replace(b'"buyer"', b'"bayer"')
    bare = msgspec.json.encode({name: each for name, each in document.items() if name != "kind"})
    adapter = pydantic.TypeAdapter(Trade)
    direct = msgspec.json.Decoder(Trade)

    def refused() -> None:
        try:
            json_form.read(misspelt)
        except json_form.Refused:
            return

    return {
        "codec.encode": lambda: codec.encode(event, 1),
        "codec.decode": lambda: codec.decode(value, {1: text}.get),
        "  of it: fastavro reads": lambda: fastavro.schemaless_reader(BytesIO(data), parsed, None),
        "  of it: msgspec makes the event, domain checks": lambda: msgspec.convert(record, Trade),
        "json_form.read": lambda: json_form.read(raw),
        "  instead: msgspec into dataclasses, unknown fields pass": lambda: direct.decode(bare),
        "  instead: pydantic.TypeAdapter, unknown fields pass": lambda: adapter.validate_json(bare),
        "json_form.read of a misspelt one": refused,
        "json_form.write_bytes": lambda: json_form.write_bytes(event),
        "content_digest": lambda: content_digest(event),
    }


def test_figures() -> None:
    """Print the table for a short and a long document."""
    for lines in (3, 100):
        event = sample(lines)
        size = len(codec.encode(event, 1))
        told = len(json_form.write_bytes(event))
        print(f"\na trade of {lines} lines: {size} bytes of Avro, {told} of JSON; µs an event")
        for name, work in ways(event).items():
            print(f"  {name:<58}{microseconds(work):>10.1f}")


if __name__ == "__main__":
    test_figures()
