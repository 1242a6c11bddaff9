"""Ports for a stack of a test's own, which another one that starts at the same time doesn't take.

Two stacks that start in the same second may both find the usual port free; whoever binds it second
would be thought ready because the first one answers.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from foodtrace_deploy.stack.ports import is_free

#: Below the ports that Linux gives to outgoing connections.
_PORTS = range(20_000, 32_000)


def own_ports(data: Path, brokers: int = 1) -> None:
    """Let a data folder remember ports that are free now, chosen by chance."""
    names = ["api", "postgres"]
    for what in ("kafka", "controller"):
        names += [what] if brokers == 1 else [f"{what}-{n}" for n in range(1, brokers + 1)]
    candidates = random.SystemRandom().sample(_PORTS, 50 * len(names))
    free = (port for port in candidates if is_free(port))
    data.mkdir(exist_ok=True)
    # What makes it one of ours, so that it may hold something before its first start.
    (data / "lock").touch()
    (data / "ports.json").write_text(json.dumps(dict(zip(names, free, strict=False))))
