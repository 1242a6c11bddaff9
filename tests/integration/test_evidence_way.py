"""The whole way of evidence: pushed, signed by a worker, exported, and held to it without a server."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from foodtrace_bus.exits import KEY_RETIRED
from foodtrace_bus.topics import ensure_topics
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.main import app
from foodtrace_deploy.texts import speak
from foodtrace_formats.evidence.container import Opened
from foodtrace_formats.evidence.frames import record_frame, records
from foodtrace_office.signing import make_key, public_pem
from support.bundles import edited
from support.documents import trades
from support.door import asking, keys_of, ready, serving
from support.fixtures import Broker
from support.streams import Stage, WorkerProcess, staged, until

Do = Callable[..., Any]


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    key = tmp_path / "evidence.pem"
    (tmp_path / "public.pem").write_text(public_pem(make_key(key).public))
    ensure_topics(broker.bootstrap, topic_prefix, partitions=2)
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.limits.update(evidence_key=str(key), evidence_seconds=0.0)
        yield made


@pytest.fixture
def ops(stage: Stage) -> Iterator[httpx.Client]:
    key = keys_of(stage.database)["ops"]
    with serving(stage.settings(0, 0)) as address:
        ready(address)
        with asking(address, key) as client:
            yield client


@pytest.fixture
def do(
    stage: Stage, ops: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Do]:
    """Runs `foodtrace`; gives its JSON, or its words."""
    for name, value in stage.settings(0, 0).environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FOODTRACE_URL", str(ops.base_url).rstrip("/"))
    monkeypatch.setenv("FOODTRACE_KEY", ops.headers["Authorization"].removeprefix("Bearer "))
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: object, code: Exit = Exit.DONE, words: bool = False) -> Any:
        line = [*map(str, arguments), *(["--lang", "zh"] if words else ["--json"])]
        found = CliRunner().invoke(app, line)
        assert found.exit_code == code, (found.output, found.exception)
        return found.stdout if words or code is Exit.USAGE else json.loads(found.stdout)

    yield ran
    speak(None)


def push(ops: httpx.Client, *documents: Any, before: int = 0) -> list[str]:
    """Ids of the events, once signed checkpoints cover them and those `before`."""
    answer = ops.post("/v1/events", json=list(documents)).json()
    assert answer["accepted"] == len(documents), answer
    until("checkpoints cover them", lambda: signed(ops) == before + len(documents))
    return [str(each["event_id"]) for each in answer["answers"]]


def signed(ops: httpx.Client) -> int:
    found = ops.get("/v1/evidence/checkpoints").json()["checkpoints"]
    return sum(each["size"] for each in found)


def faults(report: Any) -> list[tuple[str, str, int]]:
    return [(one["code"], one["place"], one["offset"]) for one in report["faults"]]


def test_evidence_is_exported_checked_and_found_out(
    stage: Stage, ops: httpx.Client, do: Do, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = stage.worker()
    events = push(ops, *trades(12))
    _a_kept_proof_is_checked(do, events[3], tmp_path)
    _everything_is_exported(do, f"{stage.prefix}trade", tmp_path)
    place, whole = _place(tmp_path / "first.zip"), (tmp_path / "first.zip").read_bytes()
    _a_range_shows_its_edges(do, place, tmp_path)
    _what_was_altered_is_found(do, place, whole, tmp_path)
    # Chosen events, and a later export that has to continue the first.
    do("evidence", "export", "two.zip", "--event", events[3], "--event", events[7])
    told = do("verify", "two.zip", "--key", "public.pem")
    assert (told["ok"], sum(part["records"] for part in told["partitions"])) == (True, 2)
    push(ops, *trades(6, first=12), before=12)
    later = ("evidence", "export", "later.zip", "--from", "3", "--since", "first.zip")
    assert do(*later)["records"] < 18
    told = do("verify", "later.zip", "--key", "public.pem", "--since", "first.zip")
    assert told["ok"], told["faults"]
    assert {one["how"] for one in told["compared"]} <= {"recomputed", "path", "same size"}
    told = do("verify", "first.zip", "--since", "later.zip", code=Exit.REFUSED)
    assert {one["code"] for one in told["faults"]} == {"bundle.not-compared"}
    _another_key_is_put_on_record(do, worker)
    stage.limits["evidence_key"] = str(tmp_path / "next.pem")
    stage.worker(1)
    event = push(ops, *trades(1, first=18), before=18)[0]
    monkeypatch.setenv("FOODTRACE_EVIDENCE_KEY", str(tmp_path / "next.pem"))
    _both_keys_are_told(do, event)


def _another_key_is_put_on_record(do: Do, worker: WorkerProcess) -> None:
    """The old one signs nothing more: its worker ends, and exports with it are refused."""
    do("evidence", "key", "--retire", code=Exit.USAGE)
    do("evidence", "key", "--reason", "why", code=Exit.USAGE)
    retire = ("evidence", "key", "--retire", "--reason", "stolen", "--by", "li.wei")
    do(*retire, code=Exit.USAGE)
    done = do(*retire, "--new", "next.pem")
    assert (done["by"], done["reason"], done["kept"], done["ordered"]) == (
        *("li.wei", "stolen", None),
        False,
    )
    assert worker.wait_ended() == KEY_RETIRED
    assert "evidence.retired-key" in worker.said()
    again = do(*retire, "--new", "next.pem", code=Exit.REFUSED)
    assert again["problem"] == "evidence.key-in-use"
    refused = do("evidence", "export", "x.zip", code=Exit.REFUSED)
    assert refused["problem"] == "evidence.retired-key"
    present, old = do("evidence", "key", "--all", "--out", "keys.pem")["keys"]
    assert (present["fingerprint"], old["fingerprint"]) == (done["key"], done["retired"])
    assert (present["present"], old["reason"], old["retired_by"]) == (True, "stolen", "li.wei")
    assert "stolen" in do("evidence", "key", "--all", words=True)


def _both_keys_are_told(do: Do, event: str) -> None:
    """One partition has grown since, the other is as the old key signed it."""
    do("evidence", "export", "both.zip")
    told = do("verify", "both.zip", "--key", "keys.pem")
    assert (told["ok"], told["trusted"]) == (True, True)
    states = {each["state"]: each for each in told["keys"]}
    assert (states["present"]["signed"], states["retired"]["signed"]) == (2, 1)
    assert states["retired"]["reason"] == "stolen"
    assert "stolen" in do("verify", "both.zip", words=True)
    told = do("verify", "both.zip", "--key", "public.pem", code=Exit.REFUSED)
    assert "bundle.other-key" in {one["code"] for one in told["faults"]}
    # What was handed out before still checks out, and what follows continues it.
    told = do("verify", "both.zip", "--key", "keys.pem", "--since", "later.zip")
    assert told["ok"], told["faults"]
    do("proof", event, "--out", "new.json")
    assert do("verify", "new.json", "--key", "keys.pem")["keys"][0]["state"] is None


def _a_kept_proof_is_checked(do: Do, event: str, folder: Path) -> None:
    """A proof over HTTP, kept and checked without anything but the file and the key."""
    kept = do("proof", event, "--out", "proof.json")
    told = do("verify", "proof.json", "--key", "public.pem")
    assert (told["ok"], told["trusted"], told["form"]) == (True, True, "proof")
    assert kept["proofs"][0]["offset"] == told["partitions"][0]["from"]
    assert "与签署时完全一致" in do("proof", event, words=True)
    assert do("evidence", "key")["keys"][0]["public_key"] == (folder / "public.pem").read_text()


def _everything_is_exported(do: Do, topic: str, folder: Path) -> None:
    """Everything there is, in one file; the same bytes whenever it is exported."""
    done = do("evidence", "export", "first.zip")
    assert (done["records"], done["later"], done["uncovered"]) == (12, 0, [])
    assert {part["topic"] for part in done["partitions"]} == {topic}
    told = do("verify", "first.zip", "--key", "public.pem")
    assert (told["ok"], told["trusted"], told["fault_count"]) == (True, True, 0)
    assert all(part["link"] for part in told["partitions"])
    do("evidence", "export", "first.zip", code=Exit.USAGE)
    do("evidence", "export", "again.zip")
    assert (folder / "again.zip").read_bytes() == (folder / "first.zip").read_bytes()
    assert "只能证明自身一致" in do("verify", "first.zip", words=True)


def _a_range_shows_its_edges(do: Do, place: str, folder: Path) -> None:
    """A range says by the leaves beside it that nothing was left out at its edges."""
    assert do("evidence", "export", "middle.zip", "--from", "1", "--to", "3")["records"]
    middle = Opened(io.BytesIO((folder / "middle.zip").read_bytes()))
    parts = json.loads(middle.source("manifest.json").take(10**6))["parts"]
    (part,) = [each for each in parts if f"{each['topic']}/{each['partition']}" == place]
    edges = [part[side]["leaf"].split("\n") for side in ("before", "after")]
    assert [edge[1:4] for edge in edges] == [[*place.split("/"), each] for each in ("0", "3")]
    assert do("verify", "middle.zip", "--key", "public.pem")["ok"]


def _what_was_altered_is_found(do: Do, place: str, whole: bytes, folder: Path) -> None:
    """One changed byte, one removed event."""
    opened = Opened(io.BytesIO(whole))
    inside = list(records(opened.source(f"records/{place}")))
    changed = bytearray(whole)
    changed[opened.members[f"records/{place}"].start + inside[1].at + 40] ^= 1
    (folder / "changed.zip").write_bytes(changed)
    told = do("verify", "changed.zip", "--key", "public.pem", code=Exit.REFUSED)
    assert faults(told) == [("bundle.record-changed", place, inside[1].offset)]
    words = do("verify", "changed.zip", code=Exit.REFUSED, words=True)
    assert f"{place} 偏移 {inside[1].offset}：记录被改动" in words
    rest = b"".join(record_frame(one) for one in inside if one is not inside[2])
    (folder / "removed.zip").write_bytes(edited(whole, {f"records/{place}": rest}))
    told = do("verify", "removed.zip", "--key", "public.pem", code=Exit.REFUSED)
    assert faults(told) == [("bundle.record-missing", place, inside[2].offset)]


def _place(bundle: Path) -> str:
    """Topic and partition of the largest part."""
    opened = Opened(io.BytesIO(bundle.read_bytes()))
    parts = [each for each in opened.members.values() if each.name.startswith("records/")]
    return max(parts, key=lambda each: each.size).name.removeprefix("records/")


def test_what_cannot_be_exported_is_refused_by_name(
    stage: Stage, ops: httpx.Client, do: Do, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(*arguments: str, code: Exit) -> str:
        told = do("evidence", "export", "x.zip", *arguments, code=code)["problem"]
        return str(told["code"] if isinstance(told, dict) else told)

    assert refusal(code=Exit.NOT_KNOWN) == "evidence.no-checkpoint"
    unknown = "018f0000-0000-8000-8000-000000000000"
    assert refusal("--event", unknown, code=Exit.NOT_KNOWN) == "event.unknown"
    assert refusal("--since", "nothing.zip", code=Exit.FILE) == "file.unreadable"
    do("evidence", "export", "x.zip", "--event", unknown, "--from", "1", code=Exit.USAGE)
    assert not (tmp_path / "x.zip").exists()
    monkeypatch.setenv("FOODTRACE_EVIDENCE_KEY", str(tmp_path / "public.pem"))
    assert refusal(code=Exit.NOT_STARTED) == "evidence.bad-key-file"
    (tmp_path / "noise").write_bytes(b"noise")
    told = do("verify", "noise", code=Exit.FILE)
    assert told["problem"]["code"] == "bundle.unknown-file"
    told = do("verify", "noise", "--key", "noise", code=Exit.FILE)
    assert told["problem"]["code"] == "evidence.malformed"
