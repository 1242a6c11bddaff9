"""`foodtrace deadletters` against a real door and a real worker: the whole way of a letter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from foodtrace_api.push.examples import TRADE
from foodtrace_bus.records import Record
from foodtrace_bus.topics import ensure_topics
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.main import app
from foodtrace_deploy.texts import speak
from support.door import keys_of, ready, serving, settings_for
from support.fixtures import Broker
from support.streams import Stage, publish, staged, until

SOURCE = TRADE["envelope"]["source"]
Ask = Callable[..., Any]


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        ensure_topics(broker.bootstrap, topic_prefix, outside_sources=(SOURCE,))
        yield made


@pytest.fixture
def ask(stage: Stage, tmp_path: Path) -> Iterator[Ask]:
    """Runs `foodtrace deadletters`; gives its JSON, or its words, and checks how it ends."""
    key = keys_of(stage.database)["ops"]
    settings = settings_for(stage.database, stage.broker, stage.prefix, tmp_path)
    with serving(settings) as address:
        ready(address)

        def asked(*arguments: str, code: Exit = Exit.DONE, words: bool = False) -> Any:
            form = ["--lang", "zh"] if words else ["--json"]
            line = ["deadletters", *arguments, "--url", address, "--key", key, *form]
            found = CliRunner().invoke(app, line)
            assert found.exit_code == code, (found.output, found.exception)
            # The door is in this process, and what it logs meanwhile stands there too.
            return found.stdout if words else json.loads(found.stdout.splitlines()[-1])

        yield asked
    speak(None)


def states(ask: Ask) -> list[str]:
    """Of all letters, the oldest first."""
    return [each["state"] for each in reversed(ask("list")["dead_letters"])]


def test_the_way_of_a_letter(stage: Stage, ask: Ask, tmp_path: Path) -> None:
    topic = f"{stage.prefix}in.{SOURCE}"
    publish(
        stage.broker,
        [Record(topic=topic, key=b"same", value=b"poison %d" % number) for number in range(3)],
    )
    stage.worker()
    found = until("three letters", lambda: (ask("list")["total"] == 3) and ask("list"))
    first, second, third = (each["letter"] for each in reversed(found["dead_letters"]))
    assert {(each["source"], each["state"]) for each in found["dead_letters"]} == {(SOURCE, "open")}
    # Nothing was mended, so it comes back, and says what it was before.
    done = ask("requeue", first, "--reason", "再试")
    assert (done["action"], done["in_ledger"]) == ("requeued", True)
    until("it is back", lambda: len(states(ask)) == 4)
    assert sorted(states(ask)) == ["open", "open", "open", "requeued"]
    (back,) = ask("show", first)["explained"]["came_back"]
    told = ask("show", back, words=True)
    for part in (back, first, "poison 0", "avro.wrong-magic", "怎么办", SOURCE):
        assert part in told
    # A corrected event in place of the second one; amounts go as they are written.
    file = tmp_path / "fixed.json"
    file.write_text(json.dumps(TRADE, ensure_ascii=False, indent=1), encoding="utf-8")
    fixed = ask("fix", second, str(file))
    assert [str(each) for each in stage.events()].count(fixed["corrected_event_id"]) == 1
    assert fixed["corrected_event_id"] in ask("show", second, words=True)
    assert ask("dismiss", third, "--reason", "测试数据")["action"] == "dismissed"
    # Twice is once: the second is told what was done, and nothing changes.
    problem = ask("dismiss", third, "--reason", "x", code=Exit.AMBIGUOUS)["problem"]
    assert problem["code"] == "dead-letter.settled"
    assert "测试数据" in ask("show", third, words=True)
    assert [each["letter"] for each in ask("list", "--state", "open")["dead_letters"]] == [back]
    assert "未处置" in ask("list", words=True)
    for arguments, code in (
        (("show", f"{third}9"), Exit.NOT_KNOWN),
        (("show", "nowhere"), Exit.FILE),
        (("fix", back, str(tmp_path / "none.json")), Exit.FILE),
        (("requeue", second), Exit.AMBIGUOUS),
    ):
        ask(*arguments, code=code)
