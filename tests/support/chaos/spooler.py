"""An ERP with the producer kit that may be killed: `python -m support.chaos.spooler FOLDER DOOR...`.

It follows the file `outbox` in its folder, hands every document to the kit, and writes into `taken`
up to which byte the kit has them on its disk: what stands before that was accepted. Once the file
`over` is there it sends the rest and ends with 0.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from foodtrace_client.doors import Door
from foodtrace_client.http_door import HttpDoor
from foodtrace_client.journal import replace_file
from foodtrace_client.kafka_door import KafkaDoor
from foodtrace_client.kit import Producer
from foodtrace_client.retry import RetryPolicy
from foodtrace_client.schema_ids import TopicIds

OUTBOX, TAKEN, OVER, SPOOL = "outbox", "taken", "over", "spool"
#: It doesn't wait as long as a shop.
_HASTY = RetryPolicy(first_pause_s=0.05, longest_pause_s=1.0)
_AT_ONCE = 100
_LOOK_S = 0.05
#: A door that doesn't answer in this time, in seconds, is asked again.
_ANSWER_S = 15.0


def door_of(way: str, *told: str) -> Door:
    """`http ADDRESS KEY` or `kafka BROKERS PREFIX SOURCE`."""
    if way == "http":
        address, key = told
        return HttpDoor(address, key, timeout_s=_ANSWER_S)
    brokers, prefix, source = told
    ids = TopicIds(brokers, prefix=prefix)
    return KafkaDoor(brokers, source, ids, prefix=prefix, answer_within_s=_ANSWER_S)


def taken(folder: Path) -> int:
    """Up to which byte of the outbox the kit has promised to deliver."""
    file = folder / TAKEN
    return int(file.read_text()) if file.exists() else 0


def main() -> int:
    """Hand over until it is over."""
    folder, source, *way = Path(sys.argv[1]), *sys.argv[2:]
    with (
        Producer(folder / SPOOL, door_of(*way), source=source, pauses=_HASTY) as producer,
        (folder / OUTBOX).open("rb") as outbox,
    ):
        place = taken(folder)
        outbox.seek(place)
        while True:
            is_over = (folder / OVER).exists()
            lines = _whole_lines(outbox.readlines(64 * 1024))
            outbox.seek(place + sum(map(len, lines)))
            for start in range(0, len(lines), _AT_ONCE):
                part = lines[start : start + _AT_ONCE]
                producer.send_all([line.rstrip(b"\n") for line in part])
                place += sum(map(len, part))
                replace_file(folder / TAKEN, str(place).encode())
            if not lines and is_over:
                break
            if not lines:
                time.sleep(_LOOK_S)
        producer.flush()
        for refused in producer.refused():
            sys.stderr.write(f"refused {refused.event_id} {refused.code} {refused.detail}\n")
    return 0


def _whole_lines(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if line.endswith(b"\n")]


if __name__ == "__main__":
    sys.exit(main())
