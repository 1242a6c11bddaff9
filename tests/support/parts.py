"""Small processes as parts of a stack, and a supervisor of them to be killed.

`python -m support.parts FOLDER NAME...` supervises parts of those kinds, writes their process
ids to FOLDER/pids.json once all are ready, and waits to be killed.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import psutil

from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.supervisor import Supervisor

# It goes on when its keeper has seen the file and taken it away.
_READY = """
ready = pathlib.Path(sys.argv[1])
ready.touch()
while ready.exists():
    time.sleep(0.01)
"""
_IMPORTS = "import pathlib, signal, subprocess, sys, time\n"

#: What a part does before it says that it is ready.
_BEFORE = {
    "stubborn": "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n",
    "orderly": (
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(print(sys.argv[2], flush=True)))\n"
    ),
    "parent": (
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "pathlib.Path('child.pid').write_text(str(child.pid))\n"
    ),
}
#: What it does afterwards, other than sleeping.
_AFTER = {
    "dying": "sys.exit('out of paper')",
    "final": "sys.stderr.write('nothing helps\\n'); sys.exit(81)",
}


def part(folder: Path, name: str, *, kind: str | None = None, vital: bool = False) -> Part:
    """A part of that kind (by default its name), ready as soon as it runs."""
    sort = kind or name
    program = _IMPORTS + _BEFORE.get(sort, "") + _READY + _AFTER.get(sort, "time.sleep(600)")
    ready = folder / f"{name}.ready"

    def is_ready() -> bool:
        if ready.exists():
            ready.unlink()
            return True
        return False

    return Part(
        name=name,
        argv=(sys.executable, "-c", program, str(ready), name),
        log=folder / f"{name}.log",
        folder=folder,
        ready=is_ready,
        stop_seconds=1.0,
        vital=vital,
        final_codes=frozenset({81}),
    )


def unready(folder: Path) -> Part:
    """A part that ends before it is ready."""
    return Part(
        name="unready",
        argv=(sys.executable, "-c", "raise SystemExit('no such table')"),
        log=folder / "unready.log",
        folder=folder,
        ready=lambda: False,
    )


def gone(pids: list[int], seconds: float) -> bool:
    """Whether all these processes end within that time."""
    processes = []
    for pid in pids:
        try:
            processes.append(psutil.Process(pid))
        except psutil.NoSuchProcess:
            continue
    # Zombies of a killed parent whose new parent doesn't reap them are gone as well.
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def main(folder: Path, names: list[str]) -> None:
    """Supervise and wait."""
    supervisor = Supervisor(lambda _report: None)
    supervisor.run(*(part(folder, name) for name in names))
    pids = {report.name: report.pid for report in supervisor.reports}
    draft = folder / "pids.draft"
    draft.write_text(json.dumps(pids))
    draft.rename(folder / "pids.json")
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
