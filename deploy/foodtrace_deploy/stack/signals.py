"""Ctrl-C, SIGTERM and a closed terminal: the first asks for a clean end, the next kills."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Raised in the main thread by the first signal; not an error."""


class Signals:
    """While entered, the first signal raises StopRequested and every further one calls `on_more`.

    For the main thread alone.
    """

    def __init__(self, on_more: Callable[[], None]) -> None:
        """`on_more` must return at once; it runs between two instructions of the main thread."""
        self._on_more = on_more
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for one in _SIGNALS:
            # Whoever started it with nohup doesn't want it to end with the terminal.
            if one is signal.SIGHUP and signal.getsignal(one) is signal.SIG_IGN:
                continue
            self._before[one] = signal.signal(one, self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one, before in self._before.items():
            signal.signal(one, before)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            self._on_more()
            return
        self._asked = True
        raise StopRequested
