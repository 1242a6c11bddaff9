"""`python -m foodtrace_streams.replay.loading SCHEMA copies|inserts`: one of a replay's loaders.

Started by the replay itself, and ends with it: the pipe between them closes however that one ends.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from queue import SimpleQueue
from typing import Any

from foodtrace.problems import FoodtraceError
from foodtrace_bus.exits import STOPPED
from foodtrace_bus.reader import Reader
from foodtrace_ledger.rebuild import beside
from foodtrace_ops import logs
from foodtrace_ops.settings import Settings
from foodtrace_streams.crash import Sort, exit_code, sort_of
from foodtrace_streams.quiet import quiet
from foodtrace_streams.replay.hand import ordered
from foodtrace_streams.replay.loader import CHUNK_RECORDS, Loader
from foodtrace_streams.replay.ranges import Reads


def main(schema: str, form: str) -> int:
    """Load what is ordered until the replay is gone; gives the exit code after an error."""
    # Ctrl-C reaches the whole group; the replay itself says what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    settings = Settings()
    logs.configure("replay-loader", level=settings.log_level, form=settings.log_format)
    quiet()
    try:
        _load(settings, schema, form, orders)
    except Exception as error:  # noqa: BLE001 - the replay is told every error, and ends by it
        _tell(**_told(error))
        return exit_code(error)
    raise AssertionError("it ends by an error or by the end of the replay")


def _load(settings: Settings, schema: str, form: str, orders: SimpleQueue[str]) -> None:
    url = settings.database_url.get_secret_value()
    engine = beside.engine_of(url, schema, copies=form == "copies")
    access = settings.access()
    reads = Reads.of(settings.topic_prefix, settings.consumer)
    loader = Loader(engine, access, reads, threads=1)
    with Reader(access, batch_records=CHUNK_RECORDS) as reader:
        while True:
            one, kept = ordered(orders.get())
            loader.bring(reader, one, kept, lambda more: _tell(done=more))
            _tell(ended=True)


def _listen(orders: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        orders.put(line)
    # The replay ended, or was killed: nobody waits for what is under way, which is rolled back.
    os._exit(STOPPED)


def _told(error: Exception) -> dict[str, Any]:
    notes = getattr(error, "__notes__", [])
    if isinstance(error, FoodtraceError):
        return {"problem": error.code, "detail": "; ".join([error.detail, *notes])}
    if sort_of(error) is Sort.PASSES:
        return {"problem": "ledger.away", "detail": "; ".join([repr(error)[:600], *notes])}
    logging.getLogger("foodtrace.replay").error("loading failed", exc_info=error)
    return {"failed": "; ".join([repr(error)[:600], *notes])}


def _tell(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    ended = main(*sys.argv[1:])
    logging.shutdown()
    # Not by way of the interpreter's own end: a thread waits for the pipe.
    os._exit(ended)
