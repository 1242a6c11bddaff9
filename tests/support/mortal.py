"""Runs `foodtrace` commands that are killed at a step a test chooses: `python -m support.mortal`.

A process that has everything loaded forks for each command, so that hundreds cost seconds. A step is
one call by which a command changes the disk or talks to a server; before the chosen one the process
kills itself as the kernel would, and where that one is a write, half of it is done.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from typer.main import get_command

from foodtrace_deploy.main import app

TESTS = Path(__file__).parents[1]
#: What a command loads on its way.
_LOADED = ("foodtrace_deploy.commands.push_spool", "httpcore")
#: The ways to the disk and to a server that count as steps.
_ON_DISK = ("write", "fsync", "replace", "unlink", "ftruncate")
_ON_LINE = ("connect", "sendall", "recv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: its exit code, negative for a signal; what it printed."""

    code: int
    out: str
    err: str

    @property
    def killed(self) -> bool:
        """Whether its step came."""
        return self.code == -signal.SIGKILL

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)


class Mortals:
    """Runs one command after another."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        """`process` is that of `main`."""
        self._process, self._folder = process, folder

    def run(self, *argv: str, kill_at: int | None = None) -> Ended:
        """Run a command, killed before its step `kill_at` (from 1) where it gets as far."""
        told = {"argv": argv, "kill_at": kill_at, "folder": str(self._folder)}
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        to.write(json.dumps(told) + "\n")
        to.flush()
        code = int(back.readline())
        out, err = ((self._folder / name).read_text("utf-8") for name in ("out", "err"))
        return Ended(code=code, out=out, err=err)


@contextmanager
def mortals(folder: Path) -> Iterator[Mortals]:
    """The process that runs commands; their output goes by way of `folder`."""
    argv = [sys.executable, "-m", "support.mortal"]
    told = {name: value for name, value in os.environ.items() if not name.startswith("FOOD")}
    with subprocess.Popen(
        argv,
        cwd=TESTS,
        # The certificates of a machine take half of a command's time; no server here has one.
        env={**told, "LANG": "C.UTF-8", "COLUMNS": "200", "SSL_CERT_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Mortals(process, folder)
        finally:
            process.kill()


def _count_steps(kill_at: int) -> None:
    """Make the process die before the step of that number."""
    done = 0

    def counted(target: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(target, name)

        def step(*told: Any, **more: Any) -> Any:
            nonlocal done
            done += 1
            if done == kill_at:
                if real is _WRITE:
                    real(told[0], bytes(told[1])[: len(told[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*told, **more)

        setattr(target, name, step)

    for name in _ON_DISK:
        counted(os, name)
    for name in _ON_LINE:
        counted(socket.socket, name)


_WRITE = os.write


def _child(told: dict[str, Any], command: Any) -> None:
    for number, name in enumerate(("out", "err"), 1):
        os.dup2(os.open(Path(told["folder"]) / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    if told["kill_at"] is not None:
        _count_steps(told["kill_at"])
    try:
        command(told["argv"], prog_name="foodtrace")
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(ended.code or 0))
    finally:
        # An error that nobody foresaw is told by the interpreter, and no second loop begins here.
        traceback.print_exc()
        os._exit(70)


def main(lines: IO[str], answers: IO[str]) -> None:
    """Fork for every line."""
    # Loaded and put together once, before anybody forks.
    for name in _LOADED:
        importlib.import_module(name)
    command = get_command(app)
    for line in lines:
        pid = os.fork()
        if pid == 0:
            _child(json.loads(line), command)
        _, status = os.waitpid(pid, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
