"""`foodtrace up` for real: started, asked, hurt, killed, started again, ended; on both brokers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.stack.local import running as running_on
from support.fixtures import Broker
from support.parts import gone

#: Seconds that no step takes on a machine that works at all.
PATIENCE = 120.0
#: A repository nobody can reach.
_AWAY = {"FOODTRACE_MAVEN_URL": "http://127.0.0.1:9/maven2"}

pytestmark = pytest.mark.timeout(600)


class Up:
    """A `foodtrace up --json` in a process of its own."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [*_command("up"), "--data", str(data), "--json", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
            text=True,
            start_new_session=True,
        )
        self.said: list[dict[str, Any]] = []

    def until(self, key: str, value: object = None) -> dict[str, Any]:
        """The next line with that key (and value)."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, Any] = json.loads(line)
            self.said.append(told)
            if key in told and value in (None, told[key]):
                return told
        raise AssertionError(f"it ended: {self.said[-3:]} {self.process.communicate()}")

    def until_part(self, name: str, stage: str, why: str = "") -> dict[str, Any]:
        """The next news that a part has that stage, with that reason."""
        while True:
            part: dict[str, Any] = self.until("part")["part"]
            if (part["name"], part["stage"]) == (name, stage) and why in part["why"]:
                return part

    def pids(self) -> dict[str, int]:
        """The processes of the parts, once all are ready."""
        while True:
            code, told = status(self.data)
            if code == Exit.DONE:
                return {part["name"]: part["pid"] for part in told["parts"]}
            assert self.process.poll() is None

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Signal it and wait; the exit code."""
        self.process.send_signal(how)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "foodtrace_deploy", name]


def status(data: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of `foodtrace status --json`."""
    told = subprocess.run(
        [*_command("status"), "--data", str(data), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.returncode, json.loads(told.stdout)


@contextmanager
def up(data: Path, *options: str, **environment: str) -> Iterator[Up]:
    """One that is ended whatever the test does."""
    made = Up(data, *options, **environment)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.end()
        for stream in (made.process.stdout, made.process.stderr):
            assert stream is not None
            stream.close()


def test_a_stack_lives_through_everything(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with up(data) as first:
        ready = first.until("ready")
        assert status(data)[0] == Exit.DONE
        _is_private(data)
        _second_is_refused(data, ready["api"])
        for name in first.pids():
            # Another one may have been started meanwhile, because what it needs was away.
            os.kill(first.pids()[name], signal.SIGKILL)
            first.until_part(name, "pausing", "SIGKILL")
            first.until_part(name, "ready")
        pids = [*first.pids().values()]
        first.process.kill()
        first.process.wait()
        assert gone(pids, PATIENCE)
    assert status(data)[0] == Exit.UNAVAILABLE
    with up(data) as second:
        again = second.until("ready")
        # What clients were told before still holds.
        assert again["keys"] == ready["keys"]
        if ready["broker_kind"] == "kafka":
            assert again["keys"]
        local = running_on(data)
        assert local is not None
        assert (local.api_url, local.keys) == (again["api"], again["keys"])
        assert local.state.evidence_key == str(data / "evidence.pem")
        pids = [*second.pids().values()]
        assert second.end() == Exit.DONE
        assert not any(psutil.pid_exists(pid) for pid in pids)
    assert status(data) == (Exit.UNAVAILABLE, {"running": False, "ready": False, "parts": []})


def _is_private(data: Path) -> None:
    for name in ("secrets", "logs", "api", "worker-0"):
        assert (data / name).stat().st_mode & 0o077 == 0
    assert "ft_admin" not in (data / "stack.json").read_text()


def _second_is_refused(data: Path, api: str) -> None:
    told = subprocess.run(
        [*_command("up"), "--data", str(data), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == Exit.NOT_STARTED
    problem = json.loads(told.stdout)
    assert problem["problem"] == "already-running"
    assert api in problem["message"]


def test_without_maven_everything_works_in_memory_and_begins_anew(tmp_path: Path) -> None:
    environment = {**_AWAY, "FOODTRACE_CACHE_FOLDER": str(tmp_path / "cache")}
    with up(tmp_path / "data", **environment) as stack:
        assert stack.until("news", "memory-instead")["message"]
        ready = stack.until("ready")
        assert ready["broker_kind"] == "memory"
        assert status(tmp_path / "data")[1]["behind"] == "unknown"
        # With the broker its log is gone, so ledger and office begin anew as well.
        os.kill(stack.pids()["broker"], signal.SIGKILL)
        stack.until("news", "memory-lost")
        again = stack.until("ready")
        assert again["broker_kind"] == "memory"
        assert again["keys"].keys() == ready["keys"].keys()
        assert again["keys"] != ready["keys"]
        assert stack.end(signal.SIGTERM) == Exit.DONE


def test_a_start_can_be_broken_off(tmp_path: Path) -> None:
    with up(tmp_path / "data", "--broker", "memory") as stack:
        stack.until_part("postgres", "starting")
        assert stack.end() == Exit.DONE
    assert status(tmp_path / "data")[0] == Exit.UNAVAILABLE


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--broker", "kafka"), "maven-unreachable"),
        (("--broker", "127.0.0.1:9"), "broker-away"),
        (("--broker", "somewhere"), "broker-unknown"),
    ],
)
def test_a_broker_that_cant_be_had_is_a_sentence(
    tmp_path: Path, options: tuple[str, ...], problem: str
) -> None:
    environment = {**_AWAY, "FOODTRACE_CACHE_FOLDER": str(tmp_path / "cache")}
    with up(tmp_path / "data", *options, **environment) as stack:
        assert stack.until("problem")["problem"] == problem
        assert stack.process.wait(PATIENCE) == Exit.NOT_STARTED


def test_a_port_in_use_is_a_sentence_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with up(tmp_path / "data", "--api-port", str(port), "--broker", "memory") as stack:
            problem = stack.until("problem")
            assert stack.process.wait(PATIENCE) == Exit.NOT_STARTED
    assert problem["problem"] == "port-in-use"
    assert str(port) in problem["message"]
    assert not any("part" in told for told in stack.said)


def test_a_cluster_of_ones_own_will_do(tmp_path: Path, broker: Broker, topic_prefix: str) -> None:
    with up(
        tmp_path / "data", "--broker", broker.bootstrap, FOODTRACE_TOPIC_PREFIX=topic_prefix
    ) as stack:
        ready = stack.until("ready")
        assert (ready["broker_kind"], ready["brokers"]) == ("external", broker.bootstrap)
        assert set(stack.pids()) == {"postgres", "api", "worker-0"}
        assert stack.end() == Exit.DONE
