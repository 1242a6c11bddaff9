"""Lets frozen processes go on, whatever becomes of the one that froze them.

Run as a file by a bare interpreter (`-I -S`) before anything is frozen. It says "ready", waits until
its standard input ends (also by the death of its parent) or the time is up, then continues them all.

    thaw.py SECONDS PID...
"""

from __future__ import annotations

import os
import select
import signal
import sys


def main(arguments: list[str]) -> None:
    """Wait, then continue every process that is still there."""
    seconds, *pids = arguments
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    select.select([sys.stdin], [], [], float(seconds))
    for pid in pids:
        try:
            os.kill(int(pid), signal.SIGCONT)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main(sys.argv[1:])
