"""What was written with any version of the contracts is read today, to the last field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from foodtrace.events import KINDS
from foodtrace.events.inspection import Inspection, Subject
from foodtrace_schemas.codec import decode
from foodtrace_schemas.contracts import schema_text, versions, versions_of
from foodtrace_schemas.json_form import read, write

DATA = Path(__file__).parent / "data" / "schemas"
ALL = [(version, kind) for kind in KINDS for version in versions_of(kind)]


def test_every_version_has_its_committed_records() -> None:
    folders = {entry.name for entry in DATA.iterdir() if entry.is_dir() and entry.name[0] == "v"}
    assert folders == {f"v{version}" for version in versions()}


@pytest.mark.parametrize(("version", "kind"), ALL)
def test_a_committed_record_still_says_the_same(version: int, kind: str) -> None:
    value = (DATA / f"v{version}" / f"{kind}.bin").read_bytes()
    told = json.loads((DATA / f"v{version}" / f"{kind}.json").read_text(encoding="utf-8"))
    event = decode(value, {1: schema_text(kind, version)}.get).event
    written = json.loads(json.dumps(write(event)))
    # A field of a later version stands in the event with its default; nothing else may differ.
    later = set() if schema_text(kind, version) == schema_text(kind) else written.keys() - told
    assert {name: each for name, each in written.items() if name not in later} == told
    assert read(told) == event


def test_what_came_later_has_its_default_in_an_older_record() -> None:
    value = (DATA / "v1" / "inspection.bin").read_bytes()
    event = decode(value, {1: schema_text("inspection", 1)}.get).event
    assert isinstance(event, Inspection)
    assert (event.subject, event.receipt_reference, event.retest_of) == (Subject.LOT, None, None)
    assert event.effects().findings


@pytest.mark.parametrize("kind", KINDS)
def test_the_latest_records_state_every_field(kind: str) -> None:
    value = (DATA / f"v{versions()[-1]}" / f"{kind}.bin").read_bytes()
    event = decode(value, {1: schema_text(kind)}.get).event
    assert list(unstated(event, kind)) == []


def unstated(value: Any, path: str) -> Iterator[str]:
    """The fields without a value."""
    if value is None or value in ((), {}):
        yield path
    elif isinstance(value, tuple):
        for each in value:
            yield from unstated(each, path)
    elif is_dataclass(value):
        for field in fields(value):
            yield from unstated(getattr(value, field.name), f"{path}.{field.name}")
