"""An ERP with the producer kit, as a process that a test may kill: `python -m support.spooling`.

It takes a spool's folder, the name of a door with its arguments, and a number of documents. Each
receipt is one line on standard output, written once `send` has returned.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from foodtrace.identity import event_id
from foodtrace_client.doors import Door
from foodtrace_client.http_door import HttpDoor
from foodtrace_client.kit import Producer
from foodtrace_client.retry import RetryPolicy

SOURCE = "market-a"
#: A test doesn't wait as long as a shop.
HASTY = RetryPolicy(first_pause_s=0.02, longest_pause_s=0.2)


def document(number: int) -> dict[str, Any]:
    """The deal of that number, plain as an ERP has it: the process starts the sooner."""
    source_event_id = f"t-{number}"
    return {
        "kind": "trade",
        "envelope": {
            "event_id": str(event_id(SOURCE, "trade", source_event_id, 0)),
            "source": SOURCE,
            "source_event_id": source_event_id,
            "occurred_at": "2026-05-21T05:30:00+08:00",
            "business_date": "2026-05-21",
            "trade_no": source_event_id,
        },
        "seller": {"party": "A"},
        "buyer": {"party": "B"},
        "lines": [
            {
                "line_no": 1,
                "product": {"local_code": "20107", "category": "蔬菜"},
                "lot_codes": [{"code": f"L{number}"}],
                "net_mass": {"amount": "1", "unit": "kg"},
            }
        ],
    }


def door_of(way: str, *told: str) -> Door:
    """`http ADDRESS KEY` or `kafka BROKERS PREFIX IDEMPOTENT`."""
    if way == "http":
        return HttpDoor(*told)
    from foodtrace_client.kafka_door import KafkaDoor
    from foodtrace_client.schema_ids import TopicIds

    brokers, prefix, idempotent = told
    return KafkaDoor(
        brokers,
        SOURCE,
        TopicIds(brokers, prefix=prefix),
        prefix=prefix,
        enable_idempotence=idempotent == "kafka",
    )


def main() -> None:
    """Send documents one by one; the last line says that all of them are in."""
    folder, first, count, *way = sys.argv[1:]
    with Producer(Path(folder), door_of(*way), source=SOURCE, pauses=HASTY) as producer:
        for number in range(int(first), int(first) + int(count)):
            receipt = producer.send(document(number))
            print(number, receipt.event_id, flush=True)
        print("flushed" if producer.flush(30) else producer.pending(), flush=True)


if __name__ == "__main__":
    main()
