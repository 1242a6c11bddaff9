"""`make chaos`: the last line is the verdict, the exit code 0 only where it is ok."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from support.chaos.plan import plan
from support.chaos.run import State, run

#: A line about how far it is, in seconds, where nobody sits at a terminal.
_LINE_EVERY_S = 10.0


class Screen:
    """Lines of progress: every action, every phase, and between them how far it is."""

    def __init__(self) -> None:
        """The clock starts."""
        self._began = time.monotonic()
        self._said: object = None
        self._at = 0.0

    def show(self, state: State) -> None:
        """Say what is new."""
        now = time.monotonic() - self._began
        news = state.phase, state.action
        if news == self._said and now - self._at < _LINE_EVERY_S:
            return
        what = "" if news == self._said or state.action is None else f"  {state.action}"
        self._said, self._at = news, now
        share = state.done / state.total if state.total else 0.0
        bar = "#" * round(20 * share)
        behind = max(0, state.log_end - state.ledger)
        print(
            f"{now:6.1f} s  {state.phase:<11}  [{bar:<20}] accepted {state.done}/{state.total}"
            f"  in ledger {state.ledger}  behind {behind}{what}",
            flush=True,
        )


def main() -> int:
    """Read the wishes, run, say the verdict."""
    asked = argparse.ArgumentParser(prog="support.chaos", description=__doc__)
    asked.add_argument("--events", type=int, default=20_000)
    asked.add_argument("--kills", type=int, default=12)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--keep", type=Path, help="keep logs and data in this new folder")
    asked.add_argument("--plan", action="store_true", help="show the schedule and do nothing")
    wish = asked.parse_args()
    for action in plan(wish.seed, wish.kills):
        print(action)
    if wish.plan:
        return 0
    # However it is told to end, also in the background: nothing is left behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        verdict = run(wish.events, wish.kills, wish.seed, Screen().show, wish.keep)
    except KeyboardInterrupt:
        print("ended before the verdict; nothing is left behind", flush=True)
        return 130
    for wrong in verdict.wrong:
        print(f"wrong: {wrong}")
    print(verdict.line(), flush=True)
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())
