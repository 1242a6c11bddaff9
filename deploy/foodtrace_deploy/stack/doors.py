"""The parts of our own: workers and API, each a process configured by its environment alone."""

from __future__ import annotations

import sys

from foodtrace_bus import exits
from foodtrace_deploy.stack import probe
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.ports import HOST, Ports
from foodtrace_ops.settings import Settings

API_PORT, WORKER_PORT = 8400, 18400

#: Libraries in C start threads for themselves; beside broker and database one each is enough.
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def worker(number: int, settings: Settings, folder: DataFolder, ports: Ports) -> Part:
    """The Faust worker of that number; keeps its number and port over restarts."""
    name = f"worker-{number}"
    own = folder.path / name
    own.mkdir(mode=0o700, exist_ok=True)
    port = ports.take(name, preferred=WORKER_PORT + number)
    changes = {"worker_index": number, "worker_port": port, "data_folder": own}
    return Part(
        name=name,
        argv=(sys.executable, "-m", "foodtrace_streams"),
        log=folder.log(name),
        folder=own,
        environment=settings.model_copy(update=changes).environment() | _THREADS,
        ready=lambda: probe.http_ok(HOST, port, "/readyz"),
        ports=(port,),
        final_codes=exits.OPS,
        ready_seconds=90.0,
    )


def api(settings: Settings, folder: DataFolder) -> Part:
    """The HTTP door."""
    own = folder.path / "api"
    own.mkdir(mode=0o700, exist_ok=True)
    host, port = settings.api_host, settings.api_port
    return Part(
        name="api",
        argv=(sys.executable, "-m", "foodtrace_api"),
        log=folder.log("api"),
        folder=own,
        environment=settings.model_copy(update={"data_folder": own}).environment() | _THREADS,
        ready=lambda: probe.http_ok(host, port, "/readyz"),
        ports=(port,),
        final_codes=frozenset({exits.SETTINGS}),
        ready_seconds=90.0,
    )
