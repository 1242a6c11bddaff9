"""`python -m foodtrace_streams.replay ACTION [PROCESSES]`: rebuild, anew, back, drop-old or status.

Configured by the environment alone, as a worker is. It tells one JSON object a line; the last one
is what it ended with: `state`, or `problem`.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from foodtrace.problems import PROBLEMS, FoodtraceError
from foodtrace_bus.exits import CRASHED, SETTINGS, STOPPED
from foodtrace_ledger.errors import is_transient
from foodtrace_ops import logs
from foodtrace_ops.settings import Settings
from foodtrace_streams.crash import exit_code
from foodtrace_streams.garbage import look_seldom
from foodtrace_streams.quiet import quiet
from foodtrace_streams.replay.news import News
from foodtrace_streams.replay.run import Replay

ACTIONS: dict[str, Callable[[Replay], dict[str, Any]]] = {
    "rebuild": lambda replay: replay.rebuild(),
    "anew": lambda replay: replay.rebuild(anew=True),
    "back": Replay.back,
    "drop-old": Replay.drop_old,
    "status": Replay.status,
}


def main(action: str = "rebuild", processes: str = "") -> int:
    """Run it; gives the exit code. `processes` are those that load, as many as are worth it by
    default."""
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.write(f"{error}\n")
        return SETTINGS
    logs.configure("replay", level=settings.log_level, form=settings.log_format)
    quiet()
    look_seldom()
    news = News()
    replay = Replay(settings, news, processes=int(processes) if processes else None)
    try:
        news.tell(**ACTIONS[action](replay))
    except KeyboardInterrupt:
        news.tell(problem="interrupted", detail="")
        return 130
    except Exception as error:  # noqa: BLE001 - every end has a code and a sentence
        return _ended(news, error)
    finally:
        replay.close()
    return STOPPED


def _ended(news: News, error: Exception) -> int:
    away = is_transient(error)
    code = error.code if isinstance(error, FoodtraceError) else "ledger.away" if away else ""
    named = code or "worker.failed"
    text = PROBLEMS[named]
    notes = getattr(error, "__notes__", [])
    detail = error.detail if isinstance(error, FoodtraceError) else repr(error)[:600]
    news.tell(problem=named, zh=text.zh, en=text.en, detail="; ".join([detail, *notes]))
    if not code:
        logging.getLogger("foodtrace.replay").error("replay failed", exc_info=error)
    return exit_code(error) or CRASHED


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
