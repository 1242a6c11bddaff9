"""/v1/keys, /v1/mandates, /problems and the health routes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from foodtrace.problems import PROBLEMS
from support.door import asking, serving, settings_for
from support.fixtures import Broker


@pytest.fixture(scope="module")
def clients(module_door: str, module_keys: dict[str, str]) -> Iterator[dict[str, httpx.Client]]:
    made = {role: asking(module_door, key) for role, key in module_keys.items()}
    yield made
    for client in made.values():
        client.close()


def test_keys_are_issued_shown_once_listed_and_revoked(
    clients: dict[str, httpx.Client], module_door: str
) -> None:
    admin = clients["admin"]
    made = admin.post("/v1/keys", json={"role": "inspector", "label": "市监局 3 科"})
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    key, about = made.json()["key"], made.json()["about"]
    with asking(module_door, key) as inspector:
        assert inspector.get("/v1/keys").json()["code"] == "auth.forbidden"
        listed = admin.get("/v1/keys", params={"limit": 2})
        assert key not in listed.text
        rest = admin.get("/v1/keys", params={"limit": 2, "cursor": listed.json()["next"]}).json()
        assert len(listed.json()["keys"]) == 2
        everything = [*listed.json()["keys"], *rest["keys"]]
        last = admin.get("/v1/keys", params={"limit": 100}).json()
        assert last["next"] is None
        assert everything == last["keys"][:4]
        assert about in last["keys"]
        revoked = admin.delete(f"/v1/keys/{about['id']}").json()
        assert revoked["revoked_at"] is not None
        assert inspector.get("/v1/keys").json()["code"] == "auth.unknown"


def test_ops_touch_no_keys_of_ops_and_admin(clients: dict[str, httpx.Client]) -> None:
    ops = clients["ops"]
    assert ops.post("/v1/keys", json={"role": "inspector"}).status_code == 201
    for role in ("ops", "admin"):
        refused = ops.post("/v1/keys", json={"role": role})
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.forbidden")
    listed = ops.get("/v1/keys").json()["keys"]
    admins = next(each for each in listed if each["role"] == "admin")
    assert ops.delete(f"/v1/keys/{admins['id']}").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "status", "code", "path"),
    [
        ({"role": "king"}, 400, "request.invalid", "role"),
        ({"role": "ops", "colour": "red"}, 400, "request.invalid", "colour"),
        ({"role": "party", "party": "p"}, 400, "event.missing-field", "source"),
        ({"role": "ops", "label": "a\u0000"}, 400, "text.control-character", "label"),
        ({"role": "ops", "expires_at": "2030-01-01T00:00:00"}, 400, "date.naive", "expires_at"),
        ([], 400, "request.invalid", "body"),
    ],
)
def test_a_key_that_cannot_be_is_named(
    clients: dict[str, httpx.Client], wanted: Any, status: int, code: str, path: str
) -> None:
    refused = clients["admin"].post("/v1/keys", json=wanted)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["path"]) == (status, code, path)


def test_mandates_are_granted_listed_and_revoked(clients: dict[str, httpx.Client]) -> None:
    ops = clients["ops"]
    wanted = {"reporter": "m1", "party": "p1", "valid_from": "2026-01-01"}
    made = ops.post("/v1/mandates", json=wanted).json()
    assert (made["party"], made["valid_to"]) == ("P1", None)
    assert ops.post("/v1/mandates", json=wanted).json() == made
    other = ops.post("/v1/mandates", json={**wanted, "reporter": "m2"}).json()
    assert ops.get("/v1/mandates", params={"reporter": "m1"}).json()["mandates"] == [made]
    first = ops.get("/v1/mandates", params={"limit": 1}).json()
    second = ops.get("/v1/mandates", params={"limit": 1, "cursor": first["next"]}).json()
    assert {each["id"] for each in (*first["mandates"], *second["mandates"])} == {
        made["id"],
        other["id"],
    }
    assert second["next"] is None
    mixed = ops.get("/v1/mandates", params={"reporter": "m1", "cursor": first["next"]})
    assert mixed.json()["code"] == "request.bad-cursor"
    assert ops.delete(f"/v1/mandates/{made['id']}").json()["revoked_at"] is not None
    assert clients["inspector"].get("/v1/mandates").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "code", "path"),
    [
        ({"reporter": "m", "valid_from": "2026-01-01"}, "mandate.one-subject", "party"),
        ({"reporter": "m", "party": "p", "valid_from": "soon"}, "request.invalid", "valid_from"),
        ({"party": "p", "valid_from": "2026-01-01"}, "request.invalid", "reporter"),
    ],
)
def test_a_mandate_that_cannot_be_is_named(
    clients: dict[str, httpx.Client], wanted: dict[str, str], code: str, path: str
) -> None:
    problem = clients["ops"].post("/v1/mandates", json=wanted).json()
    assert (problem["code"], problem["path"]) == (code, path)


def test_a_key_may_also_come_as_basic(module_door: str, clients: dict[str, httpx.Client]) -> None:
    key = clients["ops"].headers["Authorization"].removeprefix("Bearer ")
    with asking(module_door) as nobody:
        assert nobody.get("/v1/mandates", auth=("anything", key)).status_code == 200
        assert nobody.get("/v1/mandates", auth=(key, "")).status_code == 200
        for header in ("Basic %%%", "Digest x", "Bearer"):
            refused = nobody.get("/v1/mandates", headers={"Authorization": header})
            assert (refused.status_code, refused.json()["code"]) == (401, "auth.unknown")


def test_every_problem_has_a_page_and_unknown_addresses_a_problem(module_door: str) -> None:
    with asking(module_door) as nobody:
        listed = nobody.get("/problems").json()
        assert {each["code"] for each in listed} == set(PROBLEMS)
        assert nobody.get("/problems/lot.unknown").json()["status"] == 404
        for path in ("/problems/none", "/v1/nothing", "/favicon.ico"):
            missing = nobody.get(path)
            assert (missing.status_code, missing.json()["code"]) == (404, "request.no-such-path")
        wrong = nobody.put("/v1/events")
        assert (wrong.status_code, wrong.json()["code"]) == (405, "request.wrong-method")


def test_odd_addresses_and_endless_bodies_are_named(clients: dict[str, httpx.Client]) -> None:
    ops = clients["ops"]
    for path in ("/v1/lots?code=a%00b", "/v1/receipts/a%00b", "/v1/vouchers/%00"):
        refused = ops.get(path)
        assert (refused.status_code, refused.json()["code"]) == (400, "text.control-character")
    refused = ops.get("/registry/subjects/a%00b/versions")
    assert refused.json()["error_code"] == 400
    large = ops.post("/v1/keys", content=b" " * (1024 * 1024 + 1))
    assert (large.status_code, large.json()["code"]) == (413, "push.body-too-large")
    chunked = ops.post("/v1/keys", content=iter([b" " * 600_000] * 2))
    assert chunked.status_code in (400, 413)


def test_health_is_told_without_a_key(module_door: str, broker: Broker) -> None:
    with asking(module_door) as nobody:
        assert nobody.get("/healthz").json() == {"alive": True}
        state = nobody.get("/readyz").json()
        assert (state["ready"], state["database"]["ok"], state["broker"]["ok"]) == (True,) * 3
        assert state["workers"]["behind"] == (0 if broker.kind == "kafka" else "unknown")
        metrics = nobody.get("/metrics")
        assert 'foodtrace_http_requests_total{method="GET",route="/healthz"' in metrics.text
        assert metrics.headers["content-type"].startswith("text/plain")


def test_without_a_database_questions_are_told_to_come_again(
    broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    with (
        serving(settings_for(nowhere, broker, topic_prefix, tmp_path)) as address,
        asking(address, "ft_ops_00000000_x") as client,
    ):
        refused = client.get("/v1/keys")
        assert (refused.status_code, refused.json()["code"]) == (503, "ledger.away")
        assert int(refused.headers["retry-after"]) > 0
        state = client.get("/readyz")
        assert (state.status_code, state.json()["database"]["ok"]) == (503, False)
        assert client.get("/metrics").status_code == 200
        assert client.get("/healthz").status_code == 200
