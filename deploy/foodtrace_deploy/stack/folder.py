"""The data folder: whose it is, which version made it, what is remembered and what is secret in it.

version.json    layout of the folder and the release that made it
lock            held while a stack runs on it
ports.json      ports of last time
stack.json      what runs now (`state`)
secrets/        passwords and keys, readable by the owner alone
evidence.pem    the private key that signs checkpoints, readable by the owner alone; beside it those that
                were retired (evidence-retired-*.pem), and an order to retire it (evidence-retire.json)
kafka/ postgres/ worker-N/ logs/
"""

from __future__ import annotations

import errno
import fcntl
import importlib.metadata
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import IO, Any

from foodtrace_deploy.stack import unfinished
from foodtrace_deploy.stack.ports import Ports
from foodtrace_deploy.stack.problem import StackProblem

#: Raised when an older release couldn't use the folder any more.
LAYOUT = 1
#: A stack doesn't start with less free space, in bytes.
LEAST_FREE_BYTES = 1024**3


class DataFolder:
    """A data folder; `open` takes it for this process."""

    def __init__(self, path: Path) -> None:
        """Nothing is touched before `open`."""
        self.path = path.expanduser().absolute()
        self._lock: IO[str] | None = None

    def open(self) -> None:
        """Make it if need be, and take it until `close` or the end of this process.

        Raises StackProblem: `folder-denied`, `folder-not-ours`, `already-running`, `folder-newer`,
        `disk-small`, `restore-unfinished`.
        """
        try:
            self._open()
        except OSError as error:
            raise StackProblem("folder-denied", folder=self.path, why=error.strerror) from error

    def close(self) -> None:
        """Let others take it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def is_taken(self) -> bool:
        """Whether a stack runs on it, in this process or another."""
        if not self._lock_file.exists():
            return False
        with self._lock_file.open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def ports(self) -> Ports:
        """The ports remembered here."""
        return Ports(self.path / "ports.json")

    @property
    def logs(self) -> Path:
        """Where each part has its log."""
        return self.path / "logs"

    @property
    def state_file(self) -> Path:
        """What runs now."""
        return self.path / "stack.json"

    @property
    def evidence_key(self) -> Path:
        """The private key that signs this installation's checkpoints."""
        return self.path / "evidence.pem"

    def log(self, part: str) -> Path:
        """The log of a part."""
        return self.logs / f"{part}.log"

    def secret(self, name: str) -> str:
        """A password of this folder, made when it is first asked for."""
        file = self._secrets / name
        if not file.exists():
            self._write_secret(file, secrets.token_urlsafe(24))
        return file.read_text()

    def keys(self, database: str) -> dict[str, str]:
        """The first API keys of a database of this folder, by role; empty when none are known."""
        return self._all_keys().get(database, {})

    def keep_keys(self, database: str, keys: dict[str, str]) -> None:
        """Remember keys, so that commands on this machine needn't be told them."""
        text = json.dumps({**self._all_keys(), database: keys}, indent=2)
        self._write_secret(self._secrets / "keys.json", text + "\n")

    def _all_keys(self) -> dict[str, dict[str, str]]:
        file = self._secrets / "keys.json"
        return _json(file) if file.exists() else {}

    def check(self) -> None:
        """Raise the StackProblem or OSError that `open` would; changes nothing.

        A folder that isn't there yet is checked by the one it would be made in.
        """
        unfinished.check(self.path)
        self._check_ours()
        self._check_version()
        nearest = next(one for one in (self.path, *self.path.parents) if one.exists())
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(nearest))
        self._check_disk(nearest)

    def _open(self) -> None:
        self.check()
        self.path.mkdir(parents=True, exist_ok=True)
        lock = self._lock_file.open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            api = _json(self.state_file).get("api") if self.state_file.exists() else None
            where = f"{self.path}, {api}" if api else self.path
            raise StackProblem("already-running", folder=where) from None
        self._lock = lock
        # A restoration may have begun since, and have moved what was there out of the way.
        unfinished.check(self.path)
        self._secrets.mkdir(mode=0o700, exist_ok=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)
        if not self._version_file.exists():
            made_by = importlib.metadata.version("foodtrace")
            self._version_file.write_text(json.dumps({"layout": LAYOUT, "made_by": made_by}) + "\n")

    def _check_ours(self) -> None:
        if self.path.is_dir() and any(self.path.iterdir()) and not self._lock_file.exists():
            raise StackProblem("folder-not-ours", folder=self.path)

    def _check_version(self) -> None:
        if not self._version_file.exists():
            return
        told = _json(self._version_file)
        if int(told.get("layout", 0)) > LAYOUT:
            raise StackProblem("folder-newer", folder=self.path, made_by=told.get("made_by", "?"))

    def _check_disk(self, existing: Path) -> None:
        free = shutil.disk_usage(existing).free
        if free < LEAST_FREE_BYTES:
            raise StackProblem(
                "disk-small",
                folder=self.path,
                free=f"{free / 1024**2:.0f}",
                least=f"{LEAST_FREE_BYTES / 1024**2:.0f}",
            )

    def _write_secret(self, file: Path, text: str) -> None:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as secret:
            secret.write(text)

    @property
    def _secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def _version_file(self) -> Path:
        return self.path / "version.json"

    @property
    def _lock_file(self) -> Path:
        return self.path / "lock"


def _json(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text())
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
