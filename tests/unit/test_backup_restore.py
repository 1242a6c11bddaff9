"""A restoration killed at any of its renamings: old data, new data, or a name for what is between."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foodtrace_deploy.backup import files, manifest, moves
from foodtrace_deploy.backup.manifest import Manifest
from foodtrace_deploy.backup.restore import Only, Order, restore
from foodtrace_deploy.backup.take import KEPT_SECRETS, Wish, take
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.main import app
from foodtrace_deploy.stack import unfinished
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.problem import StackProblem

_NODES = ("kafka-1", "kafka-2", "kafka-3")
#: More than any restoration of them has.
_MOST = 20


def _ignore(_told: object) -> None:
    """Nobody watches."""


def _backup(folder: Path) -> Path:
    """A backup of three brokers without a database, which nothing has to be started for."""
    folder.mkdir()
    entries = [
        files.put(folder, f"kafka/{node}/meta.properties", iter([b"new"]), _ignore)
        for node in _NODES
    ]
    made = Manifest(
        made_by="0.1.0",
        layout=1,
        begun="2026-05-21T08:00:00+00:00",
        ended="2026-05-21T08:00:01+00:00",
        broker_kind="kafka",
        database="foodtrace",
        database_bytes=0,
        ledger_revision="0001",
        office_revision="0001",
        nodes=_NODES,
        positions=(),
        files=tuple(entries),
    )
    manifest.write(folder, made)
    return folder


def test_each_key_that_is_kept_comes_back_to_its_place(tmp_path: Path) -> None:
    backup = _backup(tmp_path / "backup")
    told = manifest.read(backup)
    keys = [files.put(backup, path, iter([path.encode()]), _ignore) for path in KEPT_SECRETS]
    manifest.write(backup, replace(told, files=(*told.files, *keys)))
    restore(Order(backup=backup, data=tmp_path / "data"), _ignore)
    for path, place in KEPT_SECRETS.items():
        assert (tmp_path / "data" / place).read_text() == path
    # What a retirement was killed over: the only copy of the key that signs.
    assert (tmp_path / "data" / "evidence-next.pem").exists()


def _data(folder: Path) -> Path:
    data = DataFolder(folder)
    data.open()
    data.close()
    for node in _NODES:
        (folder / node / "data").mkdir(parents=True)
        (folder / node / "data" / "meta.properties").write_text("old")
    (folder / "brokers.json").write_text('{"brokers": 3}\n')
    return folder


def _logs(data: Path) -> set[str]:
    """Whose logs the brokers of a data folder have; empty for those that aren't there."""
    found = [data / node / "data" / "meta.properties" for node in _NODES]
    return {file.read_text() if file.exists() else "" for file in found}


def _killed(order: Order, number: int) -> bool:
    """Restore in a child that is killed (-9) right before its so many-th renaming; whether there is
    such a one."""
    child = os.fork()
    if not child:
        left = number

        def watch(happens: str, _about: object) -> None:
            nonlocal left
            # Python tells its audit hooks of each renaming before it.
            if happens == "os.rename":
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        code = 1
        try:
            restore(order, _ignore)
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


def _problem(data: Path) -> StackProblem | None:
    """Why no stack would start on it, or none."""
    folder = DataFolder(data)
    try:
        folder.check()
    except StackProblem as problem:
        return problem
    return None


@pytest.mark.parametrize("only", [None, Only.KAFKA])
def test_a_restoration_killed_at_any_renaming_is_finished_by_running_it_again(
    tmp_path: Path, only: Only | None
) -> None:
    between = 0
    for number in range(1, _MOST):
        place = tmp_path / str(number)
        place.mkdir()
        backup, data = _backup(place / "b"), _data(place / "d")
        order = Order(backup=backup, data=data, only=only, replace=True)
        if not _killed(order, number):
            break
        problem = _problem(data)
        if problem is None:
            assert _logs(data) in ({"old"}, {"new"})
        else:
            between += 1
            assert problem.key == "restore-unfinished"
            assert f"foodtrace restore {backup}" in problem.sentence("en")
            assert f"foodtrace restore {backup}" in problem.sentence("zh")
            with pytest.raises(StackProblem) as refused:
                take(Wish(data=data, target=place / "other"), _ignore)
            assert refused.value.key == "restore-unfinished"
            there = data.exists()
            for command in ("up", "demo"):
                told = CliRunner().invoke(app, [command, "--data", str(data), "--json"])
                assert told.exit_code == Exit.NOT_STARTED
                assert "restore-unfinished" in told.output
            assert data.exists() is there
        done = restore(order, _ignore)
        assert _problem(data) is None
        assert _logs(data) == {"new"}
        assert done.before is not None
        assert (done.before / "kafka-1").exists()
        assert json.loads((data / "brokers.json").read_text()) == {"brokers": 3}
        if problem is not None:
            # Neither the plan nor what was built is left.
            assert {one.name for one in place.iterdir()} <= {"b", "d", done.before.name}
    else:
        pytest.fail("it was killed each time")
    # Each but the one that makes the plan known.
    assert between == (2 if only is None else 2 * len(_NODES))


def test_one_that_goes_on_in_another_process_isnt_finished_by_a_second(tmp_path: Path) -> None:
    backup, data = _backup(tmp_path / "b"), _data(tmp_path / "d")
    number = 1
    while _problem(data) is None:
        assert _killed(Order(backup=backup, data=data, replace=True), number)
        number += 1
    with moves.taken(unfinished.marker(data)), pytest.raises(StackProblem) as refused:
        restore(Order(backup=backup, data=data), _ignore)
    assert refused.value.key == "already-running"
    # It needn't be told to replace anything: it finishes what was begun.
    assert restore(Order(backup=backup, data=data), _ignore).before is not None
    assert _logs(data) == {"new"}
    with pytest.raises(StackProblem) as refused:
        restore(Order(backup=backup, data=data), _ignore)
    assert refused.value.key == "restore-not-empty"


def test_what_cant_be_renamed_is_left_as_it_was(tmp_path: Path) -> None:
    backup, data = _backup(tmp_path / "b"), _data(tmp_path / "d")
    # A link to nowhere is nothing to keep, but a folder can't be put in its place.
    for node in _NODES:
        shutil.rmtree(data / node)
        (data / node).symlink_to("nowhere")
    with pytest.raises(StackProblem) as refused:
        restore(Order(backup=backup, data=data, only=Only.KAFKA, replace=True), _ignore)
    assert refused.value.key == "backup-denied"
    assert _problem(data) is None
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b", "d"]
