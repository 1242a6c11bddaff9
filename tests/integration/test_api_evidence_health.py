"""What a door says of the evidence: what is covered, what waits, and what keeps it from being signed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text

from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.writer import write_chunk
from foodtrace_office import migrate
from foodtrace_office.signing import make_key
from foodtrace_ops.settings import Settings
from foodtrace_streams.signer import Signer
from support.evident import evident, logged

RECORDS = logged(range(90))


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = make_engine(settings.database_url.get_secret_value())
    yield made
    made.dispose()


def read(
    engine: Engine, settings: Settings, start: int, end: int, *, evidently: bool = True
) -> None:
    """As a worker of that door reads them."""
    chunk = evident(RECORDS, start, end, topic=f"{settings.topic_prefix}trade")
    write_chunk(engine, replace(chunk, consumer=settings.consumer, evident=evidently))


def told(client: httpx.Client) -> tuple[set[str], int]:
    """The warnings about evidence, and how many records wait for a signature."""
    state = client.get("/readyz").json()
    (waiting,) = [part["behind"] for part in state["workers"]["parts"] if part["part"] == "signer"]
    codes = {each["code"] for each in state["warnings"]}
    return {code for code in codes if code.startswith("evidence.")}, waiting


def shown(client: httpx.Client, metric: str) -> list[float]:
    """The values of a metric, one a partition."""
    lines = client.get("/metrics").text.splitlines()
    return [float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"{metric}{{")]


def test_a_door_says_what_is_signed_and_what_waits(
    ops: httpx.Client, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    assert told(ops) == (set(), 0)
    read(engine, settings, 0, 40)
    assert told(ops) == ({"evidence.no-key"}, 40)
    assert shown(ops, "foodtrace_evidence_checkpoint_age_seconds") == []
    with ThreadPoolExecutor(1) as threads:
        signer = Signer(engine, threads, make_key(tmp_path / "key.pem"), every_s=0)
        signer.sign()
        assert told(ops) == (set(), 0)
        # The records are of a day long past: unsigned they are overdue at once.
        read(engine, settings, 40, 90)
        assert told(ops) == ({"evidence.unsigned"}, 50)
        assert shown(ops, "foodtrace_evidence_size_records") == [90]
        assert shown(ops, "foodtrace_evidence_signed_records") == [40]
        (age,) = shown(ops, "foodtrace_evidence_checkpoint_age_seconds")
        assert age >= 0
        with engine.begin() as conn:
            conn.execute(
                text("UPDATE ledger.evidence_head SET as_of = date_trunc('second', now())")
            )
        assert told(ops) == (set(), 50)
        signer.sign()
        assert told(ops) == (set(), 0)
        signer.close()


def test_a_ledger_that_was_begun_before_there_was_evidence_says_so(
    ops: httpx.Client, settings: Settings, engine: Engine
) -> None:
    read(engine, settings, 0, 10, evidently=False)
    read(engine, settings, 10, 20)
    assert told(ops) == ({"evidence.incomplete"}, 0)
    (warning,) = ops.get("/readyz").json()["warnings"][:1]
    assert warning["detail"] == f"{settings.topic_prefix}trade/0"


def test_a_door_on_an_older_office_isnt_ready_and_says_why(
    ops: httpx.Client, engine: Engine
) -> None:
    """As it stands while a new release starts before its `foodtrace init` is through."""
    detail = ops.get("/readyz").json()["database"]["detail"]
    assert detail.endswith(f"office {migrate.head()}")
    with engine.begin() as conn:
        conn.execute(text("UPDATE office.alembic_version SET version_num = '0002'"))
        conn.execute(text("ALTER TABLE office.checkpoint RENAME handed_out TO later"))
    answer = ops.get("/readyz")
    with engine.begin() as conn:
        conn.execute(text("ALTER TABLE office.checkpoint RENAME later TO handed_out"))
        conn.execute(text(f"UPDATE office.alembic_version SET version_num = '{migrate.head()}'"))
    state = answer.json()["database"]
    assert (answer.status_code, state["ok"]) == (503, False)
    assert "office revision 0002" in state["detail"]
