"""The child of a worker: brings in one record after another, and may die of one."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from foodtrace_bus.producer import Bus
from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_ledger.engine import make_engine
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import schemas_topic, source_of
from foodtrace_streams.attempts import Attempts, attempts_of
from foodtrace_streams.child import READY, told, told_error, unpacked
from foodtrace_streams.chunk import RawChunk

#: Memory that one record (4 MiB at most) may need, in bytes: past that Python raises, and what
#: raises is put aside without a death.
MEMORY_BYTES = 1024 * 1024 * 1024
_DIE_WITH_PARENT = 1


def main(settings: Settings) -> int:
    """Serve the worker at the other end of standard input until it closes it."""
    _stand_back(os.getppid())
    loop = asyncio.new_event_loop()
    with ThreadPoolExecutor(1) as threads:
        attempts, start_bus = _made(settings, threads)
        sys.stdout.buffer.write(READY)
        sys.stdout.buffer.flush()
        for raw in unpacked(sys.stdin.buffer):
            outside = source_of(raw.topic, settings.topic_prefix) is not None
            answer = loop.run_until_complete(_tried(attempts, raw, start_bus if outside else None))
            try:
                sys.stdout.write(json.dumps(answer) + "\n")
                sys.stdout.flush()
            except BrokenPipeError:
                # The worker was killed meanwhile; the next one asks the ledger how far it came.
                os._exit(0)
    return 0


async def _tried(attempts: Attempts, raw: RawChunk, start: Callable[[], Any] | None) -> Any:
    try:
        if start is not None:
            await start()
            return told(await attempts.intake(raw, last=True))
        return told(await attempts.project(raw, last=True))
    except Exception as error:  # noqa: BLE001 - the worker decides what follows
        return told_error(error)


def _made(settings: Settings, threads: ThreadPoolExecutor) -> tuple[Attempts, Callable[[], Any]]:
    engine = make_engine(
        settings.database_url.get_secret_value(),
        application=f"foodtrace-worker-{settings.worker_index}",
        pool_size=2,
    )
    bus = Bus(
        settings.access(),
        client_id=f"foodtrace-{settings.instance_id}",
        idempotent=settings.broker_kind != "memory",
    )
    schemas = SchemasTopic(settings.access(), schemas_topic(settings.topic_prefix))
    started = False

    async def start() -> None:
        nonlocal started
        if not started:
            await bus.start()
            started = True

    return attempts_of(settings, engine, threads, schemas.read, bus), start


def _stand_back(worker: int) -> None:
    """Die before the worker does or with it, and otherwise end only when it says so."""
    # A signal for the whole group is meant for the worker; a death here would speak of a record.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    # A child that is held up by what it tries must not outlive a worker that was killed.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != worker:
        sys.exit(0)
    # Where there is no such file, the kernel chooses whom it likes.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
