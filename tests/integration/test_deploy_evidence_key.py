"""The embedded stack's signing key: made once, and never in place of one that is missing."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Engine, text

from foodtrace.problems import Conflict, OurFault
from foodtrace_deploy.stack import bootstrap, signing_key
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_ledger.engine import make_engine
from foodtrace_office.evidence import public_keys
from foodtrace_office.evidence_keys import adopt_key, keys_on_record
from foodtrace_office.signing import load_key, make_key
from foodtrace_ops.settings import Settings


def test_a_key_is_made_where_nothing_was_signed_and_never_replaced(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(tmp_path)
    none = Settings(database_url=SecretStr(database))
    made = Path(bootstrap.evidence_key(none, folder, database))
    assert made == tmp_path / "evidence.pem"
    assert bootstrap.evidence_key(none, folder, database) == str(made)
    kept = tmp_path / "kept.pem"
    made.rename(kept)
    with pytest.raises(OurFault, match="No such file") as missing:
        bootstrap.evidence_key(none, folder, database)
    assert missing.value.code == "evidence.bad-key-file"
    assert not made.exists()
    make_key(made)
    with pytest.raises(OurFault, match=r"evidence\.wrong-key"):
        bootstrap.evidence_key(none, folder, database)
    # Named by a path as the user stands; the workers stand elsewhere.
    monkeypatch.chdir(tmp_path)
    told = none.model_copy(update={"evidence_key": "kept.pem"})
    assert bootstrap.evidence_key(told, folder, database) == str(kept)
    assert load_key(kept).public


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


def keys(engine: Engine) -> list[bytes]:
    with engine.connect() as conn:
        return list(public_keys(conn))


def test_a_key_is_replaced_in_its_folder_and_the_old_one_kept(
    database: str, engine: Engine, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path)
    none = Settings(database_url=SecretStr(database))
    with pytest.raises(Conflict, match=r"evidence\.nothing-to-retire"):
        signing_key.replace_own(engine, folder, by="ops", reason="lost")
    assert list(tmp_path.iterdir()) == []
    old = load_key(Path(bootstrap.evidence_key(none, folder, database)))
    done = signing_key.replace_own(engine, folder, by="ops", reason="stolen")
    assert done.kept is not None
    assert load_key(done.kept).public == old.public
    assert keys(engine) == [load_key(folder.evidence_key).public, old.public]
    assert not done.finished
    # Started again with it, and with the old one put back.
    assert bootstrap.evidence_key(none, folder, database) == str(folder.evidence_key)
    done.kept.replace(folder.evidence_key)
    with pytest.raises(OurFault, match="stolen") as retired:
        bootstrap.evidence_key(none, folder, database)
    assert retired.value.code == "evidence.retired-key"


def test_a_lost_key_is_replaced_by_the_next_start_if_that_was_ordered(
    database: str, engine: Engine, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path)
    none = Settings(database_url=SecretStr(database))
    # Ordered before there is any: nothing has to be ended.
    signing_key.order(folder, by="ops", reason="too early")
    old = load_key(Path(bootstrap.evidence_key(none, folder, database))).public
    assert keys(engine) == [old]
    folder.evidence_key.unlink()
    signing_key.order(folder, by="li.wei", reason="the disk died")
    made = load_key(Path(bootstrap.evidence_key(none, folder, database))).public
    assert keys(engine) == [made, old]
    with engine.connect() as conn:
        assert [one.reason for one in keys_on_record(conn)] == [None, "the disk died"]
    assert [file.name for file in tmp_path.iterdir()] == ["evidence.pem"]
    assert load_key(Path(bootstrap.evidence_key(none, folder, database))).public == made


class Killed(BaseException):
    """The process ends here."""


def an_older_record_is_put_in_place(engine: Engine, folder: DataFolder) -> bytes:
    """Retire the key, then bring back the record alone; the key that the folder has now."""
    made = Path(signing_key.replace_own(engine, folder, by="ops", reason="before").file)
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM office.signing_key WHERE retired_at IS NULL"))
        conn.execute(
            text(
                "UPDATE office.signing_key SET retired_at = NULL, retired_by = NULL, reason = NULL"
            )
        )
    return load_key(made).public


def kept_keys(folder: DataFolder) -> set[bytes]:
    """Retired private keys of a folder; each lies under its own name."""
    found = {path: load_key(path).public for path in folder.path.glob("evidence-retired-*.pem")}
    for path, public in found.items():
        assert path.name == f"evidence-retired-{signing_key.fingerprint(public)[:16]}.pem"
    return set(found.values())


def test_a_key_that_an_older_record_does_not_know_is_kept_too(
    database: str, engine: Engine, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path)
    none = Settings(database_url=SecretStr(database))
    old = load_key(Path(bootstrap.evidence_key(none, folder, database))).public
    later = an_older_record_is_put_in_place(engine, folder)
    with pytest.raises(OurFault, match=r"evidence\.wrong-key"):
        bootstrap.evidence_key(none, folder, database)
    signing_key.order(folder, by="ops", reason="why")
    made = load_key(Path(bootstrap.evidence_key(none, folder, database))).public
    assert keys(engine) == [made, old]
    assert kept_keys(folder) == {old, later}


@pytest.mark.parametrize("linked", [True, False])
def test_a_damaged_key_and_a_taken_name_stay_what_they_are(
    database: str,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    linked: bool,
) -> None:
    folder = DataFolder(tmp_path)
    bootstrap.evidence_key(Settings(database_url=SecretStr(database)), folder, database)
    folder.evidence_key.write_text("cut off")
    taken = tmp_path / "evidence-retired-unreadable.pem"
    taken.write_text("another")
    if not linked:
        # Linux refuses this for another user's file.
        real = os.link

        def refusing(source: Path, target: Path) -> None:
            if source != folder.evidence_key or target.exists():
                return real(source, target)
            raise PermissionError(errno.EPERM, "not permitted", str(source))

        monkeypatch.setattr(os, "link", refusing)
    done = signing_key.replace_own(engine, folder, by="ops", reason="damaged")
    assert done.kept == tmp_path / "evidence-retired-unreadable-2.pem"
    assert (taken.read_text(), done.kept.read_text()) == ("another", "cut off")
    assert keys(engine)[0] == load_key(folder.evidence_key).public


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kill_at=st.integers(0, 10), ordered=st.booleans(), lost=st.booleans(), behind=st.booleans())
def test_killed_anywhere_it_ends_with_one_retirement_and_the_key_in_place(
    database: str,
    engine: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    kill_at: int,
    ordered: bool,
    lost: bool,
    behind: bool,
) -> None:
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM office.signing_key"))
    folder = DataFolder(tmp_path_factory.mktemp("folder"))
    none = Settings(database_url=SecretStr(database))
    old = load_key(Path(bootstrap.evidence_key(none, folder, database))).public
    # The key in the folder, which needn't be that of the record.
    had = {an_older_record_is_put_in_place(engine, folder)} if behind else {old}
    before = {old} if behind else set()
    if lost:
        folder.evidence_key.unlink()
        had = set()
    if ordered:
        signing_key.order(folder, by="ops", reason="why")
    with suppress(Killed), dying(kill_at):
        if ordered:
            signing_key.carry_out(engine, folder)
        else:
            signing_key.replace_own(engine, folder, by="ops", reason="why")
    # Workers that start just now find a key.
    assert lost or load_key(folder.evidence_key).public
    if not ordered and len(keys(engine)) == 1:
        # Killed before it was on record: nothing was promised, the user tries again.
        signing_key.replace_own(engine, folder, by="ops", reason="why")
    made = load_key(Path(bootstrap.evidence_key(none, folder, database))).public
    assert keys(engine) == [made, old]
    names = {file.name for file in folder.path.iterdir()}
    assert kept_keys(folder) == had | before
    assert not names & {"evidence-next.pem", "evidence-retire.json"}


@contextmanager
def dying(step: int) -> Iterator[None]:
    """Raise Killed at the n-th touch of a file by the code that replaces keys."""
    left = step
    touches = [(Path, name) for name in ("replace", "unlink", "exists")] + [(os, "link")]
    real = [(of, name, getattr(of, name)) for of, name in touches]

    def counted(done: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            return done(*args, **kwargs)

        return call

    try:
        for of, name, done in real:
            setattr(of, name, counted(done))
        yield
    finally:
        for of, name, done in real:
            setattr(of, name, done)


def test_a_key_that_another_took_up_at_the_same_moment_is_never_thrown_away(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as conn:
        adopt_key(conn, make_key(tmp_path / "evidence.pem").public)

    def made_and_found(file: Path) -> Any:
        key = make_key(file)
        # Another retirement, begun a moment later and done first, with the file that it found.
        monkeypatch.undo()
        signing_key.replace_by(engine, file, by="one", reason="lost")
        return key

    draft = tmp_path / "evidence-next.pem"
    monkeypatch.setattr(signing_key, "make_key", made_and_found)
    with pytest.raises(Conflict):
        signing_key.replace_by(engine, draft, by="two", reason="lost")
    assert keys(engine)[0] == load_key(draft).public
