"""Who asks: the key of the request, looked up in the office."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from foodtrace.access import PUBLIC, STAFF, Caller, Role
from foodtrace.problems import TheirFault
from foodtrace_api.web.door import Door, door_of
from foodtrace_office.keys import Key, find_key

# Only for the documentation: the header is read by `_clear_key`, which knows Basic as well.
_bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="ft_…",
    description="An API key, as `Authorization: Bearer KEY`, or as the password of Basic.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, and the shown part of the key (`-` without one) for logs."""

    caller: Caller
    prefix: str


def asking(request: Request, _documented: Annotated[object, Depends(_bearer)] = None) -> Asking:
    """The caller of a request; `public` without a key. Raises TheirFault for a key that isn't."""
    clear = _clear_key(request.headers.get("authorization"))
    request.state.key = "-"
    if clear is None:
        return Asking(caller=PUBLIC, prefix="-")
    key = _look_up(door_of(request), clear)
    if key is None:
        raise TheirFault("auth.unknown")
    request.state.key = key.prefix
    caller = Caller(role=key.role, party=key.party, source=key.source, reporter=key.reporter)
    return Asking(caller=caller, prefix=key.prefix)


def by(request: Request) -> str:
    """The shown part of the key of a request, for the log of what it changed."""
    return str(getattr(request.state, "key", "-"))


def _look_up(door: Door, clear: str) -> Key | None:
    with door.engine.connect() as connection:
        return find_key(connection, clear)


def _clear_key(header: str | None) -> str | None:
    scheme, _, value = (header or "").partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer" and value:
        return value
    if scheme.lower() == "basic" and value:
        return _from_basic(value)
    if header:
        raise TheirFault("auth.unknown", "use Bearer or Basic", "Authorization")
    return None


def _from_basic(value: str) -> str:
    """Registry clients send `user:password`; the key is the password, or the user alone."""
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TheirFault("auth.unknown", "Basic can't be read", "Authorization") from error
    user, _, password = text.partition(":")
    return password or user


def require(*roles: Role) -> Callable[[Asking], Caller]:
    """A dependency: the caller, if it has one of these roles (any key if none is named)."""
    allowed = frozenset(roles) or frozenset(Role) - {Role.PUBLIC}

    def check(who: Annotated[Asking, Depends(asking)]) -> Caller:
        if who.caller.role in allowed:
            return who.caller
        if who.caller.role is Role.PUBLIC:
            raise TheirFault("auth.missing")
        raise TheirFault("auth.forbidden", f"role {who.caller.role}")

    return check


Anyone = Annotated[Asking, Depends(asking)]
WithKey = Annotated[Caller, Depends(require())]
Staff = Annotated[Caller, Depends(require(*STAFF))]
