"""The ways between the parts, as a process that cuts and stalls them on command.

    python -m support.chaos.proxy CONTROL_PORT NAME=LISTEN:TARGET ...

Ports are all of this machine. On the control port it takes lines `cut NAME` (connections break, new
ones are refused), `stall NAME` (they stand, but nothing gets through) and `open NAME`, and answers
each with `ok`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.ports import HOST

TESTS = Path(__file__).parents[2]
_PIECE = 256 * 1024
#: Linger for no time at all: on, 0 seconds.
_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass(kw_only=True)
class Way:
    """One way: whether it is open, and who is on it."""

    target: int
    is_cut: bool = False
    flows: asyncio.Event = field(default_factory=asyncio.Event)
    ends: set[asyncio.StreamWriter] = field(default_factory=set)

    def turn(self, wish: str) -> None:
        """Cut, stall or open it; raises KeyError for any other wish."""
        self.is_cut, flows = {"cut": (True, True), "stall": (False, False), "open": (False, True)}[
            wish
        ]
        if flows:
            self.flows.set()
        else:
            self.flows.clear()
        if self.is_cut:
            for end in self.ends:
                _break(end)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        self.ends.add(writer)
        try:
            if self.is_cut:
                _break(writer)
                return
            await self._serve(reader, writer)
        except OSError:
            # A side that is gone is what this is for; the other one notices by its own connection.
            writer.transport.abort()
        finally:
            self.ends.discard(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.flows.wait()
        there, onward = await asyncio.open_connection(HOST, self.target)
        self.ends.add(onward)
        try:
            both = [self._pump(reader, onward), self._pump(there, writer)]
            tasks = [asyncio.ensure_future(each) for each in both]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            self.ends.discard(onward)
            onward.close()
            writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            await self.flows.wait()
            writer.write(piece)
            await writer.drain()


def _break(end: asyncio.StreamWriter) -> None:
    """A reset, and what lies in the buffers is lost, as on a broken line."""
    end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    end.transport.abort()


async def serve(control: int, ways: Mapping[str, tuple[int, int]]) -> None:
    """Hold the ways (name → listen, target) open until the process ends."""
    made = {name: Way(target=target) for name, (_, target) in ways.items()}

    async def obey(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            wish, name = line.decode().split()
            made[name].turn(wish)
            writer.write(b"ok\n")
            await writer.drain()
        writer.close()

    async with contextlib.AsyncExitStack() as stack:
        for name, (listen, _) in ways.items():
            made[name].turn("open")
            await stack.enter_async_context(
                await asyncio.start_server(made[name].meet, HOST, listen, limit=_PIECE)
            )
        control_door = await asyncio.start_server(obey, HOST, control)
        await stack.enter_async_context(control_door)
        await control_door.serve_forever()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """The process as seen from outside; `ways` are name → (port to connect to, port behind it)."""

    folder: Path
    control: int
    ways: Mapping[str, tuple[int, int]]

    def part(self) -> Part:
        """The process, for a keeper."""
        told = [f"{name}={listen}:{target}" for name, (listen, target) in self.ways.items()]
        return Part(
            name="proxy",
            argv=(sys.executable, "-m", "support.chaos.proxy", str(self.control), *told),
            log=self.folder / "proxy.log",
            folder=TESTS,
            ready=self._answers,
            vital=True,
        )

    def turn(self, wish: str, name: str) -> None:
        """Cut, stall or open a way; returns when it is done."""
        with socket.create_connection((HOST, self.control), timeout=10) as line:
            line.sendall(f"{wish} {name}\n".encode())
            if line.makefile().readline() != "ok\n":
                raise RuntimeError(f"the proxy doesn't {wish} {name}")

    def _answers(self) -> bool:
        try:
            socket.create_connection((HOST, self.control), timeout=1).close()
        except OSError:
            return False
        return True


def main() -> None:
    """Read the ways from the command line."""
    control, *told = sys.argv[1:]
    ways: dict[str, tuple[int, int]] = {}
    for each in told:
        name, _, ports = each.partition("=")
        listen, _, target = ports.partition(":")
        ways[name] = int(listen), int(target)
    asyncio.run(serve(int(control), ways))


if __name__ == "__main__":
    main()
