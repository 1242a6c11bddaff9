"""The first words between a client and a broker, spoken by hand to hear why a broker won't have us.

The client libraries try to connect for as long as they are let and then say only that they couldn't.
Kafka's protocol: length, key, version, correlation id, client id, body; and back length, correlation
id, body. `ApiVersions` and `SaslHandshake` may be asked before anybody has said who they are.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

from kafka.net.sasl import get_sasl_mechanism

from foodtrace_bus.access import Access
from foodtrace_bus.errors import AccessRefused

_API_VERSIONS, _SASL_HANDSHAKE, _SASL_AUTHENTICATE = (18, 0), (17, 1), (36, 0)
#: About no topic at all: what a listener answers to nobody that it wants to know.
_METADATA = (3, 4)
#: What a listener says that asks for no user.
_ILLEGAL_SASL_STATE = 34
#: An answer that claims to be longer isn't Kafka's, in bytes.
_LONGEST = 1024 * 1024


class NotKafka(Exception):
    """What answers doesn't speak Kafka, or not in this way."""


def greet(connection: socket.socket) -> None:
    """Ask which versions are spoken; raises NotKafka, or OSError."""
    _ask(connection, _API_VERSIONS, b"")


def prove(connection: socket.socket, access: Access, where: str) -> None:
    """Say who we are, as far as we have a user; raises AccessRefused, NotKafka, OSError."""
    if not access.is_named:
        _ask(connection, _METADATA, struct.pack(">i?", 0, False))
        return
    code, known = _handshake(_ask(connection, _SASL_HANDSHAKE, _text(access.mechanism)))
    if code == _ILLEGAL_SASL_STATE:
        raise AccessRefused(f"{where} asks for no user; {access.protocol} is set")
    if code:
        raise AccessRefused(f"{where} knows {', '.join(known)} and not {access.mechanism}")
    _authenticate(connection, access, where)


def wanted(connection: socket.socket) -> str:
    """The mechanisms by which a user may be proved there; empty where none is asked for."""
    code, known = _handshake(_ask(connection, _SASL_HANDSHAKE, _text("PLAIN")))
    return "" if code == _ILLEGAL_SASL_STATE else ", ".join(known)


def _authenticate(connection: socket.socket, access: Access, where: str) -> None:
    client: Any = get_sasl_mechanism(access.mechanism)(
        host=where,
        sasl_mechanism=access.mechanism,
        sasl_plain_username=access.username,
        sasl_plain_password=access.password,
    )
    while not client.is_done():
        token = client.auth_bytes()
        answer = _ask(connection, _SASL_AUTHENTICATE, struct.pack(">i", len(token)) + token)
        code, message, told = _authenticated(answer)
        if code:
            raise AccessRefused(f"{where}, user {access.username}: {message or code}")
        try:
            client.receive(told)
        except ValueError as error:
            # It would take any password: not the broker that ours was made for.
            raise AccessRefused(f"{where}, user {access.username}: {error}") from error
    if not client.is_authenticated():
        raise AccessRefused(
            f"{where}, user {access.username}: the broker doesn't know the password"
        )


def _ask(connection: socket.socket, call: tuple[int, int], body: bytes) -> bytes:
    key, version = call
    request = struct.pack(">hhi", key, version, key) + _text("foodtrace") + body
    connection.sendall(struct.pack(">i", len(request)) + request)
    (length,) = struct.unpack(">i", _read(connection, 4))
    if not 4 <= length <= _LONGEST:
        raise NotKafka(f"an answer of {length} bytes")
    answer = _read(connection, length)
    if answer[:4] != struct.pack(">i", key):
        raise NotKafka("an answer to something else")
    return answer[4:]


def _read(connection: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        piece = connection.recv(size - len(read))
        if not piece:
            raise NotKafka("the connection was closed")
        read += piece
    return read


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack(">h", len(encoded)) + encoded


def _handshake(answer: bytes) -> tuple[int, list[str]]:
    """Error code, and the mechanisms that the listener knows."""
    code, count = struct.unpack_from(">hi", answer)
    names, at = [], 6
    for _ in range(count):
        (size,) = struct.unpack_from(">h", answer, at)
        names.append(answer[at + 2 : at + 2 + size].decode())
        at += 2 + size
    return int(code), names


def _authenticated(answer: bytes) -> tuple[int, str, bytes]:
    """Error code, what the broker says about it, and its next word of the mechanism."""
    code, size = struct.unpack_from(">hh", answer)
    at = 4 + max(size, 0)
    (length,) = struct.unpack_from(">i", answer, at)
    return int(code), answer[4:at].decode(), answer[at + 4 : at + 4 + length]
