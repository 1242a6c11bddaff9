"""A broker that one test may kill."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from foodtrace_deploy.stack import probe
from foodtrace_deploy.stack.memory import program
from foodtrace_deploy.stack.ports import claim_any
from support.fixtures import Broker
from support.streams import until


@contextmanager
def own_broker() -> Iterator[tuple[Broker, subprocess.Popen[bytes]]]:
    """A broker that this test may kill."""
    port = claim_any()
    url = f"tcp://127.0.0.1:{port}"
    listen = ("--listener-url", url, "--advertised-listener-url", url)
    process = subprocess.Popen(
        [program(), "broker", *listen, "--storage-engine", "memory://tansu/"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until("the broker answers", lambda: probe.kafka("127.0.0.1", port))
        yield Broker(bootstrap=f"127.0.0.1:{port}", kind="memory", log="log-1"), process
    finally:
        process.kill()
        process.wait()
