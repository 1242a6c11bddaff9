"""The short form of `make chaos`: every sort of kill once, on three brokers, and the oracle's verdict."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foodtrace_deploy.stack import jars, java
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_ops.settings import Settings
from support.chaos.__main__ import Screen
from support.chaos.plan import KILLS, Sort, plan
from support.chaos.run import run
from support.lacking import lacking

EVENTS, SHORT, SEED = 2_000, 6, 7

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def kafka() -> None:
    """Apache Kafka can be had here: no other broker of ours has several nodes."""
    need_kafka()


def need_kafka() -> None:
    """Skip where it can't be had; with CI=true fail."""
    settings = Settings()
    try:
        java.find()
        jars.fetch(settings.cache_folder, jars.repository(settings))
    except StackProblem as problem:
        lacking(str(problem))


def test_the_short_schedule_meets_everybody() -> None:
    kills = [each for each in plan(SEED, SHORT) if each.sort in KILLS]
    parts = {each.target.partition("-")[0] for each in kills if each.sort is Sort.KILL}
    assert parts == {"worker", "broker", "postgres", "api"}
    assert {each.sort for each in kills} == {Sort.KILL, Sort.FREEZE, Sort.CUT}


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_ci_must_have_kafka(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ci: str,
    outcome: type[BaseException],
) -> None:
    monkeypatch.setenv("CI", ci)
    # Nothing was fetched before, and nothing can be fetched from there.
    monkeypatch.setenv("FOODTRACE_CACHE_FOLDER", str(tmp_path))
    monkeypatch.setenv("FOODTRACE_MAVEN_URL", "http://127.0.0.1:9")
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception)) as caught:
        need_kafka()
    assert caught.type is outcome


@pytest.mark.usefixtures("kafka")
def test_nothing_is_lost_whatever_dies() -> None:
    verdict = run(EVENTS, SHORT, SEED, Screen().show)
    assert verdict.wrong == []
    assert re.fullmatch(
        rf"verdict ok events=\d+ kills={SHORT} lost=0 doubled=0 lineage=equal"
        r" stall_max_s=\d+\.\d recovery_s=\d+\.\d",
        verdict.line(),
    )
    assert verdict.events >= EVENTS
