"""Settings, logs and metrics: each a table, complete in both languages; no secret leaves it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import CollectorRegistry, generate_latest
from pydantic import ValidationError

from foodtrace_ops import logs
from foodtrace_ops.metrics import METRICS, Metrics
from foodtrace_ops.settings import Settings, table, variable

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_setting_is_explained_in_both_languages() -> None:
    for row in table():
        assert _CHINESE.search(row.zh), row.variable
        assert row.en, row.variable
        assert not _CHINESE.search(row.en), row.variable


def test_a_child_reads_back_what_its_parent_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = Settings(
        database_url="postgresql://u:p%40ss@h:1/d",
        api_port=1234,
        broker_kind="memory",
        broker_log="memory-1",
    )
    for name, value in parent.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings() == parent


def test_a_value_out_of_range_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable("api_port"), "70000")
    with pytest.raises(ValidationError, match="api_port"):
        Settings()


def test_secrets_are_not_shown() -> None:
    settings = Settings(database_url="postgresql://u:hidden@h:1/d")
    assert "hidden" not in repr(settings)
    assert "hidden" not in str(settings.model_dump())


def test_metrics_are_explained_and_named_with_their_unit() -> None:
    endings: dict[str, str | tuple[str, ...]] = {
        "counter": "_total",
        "histogram": ("_seconds", "_records"),
        # A gauge counts something, measures time or bytes, or says yes (1) or no (0).
        "gauge": ("_records", "_partitions", "_seconds", "_bytes", "_owned"),
    }
    for row in METRICS:
        assert row.name.startswith("foodtrace_")
        assert row.name.endswith(endings[row.type]), row.name
        assert _CHINESE.search(row.zh), row.name
    assert len({row.name for row in METRICS}) == len(METRICS)


def test_every_metric_can_be_made_and_printed() -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    for row in METRICS:
        getattr(metrics, row.type)(row.name)
        assert getattr(metrics, row.type)(row.name) is getattr(metrics, row.type)(row.name)
    printed = generate_latest(registry).decode()
    assert all(row.name.removesuffix("_total") in printed for row in METRICS)


def test_a_metric_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match="counter"):
        Metrics(CollectorRegistry()).gauge("foodtrace_asides_total")


@pytest.fixture
def _own_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("_own_logging")
def test_a_line_is_one_json_object_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("api")
    log = structlog.get_logger("test")
    log.info("到货", url="postgresql://u:hidden@h/d", password="hidden", lines=3)
    logging.getLogger("library").warning("with %s", "ft_admin_0a1b2c3d_" + "x" * 40)
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first["event"] == "到货"
    assert (first["part"], first["level"], first["lines"]) == ("api", "info", 3)
    assert first["url"] == "postgresql://u:***@h/d"
    assert first["password"] == "***"
    assert second["event"] == "with ***"


@pytest.mark.usefixtures("_own_logging")
def test_an_exception_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("worker")
    try:
        raise ValueError("postgresql://u:hidden@h/d")
    except ValueError:
        structlog.get_logger("test").exception("broken")
    (line,) = capsys.readouterr().err.splitlines()
    assert "hidden" not in line
    assert "ValueError" in json.loads(line)["exception"]
