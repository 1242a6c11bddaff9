"""A backup's list of files: what was written is read, and anything else is found, wherever it is."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_deploy.backup import files, manifest
from foodtrace_deploy.backup.manifest import FILE, FORMAT, Entry, Manifest
from foodtrace_deploy.backup.restore import Only, Order, check_backup, restore
from foodtrace_deploy.stack.problem import StackProblem

_CONTENTS = {
    "postgres.dump": b"PGDMP" + bytes(range(200)),
    "kafka/kafka/t-0/00000000000000000000.log": bytes(100),
    "kafka/kafka/t-0/partition.metadata": b"",
    "secrets/evidence.pem": b"-----BEGIN",
}


def _ignore(_told: object) -> None:
    """Nobody watches."""


def _backup(folder: Path) -> Manifest:
    folder.mkdir(parents=True)
    entries = [
        files.put(folder, path, iter([content] if content else []), _ignore)
        for path, content in _CONTENTS.items()
    ]
    made = Manifest(
        made_by="0.1.0",
        layout=1,
        begun="2026-05-21T08:00:00+00:00",
        ended="2026-05-21T08:00:01+00:00",
        broker_kind="kafka",
        database="foodtrace",
        database_bytes=1000,
        ledger_revision="0001",
        office_revision="0001",
        nodes=("kafka",),
        positions=(manifest.Place(consumer="c", log="l", topic="t", partition=0, next_offset=3),),
        files=tuple(entries),
    )
    manifest.write(folder, made)
    return made


def _refused(folder: Path) -> StackProblem:
    with pytest.raises(StackProblem) as caught:
        check_backup(folder, _ignore)
    return caught.value


def test_what_was_written_is_read_and_is_its_owners_alone(tmp_path: Path) -> None:
    made = _backup(tmp_path / "b")
    assert check_backup(tmp_path / "b", _ignore) == made
    assert made.size == sum(map(len, _CONTENTS.values()))
    for file in (tmp_path / "b").rglob("*"):
        if file.is_file():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said, name = (tmp_path / "b" / f"{FILE}.sha256").read_text().split()
    assert (said, name) == (
        hashlib.sha256((tmp_path / "b" / FILE).read_bytes()).hexdigest(),
        FILE,
    )


@given(st.data())
def test_a_changed_byte_is_found_wherever_it_is(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("b") / "b"
    _backup(folder)
    path = data.draw(st.sampled_from([*(p for p, c in _CONTENTS.items() if c), FILE]))
    content = bytearray((folder / path).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    (folder / path).write_bytes(content)
    problem = _refused(folder)
    assert (problem.key, problem.fields["file"]) == ("backup-damaged", path)
    shutil.rmtree(folder)


@given(st.data())
def test_a_file_that_is_shorter_longer_or_gone_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("b") / "b"
    _backup(folder)
    path = data.draw(st.sampled_from(sorted(_CONTENTS)))
    content = _CONTENTS[path]
    cut = data.draw(st.integers(-1, len(content) + 3))
    if cut < 0:
        (folder / path).unlink()
    elif cut == len(content):
        (folder / path).write_bytes(content + b"\0")
    else:
        (folder / path).write_bytes((content + bytes(3))[:cut])
    problem = _refused(folder)
    assert (problem.key, problem.fields["file"]) == ("backup-damaged", path)
    assert path in problem.sentence("zh")
    shutil.rmtree(folder)


def test_an_unfinished_backup_and_one_of_a_newer_release_have_names(tmp_path: Path) -> None:
    made = _backup(tmp_path / "b")
    manifest.write(tmp_path / "b", replace(made, format=FORMAT + 1))
    assert _refused(tmp_path / "b").key == "backup-newer"
    (tmp_path / "b" / FILE).unlink()
    assert _refused(tmp_path / "b").key == "backup-none"
    assert _refused(tmp_path / "nowhere").key == "backup-none"


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "kafka/../../x", ""])
def test_a_list_that_leaves_its_folder_is_refused(tmp_path: Path, path: str) -> None:
    made = _backup(tmp_path / "b")
    bad = Entry(path=path, size=0, sha256=hashlib.sha256().hexdigest())
    manifest.write(tmp_path / "b", replace(made, files=(*made.files, bad)))
    assert _refused(tmp_path / "b").key == "backup-damaged"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": "x"}', "\0"])
def test_a_list_that_isnt_one_is_refused_by_name(tmp_path: Path, text: str) -> None:
    _backup(tmp_path / "b")
    (tmp_path / "b" / FILE).write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (tmp_path / "b" / f"{FILE}.sha256").write_text(f"{digest}  {FILE}\n")
    assert _refused(tmp_path / "b").key == "backup-damaged"


def test_nothing_is_restored_over_what_is_there(tmp_path: Path) -> None:
    made = _backup(tmp_path / "b")

    def refused(**changes: object) -> str:
        order = Order(backup=tmp_path / "b", data=tmp_path / "d")
        with pytest.raises(StackProblem) as caught:
            restore(replace(order, **changes), _ignore)  # type: ignore[arg-type]
        return caught.value.key

    assert refused(only=Only.POSTGRES) == "restore-no-data"
    assert not (tmp_path / "d").exists()
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "thesis.txt").write_text("mine")
    assert refused(replace=True) == "folder-not-ours"
    (tmp_path / "d" / "lock").touch()
    assert refused() == "restore-not-empty"
    (tmp_path / "d" / "brokers.json").write_text('{"brokers": 3}')
    for number in (1, 2, 3):
        meta = tmp_path / "d" / f"kafka-{number}" / "data" / "meta.properties"
        meta.parent.mkdir(parents=True)
        meta.touch()
    assert refused(only=Only.KAFKA, replace=True) == "restore-brokers"
    manifest.write(tmp_path / "b", replace(made, nodes=()))
    assert refused(only=Only.KAFKA, replace=True) == "restore-no-brokers"
    (tmp_path / "b" / "postgres.dump").write_bytes(b"other")
    assert refused(only=Only.POSTGRES, replace=True) == "backup-damaged"
    assert (tmp_path / "d" / "thesis.txt").read_text() == "mine"
    # Nothing is left of the tries either.
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b", "d"]
    assert json.loads((tmp_path / "d" / "brokers.json").read_text()) == {"brokers": 3}
