"""The spool alone: what it has taken in survives every way to die, in its order."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_client.answers import EventAnswer, Verdict
from foodtrace_client.frames import framed, frames
from foodtrace_client.spool import Spool
from foodtrace_client.spool_errors import (
    NoSpool,
    SpoolBusy,
    SpoolDamaged,
    SpoolFull,
    SpoolUnwritable,
)
from foodtrace_client.spool_folder import POSITION, REFUSED, segment_paths
from foodtrace_client.spool_view import look

NOW = datetime(2026, 5, 21, 9, 30, 15, 123456, tzinfo=UTC)
WRONG = EventAnswer(
    position=0, verdict=Verdict.REFUSED, code="push.not-allowed", zh="无权", en="no"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@contextmanager
def opened(folder: Path, **more: int) -> Iterator[Spool]:
    spool = Spool(folder, **more)
    try:
        yield spool
    finally:
        spool.close()


def waiting(spool: Spool) -> list[tuple[int, bytes]]:
    return [(entry.number, entry.document) for entry in spool.head(10_000, 10**9)]


def newest(folder: Path) -> Path:
    return segment_paths(folder)[-1][1]


def test_what_was_taken_in_is_there_after_a_restart(folder: Path) -> None:
    with opened(folder) as spool:
        assert [spool.append([b"a"]), spool.append([b"b", b"c"]), spool.append([b"d"])] == [0, 1, 3]
        spool.done(2)
    with opened(folder) as spool:
        assert waiting(spool) == [(2, b"c"), (3, b"d")]
        assert (spool.pending, spool.next, spool.number, spool.cut) == (2, 2, 4, 0)
        assert [e.number for e in spool.head(1, 10**9)] == [2]
        spool.done(4)
        assert waiting(spool) == []
        assert spool.append([b"e"]) == 4
    assert [entry.document for entry in look(folder).entries] == [b"e"]


@given(
    st.lists(st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=3), min_size=1),
    st.data(),
)
def test_a_frame_is_read_whole_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[bytes]], data: st.DataObject
) -> None:
    parts = [[line.replace(b"\n", b"") for line in part] for part in parts]
    path = tmp_path_factory.mktemp("frames") / "f"
    whole, first = [], 0
    for part in parts:
        whole.append(framed(first, part, NOW))
        first += len(part)
    cut = data.draw(st.integers(0, len(b"".join(whole))))
    path.write_bytes(b"".join(whole)[:cut])
    read = list(frames(path))
    assert [list(frame.documents) for frame in read] == parts[: len(read)]
    assert all(frame.at == NOW for frame in read)
    assert sum(len(each) for each in whole[: len(read)]) <= cut
    assert len(read) == len(whole) or cut < sum(len(each) for each in whole[: len(read) + 1])


@pytest.mark.parametrize("junk", [b"F", b"FTS1", b"\0" * 100, framed(2, [b"x" * 50], NOW)[:-1]])
def test_the_torn_end_of_a_write_is_cut_and_said(folder: Path, junk: bytes) -> None:
    with opened(folder) as spool:
        spool.append([b"a", b"b"])
    with newest(folder).open("ab") as file:
        file.write(junk)
    assert (look(folder).torn, look(folder).pending) == (len(junk), 2)
    with opened(folder) as spool:
        assert spool.cut == len(junk)
        assert spool.append([b"c"]) == 2
        assert [document for _, document in waiting(spool)] == [b"a", b"b", b"c"]
    assert (look(folder).torn, look(folder).cut) == (0, len(junk))


def test_damage_in_the_middle_is_named_and_nothing_is_changed(folder: Path) -> None:
    with opened(folder) as spool:
        spool.append([b"a" * 20])
        spool.append([b"b" * 20])
    data = bytearray(newest(folder).read_bytes())
    data[40] ^= 1
    newest(folder).write_bytes(data)
    with pytest.raises(SpoolDamaged, match="at byte 0"):
        Spool(folder)
    with pytest.raises(SpoolDamaged):
        look(folder)
    assert newest(folder).read_bytes() == data


def test_a_missing_file_in_the_middle_is_named(folder: Path) -> None:
    with opened(folder, limit_bytes=800) as spool:
        for number in range(4):
            spool.append([b"%d" % number * 90])
    segment_paths(folder)[1][1].unlink()
    with pytest.raises(SpoolDamaged, match="1 to 1 are missing"):
        Spool(folder)


def test_damage_under_a_running_process_is_named(folder: Path) -> None:
    with opened(folder) as spool:
        spool.append([b"a" * 20])
        newest(folder).write_bytes(b"\0" * 60)
        with pytest.raises(SpoolDamaged):
            spool.head(1, 1)


def test_a_position_that_is_lost_means_sending_again(folder: Path) -> None:
    with opened(folder) as spool:
        spool.append([b"a", b"b"])
        spool.done(1)
    for wrong in (b"", b"{}", b'{"next": 2, "cut": 0, "check": 1}'):
        (folder / POSITION).write_bytes(wrong)
        with opened(folder) as spool:
            assert [document for _, document in waiting(spool)] == [b"a", b"b"]


def test_numbers_go_on_where_somebody_took_the_files_away(folder: Path) -> None:
    with opened(folder) as spool:
        spool.append([b"a", b"b"])
        spool.done(2)
    newest(folder).unlink()
    with opened(folder) as spool:
        assert spool.append([b"c"]) == 2
    with opened(folder) as spool:
        assert waiting(spool) == [(2, b"c")]


def test_one_process_at_a_time(folder: Path) -> None:
    with opened(folder), pytest.raises(SpoolBusy):
        Spool(folder)
    Spool(folder).close()


def test_the_limit_is_an_error_until_something_was_sent(folder: Path) -> None:
    with opened(folder, limit_bytes=2000) as spool:
        size = len(framed(0, [b"x" * 100], NOW))
        taken = 2000 // size
        for _ in range(taken):
            spool.append([b"x" * 100])
        with pytest.raises(SpoolFull):
            spool.append([b"x" * 100])
        assert [number for number, _ in waiting(spool)] == list(range(taken))
        spool.done(taken // 2)
        assert spool.append([b"y"]) == taken
        spool.done(taken + 1)
        # All of it is sent, so all of the room is there for one large document.
        spool.append([b"z" * 1900])
        spool.done(taken + 2)
        spool.append([b"z" * 1900])
        with pytest.raises(SpoolFull):
            spool.append([b"z" * 1900])
    assert look(folder).pending == 1


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """The system takes no longer files, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    quiet = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, quiet)


def test_a_full_disk_is_named_and_loses_nothing(folder: Path) -> None:
    with opened(folder) as spool:
        spool.append([b"a" * 100])
        spool.append([b"b" * 100])
        (entry,) = spool.head(1, 1)
        with files_up_to(300):
            with pytest.raises(SpoolFull, match="File too large"):
                spool.append([b"c" * 100])
            with files_up_to(10), pytest.raises(SpoolFull):
                spool.set_aside(entry, WRONG)
            with files_up_to(10), pytest.raises(SpoolFull):
                spool.done(1)
        # It is known here that the first one is in, though not on the disk.
        assert [number for number, _ in waiting(spool)] == [1]
        assert spool.append([b"d"]) == 2
    with opened(folder) as spool:
        assert [document[:1] for _, document in waiting(spool)] == [b"a", b"b", b"d"]
        assert (spool.cut, spool.refused()) == (0, [])


def test_a_folder_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SpoolUnwritable):
        Spool(tmp_path / "file")
    with pytest.raises(NoSpool):
        look(tmp_path)


def test_what_was_refused_is_kept_once_and_forgotten_when_told(folder: Path) -> None:
    with opened(folder) as spool:
        spool.append(['{"n":"店"}'.encode(), b"\xff"])
        for entry in spool.head(2, 1000):
            spool.set_aside(entry, WRONG)
        # Killed before the position had passed it: it comes again, and is refused again.
        spool.set_aside(spool.head(1, 1)[0], WRONG)
        first, second = spool.refused()
        assert (first.number, first.document, first.code) == (0, '{"n":"店"}', "push.not-allowed")
        assert (second.document, second.zh) == ("\\xff", "无权")
    with (folder / REFUSED).open("ab") as file:
        file.write(b"FTS1torn")
    with opened(folder) as spool:
        assert spool.cut == 8
        assert [each.number for each in spool.refused()] == [0, 1]
        assert spool.forget_refused() == 2
        assert spool.refused() == []
    assert look(folder).refused == ()


def test_sent_files_go_away(folder: Path) -> None:
    with opened(folder, limit_bytes=8000) as spool:
        for number in range(20):
            spool.append([b"%03d" % number * 100])
        assert len(segment_paths(folder)) > 5
        spool.done(20)
        assert len(segment_paths(folder)) == 1
        spool.append([b"more"])
    with opened(folder) as spool:
        assert waiting(spool) == [(20, b"more")]
