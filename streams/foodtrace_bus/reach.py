"""Whether a broker takes a connection at all, and may be believed, before a client tries it.

The clients would try for as long as they are let, leave their half-open sockets to the garbage, and
say of a certificate that isn't trusted only that the connection was closed.
"""

from __future__ import annotations

import socket
import ssl

from foodtrace_bus.access import Access
from foodtrace_bus.errors import AccessRefused, BrokerUntrusted, BusAway

#: Seconds that one address may take.
REACH_S = 3.0


def reach(given: Access | str) -> None:
    """Raise BusAway unless one of the addresses (HOST:PORT, ...) takes a connection.

    With TLS the handshake is tried as well: BrokerUntrusted for a certificate that isn't trusted,
    AccessRefused where something listens that doesn't speak TLS, CertificateUnreadable.
    """
    access = Access.of(given)
    context = access.tls()
    errors = []
    for address in access.bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            _connect(host.strip("[]"), int(port), context)
        except ssl.SSLCertVerificationError as error:
            raise BrokerUntrusted(f"{address.strip()}: {error.verify_message}") from error
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            errors.append(f"{address.strip()}: {error}")
        except ssl.SSLError as error:
            raise AccessRefused(f"{address.strip()}: {error}") from error
        except (OSError, ValueError) as error:
            errors.append(f"{address.strip()}: {error}")
        else:
            return
    raise BusAway("; ".join(errors))


def _connect(host: str, port: int, context: ssl.SSLContext | None) -> None:
    with socket.create_connection((host, port), REACH_S) as plain:
        if context is not None:
            context.wrap_socket(plain, server_hostname=host).close()
