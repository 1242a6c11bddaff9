"""`python -m foodtrace_streams.replay.loading SCHEMA copies|inserts`: one of a replay's loaders.

Started by the replay itself, and ends with it: the pipe between them closes however that one ends.
Whether it has is watched from the first moment, before anything large is loaded.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from queue import SimpleQueue


def main(schema: str, form: str) -> int:
    """Load what is ordered until the replay is gone; gives the exit code after an error."""
    # Ctrl-C reaches the whole group; the replay itself says what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    from foodtrace_streams.replay.orders import follow

    return follow(schema, form, lines)


def _listen(lines: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        lines.put(line)
    # The replay ended, or was killed: nobody waits for what is under way, which is rolled back.
    os._exit(0)


if __name__ == "__main__":
    ended = main(*sys.argv[1:])
    logging.shutdown()
    # Not by way of the interpreter's own end: a thread waits for the pipe.
    os._exit(ended)
