"""A worker in which something goes wrong when it is told to: `python -m support.chaos.broken`.

FAULTS_FOLDER names a folder. A file `worker-N.FAULT` in it makes worker N do this once, at the next
chunk, and disappears:
- `before`, `after`: an error nobody foresaw before or after a commit
- `lose`: a chunk with records never reaches its lane

At the events `CULPRIT` and `UNREADABLE` its code fails every time, when they are written or decoded;
`DEADLY` kills every process that decodes it, as the kernel would.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from foodtrace_ledger.chunk import Chunk
from foodtrace_ledger.writer import Written, write_chunk
from foodtrace_ledger.writing import bisect
from foodtrace_schemas import codec
from foodtrace_streams import __main__ as worker
from foodtrace_streams import intake, project
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.lanes import Lanes
from support.faulty import InjectedError, deadly_decode, wrong_apply, wrong_decode

#: Their `source_event_id`.
CULPRIT, UNREADABLE, DEADLY = "chaos-culprit", "chaos-unreadable", "chaos-deadly"
BEFORE, AFTER, LOSE = "before", "after", "lose"
FOLDER = "FAULTS_FOLDER"


def fault_file(folder: Path, worker_name: str, fault: str) -> Path:
    """The file whose presence asks for a fault."""
    return folder / f"{worker_name}.{fault}"


class Faults:
    """The faults that one worker is asked for."""

    def __init__(self, folder: Path, worker_name: str) -> None:
        """Nothing goes wrong before a file is there."""
        self._files = {
            fault: fault_file(folder, worker_name, fault) for fault in (BEFORE, AFTER, LOSE)
        }

    def due(self, fault: str) -> bool:
        """Whether it is asked for now; asked once, it goes wrong once."""
        try:
            self._files[fault].unlink()
        except FileNotFoundError:
            return False
        return True

    def write(self, engine: Engine, chunk: Chunk, **more: Any) -> Written:
        """`write_chunk` with the errors around it."""
        if self.due(BEFORE):
            raise InjectedError("before a commit")
        written = write_chunk(engine, chunk, **more)
        if self.due(AFTER):
            raise InjectedError("after a commit")
        return written

    def put(self, put: Any) -> Any:
        """`Lanes.put` that may drop a chunk."""

        def losing(lanes: Lanes, chunk: RawChunk, event: Any) -> None:
            if not chunk.records or not self.due(LOSE):
                put(lanes, chunk, event)

        return losing


def main() -> int:
    """Break what may be broken, then work."""
    index = os.environ["FOODTRACE_WORKER_INDEX"]
    faults = Faults(Path(os.environ[FOLDER]), f"worker-{index}")
    put = setattr
    put(project, "write_chunk", faults.write)
    put(intake, "write_chunk", faults.write)
    put(Lanes, "put", faults.put(Lanes.put))
    put(bisect, "apply", wrong_apply(CULPRIT))
    put(codec, "decode", wrong_decode(UNREADABLE))
    put(codec, "decode", deadly_decode(DEADLY, "kill"))
    return worker.main()


if __name__ == "__main__":
    ended = main()
    sys.stderr.flush()
    os._exit(ended)
