"""Whether a broker takes us, and may be believed, before a client library tries it.

The libraries would try for as long as they are let, leave their half-open sockets to the garbage, and
say of a wrong password or a certificate that isn't trusted only that the connection was closed.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from foodtrace_bus.access import Access
from foodtrace_bus.errors import AccessRefused, BrokerUntrusted, BusAway
from foodtrace_bus.greeting import NotKafka, greet, prove, wanted

#: Seconds that one address may take.
REACH_S = 3.0


def reach(given: Access | str) -> None:
    """Raise BusAway unless one of the addresses (HOST:PORT, ...) answers as a broker.

    AccessRefused for a user, password, protocol or certificate that it doesn't take,
    BrokerUntrusted for its own, CertificateUnreadable for our files. Takes some milliseconds.
    """
    access = Access.of(given)
    context = access.tls()
    errors = []
    for address in (one.strip() for one in access.bootstrap.split(",")):
        try:
            _knock(address, access, context)
        except ssl.SSLCertVerificationError as error:
            raise BrokerUntrusted(f"{address}: {error.verify_message or error}") from error
        except (NotKafka, OSError, ValueError, struct.error) as error:
            _look_closer(address, access, error)
            errors.append(f"{address}: {error}")
        else:
            return
    raise BusAway("; ".join(errors))


def _knock(address: str, access: Access, context: ssl.SSLContext | None) -> None:
    with _spoken_to(address, context) as connection:
        greet(connection)
        try:
            prove(connection, access, address)
            return
        except NotKafka as silence:
            if access.is_named:
                raise
            broken = silence
    # It greeted us and then hung up: it may want to know who we are.
    with _spoken_to(address, context) as connection:
        mechanisms = wanted(connection)
    if mechanisms:
        raise AccessRefused(f"{address} asks for a user ({mechanisms})") from broken
    raise broken


@contextmanager
def _spoken_to(address: str, context: ssl.SSLContext | None) -> Iterator[socket.socket]:
    with _connected(address) as plain:
        if context is None:
            yield plain
            return
        with context.wrap_socket(plain, server_hostname=_split(address)[0]) as encrypted:
            yield encrypted


def _look_closer(address: str, access: Access, error: Exception) -> None:
    """Raise AccessRefused where it is the other way of speaking, or our certificate, that fails."""
    if isinstance(error, ssl.SSLError) and "ALERT" in (error.reason or ""):
        raise AccessRefused(f"{address}: {error.reason}") from error
    if isinstance(error, ConnectionRefusedError | TimeoutError | ValueError):
        return
    if _speaks(address, tls=not access.is_encrypted):
        how = "speaks no TLS" if access.is_encrypted else "speaks TLS"
        raise AccessRefused(f"{address} {how}; {access.protocol} is set") from error


def _speaks(address: str, *, tls: bool) -> bool:
    context = None
    if tls:
        # Only whether it speaks TLS is asked, and nothing is told to it.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        with _spoken_to(address, context) as connection:
            if not tls:
                greet(connection)
    except (NotKafka, OSError):
        return False
    return True


def _connected(address: str) -> socket.socket:
    return socket.create_connection(_split(address), REACH_S)


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
