"""The way between two parts: it lets through, breaks, and stands still, as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from foodtrace_deploy.stack.keeper import Keeper
from foodtrace_deploy.stack.ports import HOST, Ports
from foodtrace_deploy.stack.spawn import Watchdog
from support.chaos.proxy import Proxy

SHORT_S = 0.3


@contextmanager
def echo() -> Iterator[int]:
    """A server that says what it hears; gives its port."""

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=say, args=(line,), daemon=True).start()

    def say(line: socket.socket) -> None:
        # A cut reaches both sides.
        with closing(line), suppress(ConnectionResetError):
            while heard := line.recv(1000):
                line.sendall(heard)

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    ports = Ports(tmp_path / "ports.json")
    with echo() as target:
        ways = {"way": (ports.take("way"), target), "other": (ports.take("other"), target)}
        made = Proxy(folder=tmp_path, control=ports.take("proxy"), ways=ways)
        watchdog = Watchdog()
        keeper = Keeper(made.part(), watchdog, lambda report: None)
        keeper.start()
        keeper.wait_ready()
        try:
            yield made
        finally:
            keeper.stop()
            watchdog.close()


def connected(proxy: Proxy, way: str = "way") -> socket.socket:
    return socket.create_connection((HOST, proxy.ways[way][0]), timeout=10)


def echoed(line: socket.socket, word: bytes) -> bytes:
    line.sendall(word)
    return line.recv(1000)


def test_a_cut_breaks_what_stands_and_refuses_what_comes(proxy: Proxy) -> None:
    with connected(proxy) as line, connected(proxy, "other") as other:
        assert echoed(line, b"a") == b"a"
        assert echoed(other, b"a") == b"a"
        proxy.turn("cut", "way")
        with pytest.raises(ConnectionResetError):
            line.recv(1000)
        with pytest.raises(ConnectionResetError), connected(proxy) as late:
            late.recv(1000)
        assert echoed(other, b"b") == b"b"
        proxy.turn("open", "way")
        with connected(proxy) as again:
            assert echoed(again, b"c") == b"c"


def test_a_stall_holds_everything_and_loses_nothing(proxy: Proxy) -> None:
    with connected(proxy) as line:
        assert echoed(line, b"a") == b"a"
        proxy.turn("stall", "way")
        line.sendall(b"b")
        line.settimeout(SHORT_S)
        with pytest.raises(TimeoutError):
            line.recv(1000)
        with connected(proxy) as late:
            late.sendall(b"c")
            proxy.turn("open", "way")
            line.settimeout(10)
            assert line.recv(1000) == b"b"
            assert late.recv(1000) == b"c"
