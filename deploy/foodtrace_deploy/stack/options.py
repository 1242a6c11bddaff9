"""What can be chosen about a stack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from foodtrace_bus.access import Access
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_ops.settings import Settings

AUTO, KAFKA, MEMORY = "auto", "kafka", "memory"
#: An even number keeps no more evidence than the odd one below it: a majority has to be alive.
BROKERS = (1, 3, 5)
_ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):\d{1,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices for one stack; what isn't here comes from the settings of the environment.

    `broker` is auto, kafka, memory or the addresses of a cluster. `brokers` is how many of Apache
    Kafka (1, 3 or 5; None: as many as the data folder was made with, at first one). `doors=False`
    starts only broker and database, with all bootstrap steps done. `new_keys` revokes the first
    keys and makes others.
    """

    data: Path = Path(".foodtrace")
    broker: str = AUTO
    brokers: int | None = None
    workers: int = 1
    api_port: int | None = None
    doors: bool = True
    new_keys: bool = False
    settings: Settings

    def __post_init__(self) -> None:
        """Raise StackProblem `broker-unknown` for a broker that can't be, or `brokers-number`."""
        if self.brokers not in (None, *BROKERS):
            raise StackProblem("brokers-number", wish=self.brokers)
        if self.brokers and self.brokers > 1 and self.broker not in (AUTO, KAFKA):
            raise StackProblem("brokers-not-ours", wish=self.brokers, broker=self.broker)
        if self.broker in (AUTO, KAFKA, MEMORY):
            return
        if not all(_ADDRESS.fullmatch(address) for address in self.broker.split(",")):
            raise StackProblem("broker-unknown", broker=self.broker)

    @property
    def access(self) -> Access:
        """How to reach the cluster of the user's own."""
        return self.settings.access().at(self.broker)

    @property
    def is_external(self) -> bool:
        """Whether the broker is a cluster of the user's own."""
        return self.broker not in (AUTO, KAFKA, MEMORY)


def addresses(brokers: str) -> list[tuple[str, int]]:
    """Host and port of each bootstrap server."""
    pairs = (address.rsplit(":", 1) for address in brokers.split(","))
    return [(host.strip("[]"), int(port)) for host, port in pairs]
