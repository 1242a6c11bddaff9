"""`foodtrace status`: the flow of events as people read it, in both languages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from foodtrace.problems import PROBLEMS
from foodtrace_deploy.rendering.flow import show_flow, show_held_up
from foodtrace_deploy.stack import health, state
from foodtrace_deploy.texts import speak

_COUNTS = st.integers(0, 10**9) | st.just("unknown")


def shown(steps: object, *values: object) -> str:
    page = Console(file=io.StringIO(), width=200)
    steps(page, *values)  # type: ignore[operator]
    text: str = page.file.getvalue()  # type: ignore[attr-defined]
    return text


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


@given(behind=_COUNTS, owned=_COUNTS, left=st.integers(0, 10**13))
def test_what_is_behind_is_said_and_what_is_unknown_never_shown_as_none(
    behind: int | str, owned: int | str, left: int
) -> None:
    topic = {"topic": "t", "partitions": 6, "owned": owned, "read": 5, "behind": behind}
    door = health.DoorHealth(
        behind=0,
        topics=(topic,),
        behind_by_part=({"part": "relay", "behind": behind},),
        disks=({"broker": 7, "usable": left, "total": 10**13},),
    )
    speak("en")
    page = shown(show_flow, door)
    for number in (behind, owned):
        assert ("unknown" if number == "unknown" else f"{number:,}") in page
    assert ("relay of dead letters" in page) is (behind != 0)
    assert f"Disk of broker 7: {left / 1024**3:.1f} of 9313.2 GiB left" in page
    speak("zh")
    assert "消息节点 7 的磁盘" in shown(show_flow, door)


class _Worker(BaseHTTPRequestHandler):
    """What a worker says that is held up in two places, and one line of another version."""

    def do_GET(self) -> None:
        said = "ready\nt.trade/3 ledger.disk-full: 满 / full: act\nt.void/0 ledger.held: x\nwhat?\n"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def test_what_holds_a_worker_up_is_said_in_the_readers_language() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Worker) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        told = state.StackState(
            supervisor=1,
            api="",
            brokers="",
            broker_kind="kafka",
            broker_log="",
            database="",
            topic_prefix="t.",
            parts=(
                state.PartState(
                    name="worker-0",
                    stage="ready",
                    pid=1,
                    started=None,
                    ports=(server.server_address[1],),
                    restarts=0,
                    log="",
                    why="",
                ),
            ),
        )
        held = health.held_up(told)
        server.shutdown()
        thread.join()
    assert [(each.worker, each.place, each.code) for each in held] == [
        ("worker-0", "t.trade/3", "ledger.disk-full"),
        ("worker-0", "t.void/0", "ledger.held"),
    ]
    page = shown(show_held_up, held)
    assert PROBLEMS["ledger.disk-full"].en in page
    speak("zh")
    assert PROBLEMS["ledger.disk-full"].zh in shown(show_held_up, held)
