"""Whether it is the part itself that answers at its ports.

Two stacks that start in the same second may choose one port; the loser would count as ready since
the winner answers, and the events of one would go to the other.
"""

from __future__ import annotations

from collections.abc import Iterable

import psutil


def listens(pid: int, ports: Iterable[int]) -> bool:
    """Whether the process, or one that it started, listens at every one of the ports.

    True also where the system doesn't let us look; False for a process that has gone.
    """
    wanted = set(ports)
    if not wanted:
        return True
    try:
        process = psutil.Process(pid)
        wanted -= _held(process)
        for child in process.children(recursive=True) if wanted else ():
            wanted -= _held(child)
    except psutil.AccessDenied:
        return True
    except psutil.NoSuchProcess:
        return False
    return not wanted


def _held(process: psutil.Process) -> set[int]:
    connections = process.net_connections("tcp")
    return {one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN}
