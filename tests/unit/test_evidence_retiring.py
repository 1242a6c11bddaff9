"""`foodtrace evidence key --retire`: whose key it takes away, and where it refuses to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.main import app
from foodtrace_deploy.stack import signing_key, state
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.texts import current, speak
from foodtrace_ledger.engine import make_engine
from foodtrace_office.signing import make_key

#: Nobody listens there.
NOWHERE = "postgresql://nobody@127.0.0.1:1/other"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of whoever runs the tests, and the language of this process as it was."""
    for name in [name for name in os.environ if name.startswith("FOODTRACE_")]:
        monkeypatch.delenv(name)
    before = current()
    yield
    speak(before)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder with a database and a key, on which nothing runs."""
    made = DataFolder(tmp_path / "data")
    with closing(made):
        made.open()
    (made.path / "postgres").mkdir()
    make_key(made.evidence_key)
    return made


def retire(data: Path | str, *more: str, reason: str = "stolen") -> Result:
    line = ["evidence", "key", "--retire", "--reason", reason, "--data", str(data), "--json"]
    return CliRunner().invoke(app, [*line, "--by", "ops", "--lang", "en", *more])


def files(folder: DataFolder) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.path.iterdir() if each.is_file()}


def running(folder: DataFolder, **differing: Any) -> state.StackState:
    """A stack on Kafka, as its supervisor tells of it."""
    database = state.PartState(
        name="postgres",
        stage="ready",
        pid=None,
        started=None,
        ports=(1,),
        restarts=0,
        log="",
        why="",
    )
    told = state.StackState(
        supervisor=os.getpid(),
        api="http://127.0.0.1:1",
        brokers="127.0.0.1:1",
        broker_kind="kafka",
        broker_log="",
        database="foodtrace",
        topic_prefix="",
        parts=(database,),
        evidence_key=str(folder.evidence_key),
    )
    return replace(told, **differing)


def test_a_database_elsewhere_never_takes_the_folders_key(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOODTRACE_DATABASE_URL", NOWHERE)
    before = files(folder)
    told = retire(folder.path)
    assert (told.exit_code, files(folder)) == (Exit.USAGE, before), told.output
    assert "FOODTRACE_DATABASE_URL" in told.output
    # With a place for the new one it is the database's turn.
    told = retire(folder.path, "--new", str(folder.path.parent / "new.pem"))
    assert (told.exit_code, files(folder)) == (Exit.UNAVAILABLE, before), told.output


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "a\nb"])
def test_a_reason_that_cannot_be_is_a_fault_of_the_command_line(
    folder: DataFolder, reason: str
) -> None:
    before = files(folder)
    told = retire(folder.path, reason=reason)
    assert (told.exit_code, files(folder)) == (Exit.USAGE, before), told.output


def test_the_order_is_noted_in_a_folder_below_home(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder.path.parent))
    told = retire("~/data")
    assert told.exit_code == Exit.DONE, told.output
    assert json.loads(told.stdout)["ordered"]
    assert "evidence-retire.json" in files(folder)


def test_what_the_in_memory_broker_forgets_is_not_retired_on_it(folder: DataFolder) -> None:
    with closing(folder):
        folder.open()
        state.write(folder.state_file, running(folder, broker_kind="memory"))
        before = files(folder)
        told = retire(folder.path)
        assert json.loads(told.stdout)["problem"] == "evidence-memory"
        assert (told.exit_code, files(folder)) == (Exit.NOT_STARTED, before)


def test_an_order_waits_for_a_broker_that_keeps_its_logs(folder: DataFolder) -> None:
    signing_key.order(folder, by="ops", reason="the disk died")
    before = files(folder)
    engine = make_engine("postgresql://nobody@127.0.0.1:1/foodtrace_memory")
    assert signing_key.carry_out(engine, folder) is None
    assert files(folder) == before


@pytest.mark.parametrize("shell", [None, "/some/where.pem"])
def test_the_key_is_that_of_the_workers_and_not_of_this_shell(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, shell: str | None
) -> None:
    if shell is not None:
        monkeypatch.setenv("FOODTRACE_EVIDENCE_KEY", shell)
    with closing(folder):
        folder.open()
        state.write(folder.state_file, running(folder, evidence_key="/else/where.pem"))
        before = files(folder)
        told = retire(folder.path)
        assert (told.exit_code, files(folder)) == (Exit.USAGE, before), told.output
        assert "/else/where.pem" in told.output
        state.write(folder.state_file, running(folder))
        # The folder's own: as far as its database, which isn't there.
        told = retire(folder.path)
        assert told.exit_code == Exit.UNAVAILABLE, told.output


def test_a_state_of_an_earlier_release_is_read(folder: DataFolder) -> None:
    told = running(folder, evidence_key="")
    state.write(folder.state_file, told)
    written = json.loads(folder.state_file.read_text())
    del written["evidence_key"]
    folder.state_file.write_text(json.dumps(written))
    assert state.read(folder.state_file) == told
