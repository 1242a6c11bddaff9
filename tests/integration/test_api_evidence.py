"""Proofs over HTTP: whoever keeps an answer can check it without us, and nobody sees more by it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

import foodtrace_api.examples
from foodtrace.identity import event_id
from foodtrace_api.push.examples import TRADE
from foodtrace_formats.evidence.files import check_file, checkpoints_in
from foodtrace_formats.evidence.report import Report
from foodtrace_ledger.engine import make_engine
from foodtrace_office.signing import read_public_pem
from foodtrace_ops.settings import Settings
from support.documents import proof_example, trades
from support.door import asking, issued
from support.evidence import KEY, OTHER_KEY
from support.proving import catch_up_evident, sign

SOURCE = TRADE["envelope"]["source"]
EXAMPLES = Path(foodtrace_api.examples.__file__).parent


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = make_engine(settings.database_url.get_secret_value())
    yield made
    made.dispose()


def pushed(ops: httpx.Client, settings: Settings, *documents: Any) -> list[str]:
    """The ids of pushed events; the ledger has them and their leaves."""
    answer = ops.post("/v1/events", json=list(documents)).json()
    assert answer["accepted"] == len(documents), answer
    catch_up_evident(settings, answer["after"])
    return [each["event_id"] for each in answer["answers"]]


def checked(answer: httpx.Response, key: bytes | None = KEY.public) -> Report:
    assert answer.status_code == httpx.codes.OK, answer.text
    return check_file(io.BytesIO(answer.content), () if key is None else (key,))


def test_a_proof_is_checked_offline_once_a_checkpoint_covers_the_event(
    ops: httpx.Client, settings: Settings, engine: Engine
) -> None:
    event = pushed(ops, settings, TRADE, *trades(5))[0]
    early = ops.get(f"/v1/events/{event}/proof")
    assert (early.status_code, early.json()["code"]) == (503, "evidence.not-yet")
    assert early.headers["Retry-After"]
    assert sign(engine, KEY) == 1
    proof = ops.get(f"/v1/events/{event}/proof")
    report = checked(proof)
    assert (report.ok, report.trusted) == (True, True), list(report.every())
    (part,) = report.parts
    assert (part.topic, part.size) == (f"{settings.topic_prefix}trade", 6)
    assert proof.json()["proofs"][0]["offset"] == 0
    assert not checked(proof, OTHER_KEY.public).ok
    # Other bytes under this proof are found.
    forged = proof.json()
    forged["proofs"][0]["value"] = "AAAAAAEC"
    assert not check_file(io.BytesIO(json.dumps(forged).encode()), [KEY.public]).ok


def test_two_contents_of_one_id_have_a_proof_each(
    ops: httpx.Client, settings: Settings, engine: Engine
) -> None:
    other = TRADE | {"buyer": {"party": "somebody else"}}
    event = pushed(ops, settings, TRADE, other)[0]
    sign(engine, KEY)
    proof = ops.get(f"/v1/events/{event}/proof")
    assert [each["offset"] for each in proof.json()["proofs"]] == [0, 1]
    assert checked(proof).ok


def test_only_who_sees_an_event_sees_its_proof(
    ops: httpx.Client, settings: Settings, engine: Engine, door: str
) -> None:
    event = pushed(ops, settings, TRADE)[0]
    sign(engine, KEY)
    path = f"/v1/events/{event}/proof"
    seller = TRADE["seller"]["party"]
    with asking(door) as somebody:
        for allowed in (
            {"role": "inspector"},
            {"role": "reporter", "source": SOURCE, "reporter": "r"},
            {"role": "party", "source": "other", "party": seller},
        ):
            key = issued(ops, **allowed)
            assert somebody.get(path, headers=key).status_code == httpx.codes.OK, allowed
        for denied in (
            {"role": "reporter", "source": "other", "reporter": "r"},
            {"role": "party", "source": "other", "party": "nobody"},
        ):
            refused = somebody.get(path, headers=issued(ops, **denied))
            assert (refused.status_code, refused.json()["code"]) == (404, "event.unknown")
        assert somebody.get(path).status_code == httpx.codes.UNAUTHORIZED
        assert somebody.get("/v1/evidence/checkpoints").status_code == httpx.codes.UNAUTHORIZED
        told = somebody.get("/v1/evidence/key").json()
    assert [each["present"] for each in told["keys"]] == [True]
    assert read_public_pem(told["keys"][0]["public_key"].encode()) == KEY.public
    unknown = ops.get(f"/v1/events/{event_id('a', 'trade', 'b')}/proof")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "event.unknown")
    odd = ops.get("/v1/events/7/proof")
    assert (odd.status_code, odd.json()["path"]) == (400, "event_id")


def test_checkpoints_are_listed_and_shown_to_continue_each_other(
    ops: httpx.Client, settings: Settings, engine: Engine
) -> None:
    for number in range(3):
        pushed(ops, settings, *trades(4, first=4 * number))
        assert sign(engine, KEY) == 1
    assert sign(engine, KEY) == 0
    (newest,) = ops.get("/v1/evidence/checkpoints").json()["checkpoints"]
    assert (newest["size"], newest["next_offset"]) == (12, 12)
    note = newest["note"].encode()
    (found,) = checkpoints_in(io.BytesIO(note), [KEY.public])
    assert found.size == 12
    page = ops.get("/v1/evidence/checkpoints/trade/0", params={"limit": 2}).json()
    rest = ops.get(
        "/v1/evidence/checkpoints/trade/0", params={"limit": 2, "cursor": page["next"]}
    ).json()
    assert [each["size"] for each in page["checkpoints"] + rest["checkpoints"]] == [12, 8, 4]
    assert rest["next"] is None
    asked: dict[str, Any] = {"topic": "trade", "partition": 0}
    for old, new in ((4, 12), (4, None), (8, 12), (12, 12)):
        question = asked | {"old": old} | ({} if new is None else {"new": new})
        proof = ops.get("/v1/evidence/consistency", params=question)
        assert checked(proof).ok
        assert proof.json()["new_size"] == 12
        forged = proof.json() | {"path": [*proof.json()["path"], newest["root"]]}
        assert not check_file(io.BytesIO(json.dumps(forged).encode()), [KEY.public]).ok
    for wrong, code in (
        ({"old": 5}, "evidence.no-checkpoint"),
        ({"old": 4, "new": 9}, "evidence.no-checkpoint"),
        ({"old": 4, "partition": 3}, "evidence.no-checkpoint"),
        ({"old": 12, "new": 4}, "request.invalid"),
        ({"old": 0}, "request.invalid"),
    ):
        refused = ops.get("/v1/evidence/consistency", params=asked | wrong)
        assert refused.json()["code"] == code, wrong


def test_a_ledger_that_contradicts_what_was_signed_vouches_for_nothing(
    ops: httpx.Client, settings: Settings, engine: Engine
) -> None:
    event = pushed(ops, settings, *trades(3))[0]
    sign(engine, KEY)
    with engine.begin() as conn:
        conn.execute(
            text(
                "UPDATE ledger.evidence_head SET tail = set_byte(tail, 40, 1 - get_byte(tail, 40) % 2)"
            )
        )
    told = ops.get(f"/v1/events/{event}/proof")
    assert (told.status_code, told.json()["code"]) == (500, "evidence.forked")


def test_the_examples_of_the_documentation_check_out() -> None:
    told = {"proof": proof_example()[0], "consistency": proof_example()[1]}
    for name, document in told.items():
        file = EXAMPLES / f"{name}.json"
        if os.environ.get("FOODTRACE_UPDATE_EXAMPLES"):
            file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        assert json.loads(file.read_text()) == document
        assert check_file(io.BytesIO(file.read_bytes()), [KEY.public]).ok
