"""What a client library's error means: brokers away, or something that only a person can mend.

Both libraries have classes of their own for the same answers of a broker; they are told apart here
and nowhere else.
"""

from __future__ import annotations

import ssl

import aiokafka.errors as aio
import kafka.errors as plain

from foodtrace.problems import OurFault
from foodtrace_bus.errors import AccessRefused, BrokerUntrusted, BusAway, NotAllowed

_REFUSED = (
    plain.SaslAuthenticationFailedError,
    plain.UnsupportedSaslMechanismError,
    plain.IllegalSaslStateError,
    aio.AuthenticationFailedError,
    aio.AuthenticationMethodNotSupported,
    aio.SaslAuthenticationFailed,
    aio.UnsupportedSaslMechanismError,
    aio.IllegalSaslStateError,
)
_FORBIDDEN = (
    plain.AuthorizationError,
    aio.TopicAuthorizationFailedError,
    aio.GroupAuthorizationFailedError,
    aio.ClusterAuthorizationFailedError,
    aio.TransactionalIdAuthorizationFailed,
)


def named(where: str, error: BaseException) -> OurFault:
    """Our error for one of a client's; `where` says which brokers. Never holds a password.

    A library may wrap the cause, so the whole chain is looked at. What isn't known is BusAway,
    which may pass.
    """
    detail = f"{where}: {error!r}"
    for cause in _chain(error):
        if isinstance(cause, OurFault):
            return cause
        if isinstance(cause, ssl.SSLCertVerificationError):
            return BrokerUntrusted(f"{where}: {cause.verify_message or cause}")
        if isinstance(cause, _REFUSED):
            return AccessRefused(detail)
        if isinstance(cause, _FORBIDDEN):
            return NotAllowed(detail)
    return BusAway(detail)


def plainly(where: str, error: Exception) -> Exception:
    """Our error for a client's that no restart can mend; every other one as it is."""
    if not isinstance(error, plain.KafkaError | aio.KafkaError):
        return error
    told = named(where, error)
    return error if isinstance(told, BusAway) else told


def is_forbidden(error: BaseException) -> bool:
    """Whether a broker refused one request by its rules, while the connection stays good."""
    return isinstance(error, _FORBIDDEN)


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
