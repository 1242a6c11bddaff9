"""The producer kit: in order, at least once, through every kill, outage and refusal."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_client.answers import EventAnswer, Verdict
from foodtrace_client.doors import Told
from foodtrace_client.errors import local_problem
from foodtrace_client.frames import HEAD_BYTES
from foodtrace_client.http_door import HttpDoor
from foodtrace_client.kit import Producer
from foodtrace_client.retry import RetryPolicy
from foodtrace_client.sender import Sender
from foodtrace_client.spool import Spool
from foodtrace_client.spool_errors import SendingFailed
from foodtrace_client.spool_folder import POSITION, segment_paths
from foodtrace_client.spool_view import look
from foodtrace_schemas.json_form import Refused
from support.scripted import CUT, Script, Step, answering
from support.spooling import HASTY, SOURCE, document

AWAY = local_problem("push.bus-away", "as the test wants it")
#: A document with these bytes is one that the door refuses.
BAD = b"BAD!"


@dataclass
class DoorOfATest:
    """Keeps what arrives; fails as it is told to, and knows by then what it has seen."""

    arrived: list[bytes] = field(default_factory=list)
    offered: list[bytes] = field(default_factory=list)
    #: How many of the next portion are answered for; None for all.
    answers: int | None = None
    #: Which of the others come in all the same, unknown to the sender.
    unheard: frozenset[int] = frozenset()

    def hand_over(self, documents: Sequence[bytes]) -> Told:
        self.offered += [each for each in documents if each not in self.offered]
        known = len(documents) if self.answers is None else min(self.answers, len(documents))
        told = [self._take(number, each) for number, each in enumerate(documents[:known])]
        for number in range(known, len(documents)):
            if number in self.unheard:
                self._take(number, documents[number])
        return Told(answers=tuple(told), problem=None if known == len(documents) else AWAY)

    def _take(self, number: int, document: bytes) -> EventAnswer:
        if BAD in document:
            return EventAnswer(position=number, verdict=Verdict.REFUSED, code="push.not-allowed")
        known = document in self.arrived
        self.arrived += [] if known else [document]
        return EventAnswer(
            position=number, verdict=Verdict.DUPLICATE if known else Verdict.ACCEPTED
        )

    def close(self) -> None:
        """Nothing is open."""


class World:
    """A spool with its door; every action is one that a shop may see on a bad day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.door = DoorOfATest()
        self.accepted: list[bytes] = []
        self.serial = 0
        self.unheard_ever = False
        self._open()

    def _open(self) -> None:
        # Files of a few frames, so that they come and go.
        self.spool = Spool(self.folder, limit_bytes=4000)
        self.spool._segment_bytes = 150
        self.sender = Sender(spool=self.spool, door=self.door, pauses=HASTY, events=3)

    def made(self, count: int, bad: bool) -> list[bytes]:
        self.serial += count
        mark = BAD if bad else b"good"
        return [b"%06d %s" % (self.serial - n, mark) for n in range(count, 0, -1)]

    def send(self, count: int, bad: bool) -> None:
        documents = self.made(count, bad)
        self.spool.append(documents)
        self.accepted += documents

    def die_writing(self, count: int, at: int) -> None:
        """Killed at any byte of a write, of which nobody got a receipt."""
        documents = self.made(count, False)
        files = dict(segment_paths(self.folder))
        self.spool.append(documents)
        first, path = segment_paths(self.folder)[-1]
        size = path.stat().st_size
        whole = HEAD_BYTES + len(b"\n".join(documents))
        self.die()
        with path.open("r+b") as file:
            file.truncate(size - whole + at % (whole + 1) if first in files else at % (size + 1))
        self._open()

    def die(self) -> None:
        self.spool.close()

    def restart(self) -> None:
        self.die()
        self._open()

    def step(self, answers: int | None, unheard: frozenset[int], killed: bool) -> None:
        """One portion; `killed` between the answer and the new position on the disk."""
        self.door.answers, self.door.unheard = answers, unheard
        self.unheard_ever |= bool(unheard)
        position = self.folder / POSITION
        before = position.read_bytes() if position.exists() else None
        self.sender.step()
        if killed:
            self.die()
            if before is None:
                position.unlink(missing_ok=True)
            else:
                position.write_bytes(before)
            self._open()

    def end_well(self) -> None:
        self.door.answers = None
        while self.sender.step() is not None:
            pass
        assert self.spool.pending == 0


sends = st.tuples(st.just("send"), st.integers(1, 4), st.booleans())
dies = st.tuples(st.just("die_writing"), st.integers(1, 3), st.integers(0, 200))
steps = st.tuples(
    st.just("step"),
    st.none() | st.integers(0, 3),
    st.frozensets(st.integers(0, 2)) | st.just(frozenset()),
    st.booleans(),
)
actions = st.lists(sends | dies | steps | st.just(("restart",)), max_size=30)


@given(actions)
def test_whatever_was_taken_in_arrives_in_order_and_nothing_else_is_lost(
    acts: list[tuple[Any, ...]],
) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder) / "spool")
        for name, *told in acts:
            getattr(world, name)(*told)
        world.end_well()
        good = [each for each in world.accepted if BAD not in each]
        assert set(good) <= set(world.door.arrived)
        # What a killed write left whole may come in too; nobody was told that it isn't there.
        assert world.door.offered == sorted(world.door.offered)
        if not world.unheard_ever:
            assert world.door.arrived == sorted(world.door.arrived)
        refused = [each.document.encode() for each in world.spool.refused()]
        assert refused == [each for each in world.accepted if BAD in each]
        world.die()
        assert look(world.folder).pending == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


def producer(folder: Path, door: Any, **more: Any) -> Producer:
    return Producer(folder, door, source=SOURCE, pauses=HASTY, **more)


def reply(*verdicts: str, status: int = 200, **more: Any) -> tuple[int, Any]:
    answers = [{"index": n, "status": verdict, **more} for n, verdict in enumerate(verdicts)]
    return status, {"answers": answers, "code": "push.bus-away"}


def stepped(folder: Path, count: int, *steps: Step) -> tuple[Script, Spool, Sender, list[Any]]:
    """Hand documents over until the script is at its end; the last one are the waits asked for."""
    script = Script(steps)
    policy = RetryPolicy(first_pause_s=0.5, longest_pause_s=10)
    with answering(script) as address:
        spool = Spool(folder)
        spool.append([b'{"n":%d}' % number for number in range(count)])
        sender = Sender(spool=spool, door=HttpDoor(address, "k-1"), pauses=policy)
        waits = []
        while script.steps:
            waits.append(sender.step())
        sender.door.close()
        spool.close()
    return script, spool, sender, waits


def test_a_503_says_what_is_in_and_when_to_come_back(folder: Path) -> None:
    script, spool, sender, waits = stepped(
        folder,
        4,
        reply("accepted", "duplicate", "failed", "accepted", status=503),
        reply("accepted", "duplicate"),
    )
    assert waits == [3.0, 0.0]
    assert [body.count(b"\n") for _, body, _ in script.asked] == [4, 2]
    assert script.asked[1][1] == b'{"n":2}\n{"n":3}\n'
    assert script.asked[0][2]["Authorization"] == "Bearer k-1"
    assert (spool.pending, sender.problem) == (0, None)


def test_pauses_grow_while_nobody_answers_and_begin_anew_after_a_success(folder: Path) -> None:
    _, spool, sender, waits = stepped(folder, 1, CUT, (500, b"?"), (502, b""), reply("accepted"))
    assert waits == [0.5, 1.0, 2.0, 0.0]
    assert spool.pending == 0
    assert sender.problem is None


def test_a_door_that_follows_has_a_token_of_all_that_it_got_in() -> None:
    replies: list[Step] = [(200, {"answers": [], "after": token}) for token in ("one", "both")]
    script = Script([*replies, CUT])
    with answering(script) as address:
        door = HttpDoor(address, follow=True)
        for _ in range(3):
            door.hand_over([])
        assert door.after == "both"
        door.close()
    assert [path for path, _, _ in script.asked] == [
        "/v1/events",
        "/v1/events?after=one",
        "/v1/events?after=both",
    ]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((401, {"code": "auth.unknown"}), "auth.unknown"),
        ((404, {"detail": "Not Found"}), "api.not-ours"),
        ((200, b"<html>"), "api.not-ours"),
        ((200, {"answers": [{"index": 5, "status": "accepted"}]}), "api.not-ours"),
        ((200, {"answers": [{"status": "?"}]}), "api.not-ours"),
        (reply("failed"), "push.bus-away"),
        (CUT, "api.unreachable"),
    ],
)
def test_what_isnt_about_the_documents_keeps_them_waiting(
    folder: Path, answer: Step, code: str
) -> None:
    _, spool, sender, _ = stepped(folder, 1, answer)
    assert sender.problem is not None
    assert (spool.pending, sender.problem.code) == (1, code)


def test_too_much_for_one_request_goes_in_halves_and_a_giant_is_set_aside(folder: Path) -> None:
    much = (413, {"code": "push.body-too-large", "detail": "9 of 8"})
    script, spool, _, waits = stepped(folder, 3, much, much, reply("accepted", "accepted"))
    assert waits == [0.0, 0.0]
    assert [body.count(b"\n") for _, body, _ in script.asked] == [3, 1, 2]
    assert spool.pending == 0
    (refused,) = look(folder).refused
    assert (refused.number, refused.code) == (0, "push.body-too-large")


def test_a_document_that_is_wrong_by_itself_isnt_taken(folder: Path) -> None:
    with producer(folder, DoorOfATest()) as made:
        wrong = document(1) | {"lines": []}
        with pytest.raises(Refused) as caught:
            made.send_all([document(0), wrong])
        assert caught.value.code == "event.no-lines"
        assert made.pending().events == 0
        with pytest.raises(ValueError, match="too-large"):
            made.send(b'{"x":"' + b"x" * 5_000_000 + b'"}')


def test_receipts_bear_the_ids_of_the_events(folder: Path) -> None:
    with producer(folder, DoorOfATest()) as made:
        receipts = made.send_all(document(number) for number in range(3))
        assert [each.number for each in receipts] == [0, 1, 2]
        assert str(receipts[1].event_id) == document(1)["envelope"]["event_id"]
        assert made.flush(30)
        assert made.pending().events == 0


def test_what_waits_is_shown_with_its_reason_and_goes_when_the_door_is_back(folder: Path) -> None:
    door = DoorOfATest(answers=0)
    with producer(folder, door) as made:
        made.send(document(1))
        assert not made.flush(0.1)
        told = made.pending()
        assert (told.events, told.problem) == (1, AWAY)
        assert told.oldest is not None
        assert look(folder).pending == 1
        door.answers = None
        assert made.flush(30)
        assert made.pending().problem is None
    made.close()


def test_another_process_goes_on_where_the_first_one_ended(folder: Path) -> None:
    with producer(folder, DoorOfATest(answers=0)) as made:
        made.send_all(document(number) for number in range(2500))
        made.close()
    door = DoorOfATest()
    with producer(folder, door) as made:
        assert made.flush(30)
        assert made.send(document(2500)).number == 2500
    assert [b'"L%d"' % number in each for number, each in enumerate(door.arrived)] == [True] * 2501


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_the_thread_is_told_and_loses_nothing(folder: Path) -> None:
    class Broken(DoorOfATest):
        def hand_over(self, documents: Sequence[bytes]) -> Told:
            raise ZeroDivisionError("a bug")

    made = producer(folder, Broken())
    made.send(document(1))
    with pytest.raises(SendingFailed, match="a bug"):
        made.flush(30)
    with pytest.raises(SendingFailed):
        made.close()
    assert look(folder).pending == 1


def test_threads_share_a_producer(folder: Path) -> None:
    door = DoorOfATest()
    with producer(folder, door) as made:
        threads = [
            threading.Thread(
                target=lambda part=part: [made.send(document(part * 100 + n)) for n in range(30)]
            )
            for part in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made.flush(30)
    assert len(set(door.arrived)) == 120
