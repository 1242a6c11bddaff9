"""The OpenAPI document is true: generated requests get documented answers and never a crash."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as drawn
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import foodtrace_api.examples
from foodtrace_ops.settings import Settings
from support.cheese import CODE, MAKER, SHOPS, bags, city, sale
from support.door import catch_up

FOLDER = Path(foodtrace_api.examples.__file__).parent
CLOCK = "2026-05-21T05:31:07.250000Z"
#: Requests made up for each operation.
EXAMPLES = 12
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def limits() -> dict[str, Any]:
    return {"after_wait_seconds": 0, "max_body_bytes": 10**6}


def test_made_up_requests_get_documented_answers(ops: httpx.Client) -> None:
    base = str(ops.base_url).rstrip("/")
    headers = {"Authorization": ops.headers["Authorization"]}
    document = schemathesis.openapi.from_dict(ops.get("/openapi.json").json())
    wrong: list[str] = []
    for found in document.get_all_operations():
        operation: Any = found.ok()

        @given(case=operation.as_strategy())
        @drawn(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def asked(case: Any) -> None:
            answer = case.call(base_url=base, headers=headers)
            case.validate_response(answer, checks=CHECKS)

        try:
            asked()
        except Exception as error:  # noqa: BLE001 - every operation is tried, all that is wrong told
            wrong.append(f"{operation.label}: {error}")
    assert wrong == []


def test_full_answers_are_as_documented(ops: httpx.Client, settings: Settings) -> None:
    documents = [*city(), sale("t-8", SHOPS[1], "LATE", bags(90, production_date="2026-05-21"))]
    pushed = ops.post("/v1/events", json=documents)
    catch_up(settings, pushed.json()["after"])
    found = ops.get("/v1/lots", params={"code": CODE, "manufacturer": MAKER})
    batch = found.json()["batches"][0]
    lot, number = batch["lots"][0]["lot_id"], batch["batch"]["batch_id"]
    event = next(each["event_id"] for each in pushed.json()["answers"])
    document = schemathesis.openapi.from_dict(ops.get("/openapi.json").json())
    paths = {
        "/v1/events/{event_id}": f"/v1/events/{event}",
        "/v1/lots": f"/v1/lots?code={CODE}",
        "/v1/lots/{lot_id}": f"/v1/lots/{lot}",
        "/v1/batches/{batch_id}": f"/v1/batches/{number}",
        "/v1/receipts/{code}": "/v1/receipts/code/r-1",
        "/v1/vouchers/{number}": "/v1/vouchers/SZ-1",
        "/v1/stock": f"/v1/stock?party={SHOPS[0]}&from=2026-05-21&at=2026-05-21",
        "/v1/lots/{lot_id}/stock": f"/v1/lots/{lot}/stock",
        "/v1/keys": "/v1/keys",
        "/readyz": "/readyz",
    }
    for question in ("upstream", "downstream", "affected"):
        paths[f"/v1/lots/{{subject_id}}/{question}"] = f"/v1/lots/{lot}/{question}"
        paths[f"/v1/batches/{{subject_id}}/{question}"] = f"/v1/batches/{number}/{question}"
    document["/v1/events"]["POST"].validate_response(_answered(pushed))
    for template, path in paths.items():
        answer = ops.get(path)
        assert answer.status_code == httpx.codes.OK, answer.text
        document[template]["GET"].validate_response(_answered(answer))
    affected = ops.get(f"/v1/batches/{number}/affected").json()
    assert affected["flags"]
    assert affected["sellers"][0]["path"]["steps"]


def _answered(answer: httpx.Response) -> schemathesis.Response:
    return schemathesis.Response.from_any(answer)


def test_the_examples_of_answers_are_what_the_door_says(
    ops: httpx.Client, settings: Settings
) -> None:
    pushed = ops.post("/v1/events", json=city()).json()
    catch_up(settings, pushed["after"])
    found = ops.get("/v1/lots", params={"code": CODE}).json()
    mine = next(e for e in found["batches"] if e["batch"]["manufacturer"] == MAKER)
    shop = next(lot["lot_id"] for lot in mine["lots"] if lot["holder"] == SHOPS[0])
    batch = mine["batch"]["batch_id"]
    asked = {
        "found": f"/v1/lots?code={CODE}",
        "lot": f"/v1/lots/{shop}",
        "batch": f"/v1/batches/{batch}?limit=2",
        "upstream": f"/v1/lots/{shop}/upstream",
        "downstream": f"/v1/batches/{batch}/downstream?limit=2",
        "affected": f"/v1/batches/{batch}/affected?limit=2",
        "receipt": "/v1/receipts/code/r-1",
        "voucher": "/v1/vouchers/SZ-1",
        "stock": f"/v1/stock?party={SHOPS[0]}",
        "lot_stock": f"/v1/lots/{shop}/stock",
    }
    told = {name: timeless(ops.get(path).json(), settings) for name, path in asked.items()}
    if os.environ.get("FOODTRACE_UPDATE_EXAMPLES"):
        for name, answer in told.items():
            text = json.dumps(answer, ensure_ascii=False, indent=1)
            (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for name, answer in told.items():
        assert json.loads((FOLDER / f"{name}.json").read_text("utf-8")) == answer, name


def timeless(answer: Any, settings: Settings) -> Any:
    """The answer with a fixed clock, the usual topics, and no count that a broker can't tell."""
    if isinstance(answer, list):
        return [timeless(each, settings) for each in answer]
    if isinstance(answer, str):
        return answer.replace(settings.topic_prefix, "foodtrace.")
    if not isinstance(answer, dict):
        return answer
    fixed = {"received_at": CLOCK, "as_of": CLOCK, "in_flight": 0}
    return {name: fixed.get(name, timeless(each, settings)) for name, each in answer.items()}


def test_every_operation_has_words_and_its_own_id(ops: httpx.Client) -> None:
    document = ops.get("/openapi.json").json()
    operations = [each for path in document["paths"].values() for each in path.values()]
    ids = [each["operationId"] for each in operations]
    assert len(set(ids)) == len(ids)
    assert all(each.get("summary") and each.get("description") for each in operations)
    assert document["info"]["description"]
    assert ops.get("/docs").status_code == httpx.codes.OK
