"""Cheap questions that say whether a part is ready: True or False, never an exception."""

from __future__ import annotations

import http.client
import socket
import ssl
import struct

#: ApiVersions (key 18), version 0, correlation 1, client "probe", framed by its length.
_BODY = struct.pack(">hhih5s", 18, 0, 1, 5, b"probe")
_API_VERSIONS = struct.pack(">i", len(_BODY)) + _BODY


def kafka(
    host: str, port: int, timeout: float = 2.0, context: ssl.SSLContext | None = None
) -> bool:
    """Whether a Kafka broker answers requests; it opens its port a while before it does.

    `context` is for one that speaks TLS; the question is asked before any user is.
    """
    try:
        with socket.create_connection((host, port), timeout=timeout) as plain:
            if context is None:
                return _answers(plain)
            with context.wrap_socket(plain, server_hostname=host) as encrypted:
                return _answers(encrypted)
    except OSError:
        return False


def _answers(connection: socket.socket) -> bool:
    connection.sendall(_API_VERSIONS)
    answer = connection.recv(8)
    # Length, then our correlation id.
    return len(answer) == 8 and answer[4:] == b"\x00\x00\x00\x01"


def http_ok(host: str, port: int, path: str, timeout: float = 2.0) -> bool:
    """Whether a GET is answered by 200."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def opens(host: str, port: int, timeout: float = 2.0) -> bool:
    """Whether something listens there."""
    try:
        socket.create_connection((host, port), timeout=timeout).close()
    except OSError:
        return False
    return True
