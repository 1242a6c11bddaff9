"""`foodtrace demo` on a machine like a newcomer's: exact, exact again, and never wrongly so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from rich.console import Console

from foodtrace_city import FIRST_DAY, City, Scale
from foodtrace_client import Client
from foodtrace_deploy.demo.run import run
from foodtrace_deploy.demo.same_city import day_of, keep_to
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.stack import Running, Stack
from foodtrace_ops.settings import Settings

SMALL = Scale(sites=260, products=120, trades=120, receipts=120)

pytestmark = pytest.mark.timeout(600)


def demo(data: Path, *more: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures of a run that ended with 0, and the news before them."""
    command = [sys.executable, "-m", "foodtrace_deploy", "demo", "--once", "--json"]
    done = subprocess.run(
        [*command, "--data", str(data), *more], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return told[-1], told[:-1]


def test_the_demo_is_exact_and_exact_again_on_the_same_folder(tmp_path: Path) -> None:
    first, _news = demo(tmp_path / "data")
    assert first["exact"]
    cheese = first["recalls"]["cheese"]
    assert (cheese["found"], cheese["sellers"], cheese["extra"]) == (45, 45, 0)
    assert (cheese["units_found"], cheese["units"]) == ("4890", "4890")
    assert first["recalls"]["pork"]["exact"]
    assert first["receipt"] == {**first["receipt"], "farms": 3, "found": 3}
    assert set(first["memory_bytes"]) >= {"api", "worker-0", "postgres"}
    written = json.loads((tmp_path / "data" / "demo.json").read_text())
    assert written == first

    again, _news = demo(tmp_path / "data")
    assert again["exact"]
    if again["broker"] == "kafka":
        assert again["accepted"] == 0
        assert again["duplicates"] == first["events"]


def running_on(data: Path, kind: str) -> Running:
    return Running(
        api_url="http://nowhere",
        brokers="nowhere:1",
        broker_kind=kind,  # type: ignore[arg-type]
        database_url=SecretStr("postgresql://nowhere"),
        keys={},
        data=data,
        settings=Settings(),
    )


def test_another_city_on_the_same_durable_folder_is_told_apart(tmp_path: Path) -> None:
    day = day_of(3, SMALL)
    assert day == day_of(3, SMALL)
    keep_to(running_on(tmp_path, "kafka"), day)
    keep_to(running_on(tmp_path, "kafka"), day)
    with pytest.raises(StackProblem, match="another city's day"):
        keep_to(running_on(tmp_path, "kafka"), day_of(4, SMALL))
    keep_to(running_on(tmp_path, "memory"), day_of(4, SMALL))


def stray_sale(city: City, running: Running) -> None:
    """Somebody sells cheese of the planted batch to a party that the oracle never heard of."""
    incident = city.oracle.incident("cheese")
    seller = next(iter(incident.sellers))
    day = FIRST_DAY.isoformat()
    line = {
        "line_no": 1,
        "product": {"product_id": incident.product},
        "manufacturer": incident.manufacturer,
        "batch_code": incident.code,
        "count": {"amount": "1", "unit": "袋"},
    }
    document = {
        "kind": "trade",
        "envelope": {
            "source": "somebody",
            "source_event_id": "stray",
            "occurred_at": f"{day}T12:00:00Z",
            "business_date": day,
        },
        "seller": {"party": seller[0], "location": seller[1]},
        "buyer": {"party": "stray", "location": "nowhere"},
        "lines": [line],
    }
    with Client(running.api_url, running.keys["ops"]) as client:
        client.wait(client.push([document]).after or "")


def test_one_more_sale_than_the_oracle_knows_is_no_longer_exact(tmp_path: Path) -> None:
    quiet = Console(quiet=True)
    city = City(3, SMALL)
    for _document in city.days(1):
        pass
    with Stack(Options(data=tmp_path, broker="memory", settings=Settings())) as running:
        # Before the city's own day: lineage doesn't depend on the order.
        stray_sale(city, running)
        outcome = run(running, 3, SMALL, quiet)
    assert not outcome.exact
    assert outcome.verdicts["cheese"].extra == 1
    assert outcome.verdicts["pork"].exact
