"""Which server a command talks to, and with which key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from foodtrace_client import Client, RetryPolicy, Unavailable
from foodtrace_client.errors import local_problem
from foodtrace_deploy.stack import local
from foodtrace_deploy.texts import current

#: Whose key a command takes from a running stack, the least mighty first.
PUSHING = ("ops", "admin")
LOOKING = ("inspector", "ops", "admin")
MANAGING = ("admin", "ops")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What options and environment say; None where they say nothing. `data` is a stack's folder."""

    url: str | None
    key: str | None
    data: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server is, and the key to use there; None goes without one."""

    url: str
    key: str | None


def find(where: Where, roles: tuple[str, ...]) -> Address:
    """The address given, or that of the stack that runs on the data folder.

    The stack's own key is used for that stack alone. Raises `Unavailable` (`api.unreachable`) when
    there is neither an address nor a running stack.
    """
    stack = _stack(where.data)
    url = where.url or (stack.api_url if stack else None)
    if url is None:
        raise Unavailable(local_problem("api.unreachable", str(where.data.absolute())))
    key = where.key
    if key is None and stack is not None and url.rstrip("/") == stack.api_url.rstrip("/"):
        key = next((stack.keys[role] for role in roles if role in stack.keys), None)
    return Address(url=url, key=key)


def connect(where: Where, roles: tuple[str, ...]) -> Client:
    """A client for the address that `find` finds; raises as that does."""
    address = find(where, roles)
    # Somebody who asks waits at the screen; a push in a script rather gets through.
    retry = RetryPolicy() if roles is PUSHING else RetryPolicy(attempts=3)
    return Client(address.url, address.key, language=current(), retry=retry)


def _stack(data: Path) -> local.Local | None:
    """Keys lie where only their owner can read; for anybody else there is no stack of their own."""
    try:
        return local.running(data)
    except PermissionError:
        return None
