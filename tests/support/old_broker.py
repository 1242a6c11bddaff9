"""A broker that speaks only the Kafka protocol of years ago, in front of one of today.

It passes everything on, but of the versions that the real one offers it tells only those that a Kafka
2.7 knew of `Metadata`: without topic ids. Clients choose by that, so what they get is what an old
broker would answer.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_METADATA, _API_VERSIONS = 3, 18
#: Topic ids came with version 10 (Kafka 2.8).
_LAST_WITHOUT_IDS = 9


@contextmanager
def old_broker(bootstrap: str) -> Iterator[str]:
    """Its address, for as long as the block lasts."""
    host, _, port = bootstrap.partition(",")[0].rpartition(":")
    with socket.create_server((host, 0)) as server:
        listening = threading.Thread(target=_listen, args=(server, (host, int(port))), daemon=True)
        listening.start()
        yield f"{host}:{server.getsockname()[1]}"
        # An accept that waits isn't woken by closing.
        server.shutdown(socket.SHUT_RDWR)
        listening.join()


def _listen(server: socket.socket, target: tuple[str, int]) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(client, target), daemon=True).start()


def _serve(client: socket.socket, target: tuple[str, int]) -> None:
    """One request after the other, as Kafka itself answers them."""
    with client, socket.create_connection(target) as broker:
        while (request := _frame(client)) is not None:
            key, version = struct.unpack_from(">hh", request)
            _send(broker, request)
            answer = _frame(broker)
            if answer is None:
                return
            if key == _API_VERSIONS:
                answer = _aged(answer, flexible=version >= 3)
            # Where the broker says that it is, which is here; strings are followed by the port.
            here = client.getsockname()[1]
            _send(client, answer.replace(_address(*target), _address(target[0], here)))


def _address(host: str, port: int) -> bytes:
    return host.encode() + struct.pack(">i", port)


def _aged(answer: bytes, *, flexible: bool) -> bytes:
    """ApiVersions: correlation id, error, then rows of key, least and greatest version."""
    rows, at, row_size = (answer[6], 7, 7) if flexible else (0, 10, 6)
    count = rows - 1 if flexible else struct.unpack_from(">i", answer, 6)[0]
    aged = bytearray(answer)
    for number in range(count):
        start = at + number * row_size
        key, _, greatest = struct.unpack_from(">hhh", answer, start)
        if key == _METADATA:
            struct.pack_into(">h", aged, start + 4, min(greatest, _LAST_WITHOUT_IDS))
    return bytes(aged)


def _frame(connection: socket.socket) -> bytes | None:
    head = _read(connection, 4)
    return None if head is None else _read(connection, struct.unpack(">i", head)[0])


def _read(connection: socket.socket, size: int) -> bytes | None:
    read = b""
    while len(read) < size:
        try:
            piece = connection.recv(size - len(read))
        except ConnectionError:
            return None
        if not piece:
            return None
        read += piece
    return read


def _send(connection: socket.socket, frame: bytes) -> None:
    connection.sendall(struct.pack(">i", len(frame)) + frame)
