"""What a replay's loader does with its orders, line by line; see `hand` for the other side."""

from __future__ import annotations

import json
import logging
import sys
from queue import SimpleQueue
from typing import Any

from foodtrace.problems import FoodtraceError
from foodtrace_bus.reader import Reader
from foodtrace_ledger.rebuild import beside
from foodtrace_ops import logs
from foodtrace_ops.settings import Settings
from foodtrace_streams.crash import Sort, exit_code, sort_of
from foodtrace_streams.garbage import look_seldom
from foodtrace_streams.quiet import quiet
from foodtrace_streams.replay.hand import ordered
from foodtrace_streams.replay.loader import CHUNK_RECORDS, Loader
from foodtrace_streams.replay.ranges import Reads


def follow(schema: str, form: str, lines: SimpleQueue[str]) -> int:
    """Load what the lines order into the ledger in `schema`; gives the exit code after an error."""
    settings = Settings()
    logs.configure("replay-loader", level=settings.log_level, form=settings.log_format)
    quiet()
    look_seldom()
    try:
        _load(settings, schema, form, lines)
    except Exception as error:  # noqa: BLE001 - the replay is told every error, and ends by it
        _tell(**_told(error))
        return exit_code(error)
    raise AssertionError("it ends by an error or by the end of the replay")


def _load(settings: Settings, schema: str, form: str, lines: SimpleQueue[str]) -> None:
    url = settings.database_url.get_secret_value()
    engine = beside.engine_of(url, schema, copies=form == "copies")
    access = settings.access()
    reads = Reads.of(settings.topic_prefix, settings.consumer)
    loader = Loader(engine, access, reads, threads=1)
    with Reader(access, batch_records=CHUNK_RECORDS) as reader:
        while True:
            one, kept = ordered(lines.get())
            loader.bring(reader, one, kept, lambda more: _tell(done=more))
            _tell(ended=True)


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
