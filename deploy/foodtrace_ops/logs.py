"""One way to log for every process: one JSON object a line, or coloured lines for people.

What libraries log through the standard library takes the same way. Secrets are never logged: values
under a telling name, and passwords inside URLs, are covered.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from foodtrace_ops.settings import LogFormat, LogLevel

COVERED = "***"
_TELLING = re.compile(r"password|secret|authorization|api_?key|bearer|token$", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
_KEY_TEXT = re.compile(r"\bft_[a-z]+_[0-9a-f]{8}_[A-Za-z0-9_-]{20,}")

#: Libraries that say too much at `info`.
_QUIET = ("aiokafka", "kafka", "faust", "mode", "alembic", "httpx", "uvicorn.access")


def configure(part: str, *, level: LogLevel = "info", form: LogFormat = "json") -> None:
    """Set up logging of this process to standard error; `part` stands in every line."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _named(part),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.UnicodeDecoder(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_render(form),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def cover(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cover what nobody may read in a log: by the name of the field and by the form of the text."""
    for name, value in event.items():
        event[name] = COVERED if _TELLING.search(name) else covered(value)
    return event


def covered(value: Any) -> Any:
    """The value without passwords in URLs and without API keys."""
    if isinstance(value, str):
        return _KEY_TEXT.sub(COVERED, _URL_PASSWORD.sub(rf"\1:{COVERED}@", value))
    if isinstance(value, Mapping):
        return {k: COVERED if _TELLING.search(str(k)) else covered(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [covered(item) for item in value]
    return value


def _render(form: LogFormat) -> list[Processor]:
    if form == "console":
        return [cover, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [
        structlog.processors.format_exc_info,
        cover,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]


def _named(part: str) -> Processor:
    def add(
        _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event.setdefault("part", part)
        return event

    return add
