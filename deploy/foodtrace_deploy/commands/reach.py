"""Which brokers a command about topics talks to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from foodtrace_bus.access import Access
from foodtrace_deploy.stack import local
from foodtrace_ops.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How brokers are reached, and what the names of topics there begin with."""

    access: Access
    prefix: str


def brokers_of(data: Path) -> Reached:
    """Those of the stack that runs on the data folder, else those of the settings."""
    settings = Settings()
    stack = local.running(data)
    if stack is None:
        return Reached(access=settings.access(), prefix=settings.topic_prefix)
    told = stack.state
    own = told.broker_kind != "external"
    access = Access.of(told.brokers) if own else settings.access().at(told.brokers)
    return Reached(access=access, prefix=told.topic_prefix)
