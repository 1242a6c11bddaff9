"""`python -m foodtrace_streams`: one worker, configured by the environment alone.

Its exit codes are those of `foodtrace_bus.exits`; the last line of its log says what to do.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import structlog
from pydantic import ValidationError

from foodtrace.problems import PROBLEMS, FoodtraceError
from foodtrace_bus.exits import OPS, SETTINGS, STOPPED
from foodtrace_bus.refusals import plainly
from foodtrace_ops import logs
from foodtrace_ops.settings import Settings
from foodtrace_streams.child import ARGUMENT
from foodtrace_streams.crash import exit_code
from foodtrace_streams.garbage import look_seldom
from foodtrace_streams.quiet import quiet
from foodtrace_streams.serve import serve


def main() -> int:
    """Run the worker; gives the exit code."""
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.write(f"{error}\n")
        return SETTINGS
    is_child = sys.argv[1:] == [ARGUMENT]
    part = "worker-child" if is_child else "worker"
    logs.configure(part, level=settings.log_level, form=settings.log_format)
    quiet()
    if is_child:
        from foodtrace_streams import one_by_one

        return one_by_one.main(settings)
    # A child needs no Faust, and is made in half the time without.
    from foodtrace_streams.app import Worker

    look_seldom()
    log = structlog.get_logger("foodtrace.worker").bind(worker=settings.worker_index)
    try:
        worker = Worker(settings)
        if settings.worker_port:
            serve(settings.worker_port, worker.is_ready, settings.worker_host, worker.troubles)
        # Not asyncio.run: after an error it would wait for tasks that nobody needs any more.
        asyncio.new_event_loop().run_until_complete(worker.run())
    except Exception as caught:  # noqa: BLE001 - every end has a code and a sentence
        why = plainly(settings.brokers, caught)
        code = exit_code(why)
        _say(log, why, code)
        return code
    return STOPPED


def _say(log: structlog.stdlib.BoundLogger, error: Exception, code: int) -> None:
    problem = error.code if isinstance(error, FoodtraceError) else "worker.failed"
    text = PROBLEMS[problem]
    log.error(
        "worker ends",
        problem=problem,
        advice=text.en,
        advice_zh=text.zh,
        detail=str(error),
        exit_code=code,
        restart=code not in OPS,
        exc_info=None if isinstance(error, FoodtraceError) else error,
    )


if __name__ == "__main__":
    ended = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that wait for the database must not hold up an end: what they do is one transaction.
    os._exit(ended)
