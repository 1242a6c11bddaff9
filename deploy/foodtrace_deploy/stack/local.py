"""The stack of a data folder on this machine, for commands that talk to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from foodtrace_deploy.stack import state
from foodtrace_deploy.stack.folder import DataFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A stack that runs: its API and the keys this user may read, by role."""

    api_url: str
    keys: dict[str, str] = field(repr=False)
    state: state.StackState


def running(data: Path) -> Local | None:
    """The stack that runs on a data folder; None if none does or it isn't ready yet."""
    folder = DataFolder(data)
    if not folder.is_taken():
        return None
    told = state.read(folder.state_file)
    if told is None or not told.api:
        return None
    return Local(api_url=told.api, keys=folder.keys(told.database), state=told)
