"""The work behind `foodtrace evidence export`: from settings to a whole file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.evidence import Checkpoint
from foodtrace.problems import NotFound, OurFault, TheirFault
from foodtrace_bus.reader import Reader
from foodtrace_deploy.commands.inside_evidence import engine_of, failing
from foodtrace_deploy.commands.verify import opened
from foodtrace_deploy.rendering.evidence import bar
from foodtrace_deploy.show import news
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.inside import inside
from foodtrace_formats.evidence.export import Plan
from foodtrace_formats.evidence.export import export as write_bundle
from foodtrace_formats.evidence.files import checkpoints_in
from foodtrace_formats.evidence.store import Wish, plan_events, plan_ranges, spot_of_part
from foodtrace_ledger import events as ledger_events
from foodtrace_ledger.engine import snapshot
from foodtrace_office import evidence as office
from foodtrace_office.evidence_keys import keys_on_record, refuse_other
from foodtrace_office.signing import SigningKey, load_key
from foodtrace_office.thinning import hand_out
from foodtrace_ops.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line says: a stretch of the log, or events by their ids."""

    topics: tuple[str, ...] | None
    partition: int | None
    begin: int | None
    end: int | None
    events: tuple[UUID, ...]
    since: Path | None


def run(data: Path, file: Path, asked: Asked, *, json_form: bool) -> dict[str, Any]:
    """Write the bundle; what was done, for `--json`. Ends the command where that can't be."""
    with failing(json_form=json_form):
        settings = inside(data)
        key = load_key(_key_file(settings, data))
        return _run(settings, key, file, asked, json_form=json_form)


def _run(
    settings: Settings, key: SigningKey, file: Path, asked: Asked, *, json_form: bool
) -> dict[str, Any]:
    with engine_of(settings) as engine:
        with snapshot(engine) as conn:
            plan = _plan(conn, settings, key, asked)
        with engine.begin() as conn:
            for one in plan.planned:
                # Who gets the file may ask what continues these.
                hand_out(conn, spot_of_part(one.part), one.notes)
        with (
            _whole_file(file) as target,
            Reader(settings.access()) as log,
            bar(news, "evidence-writing", shown=not json_form) as tell,
        ):
            manifest = write_bundle(target, engine, log, key, plan, tell)
    return {
        "file": str(file),
        "bytes": file.stat().st_size,
        "records": sum(part.records for part in manifest.parts),
        "parts": len(manifest.parts),
        "partitions": [
            {
                "topic": part.topic,
                "partition": part.partition,
                "records": part.records,
                "from": part.begin,
                "to": part.end,
                "size": part.size,
            }
            for part in manifest.parts
        ],
        "later": sum(one.later for one in plan.planned),
        "uncovered": [f"{one.topic}/{one.partition}" for one in manifest.uncovered],
    }


def _plan(conn: Connection, settings: Settings, key: SigningKey, asked: Asked) -> Plan:
    keys = keys_on_record(conn)
    refuse_other(keys, key.public)
    installation = office.installation_id(conn)
    if asked.events:
        found = [ledger_events.by_id(conn, each) for each in dict.fromkeys(asked.events)]
        planned, chosen = plan_events(conn, found)
        return Plan(installation=installation, planned=planned, keys=keys, chosen=chosen)
    prefix = settings.topic_prefix
    topics = asked.topics and tuple(
        each if each.startswith(prefix) else prefix + each for each in asked.topics
    )
    wish = Wish(
        topics=topics,
        partition=asked.partition,
        begin=asked.begin,
        end=asked.end,
        since=_since(asked.since, [one.public_key for one in keys]),
    )
    planned, uncovered = plan_ranges(conn, wish)
    if not planned:
        if uncovered:
            raise OurFault("evidence.not-yet", f"{uncovered[0].topic}/{uncovered[0].partition}")
        raise NotFound("evidence.no-checkpoint", " ".join(topics or ()))
    return Plan(installation=installation, planned=planned, keys=keys, uncovered=uncovered)


def _since(file: Path | None, keys: Sequence[bytes]) -> tuple[Checkpoint, ...]:
    if file is None:
        return ()
    with opened(file) as data:
        return checkpoints_in(data, keys)


def _key_file(settings: Settings, data: Path) -> Path:
    if settings.evidence_key:
        return Path(settings.evidence_key)
    own = DataFolder(data).evidence_key
    if not own.exists():
        raise OurFault("evidence.no-key", str(own))
    return own


@contextmanager
def _whole_file(file: Path) -> Iterator[IO[bytes]]:
    """Written beside and put into place, so that a bundle is whole or isn't there."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.draft")
    try:
        try:
            with draft.open("xb+") as target:
                yield target
                target.flush()
                os.fsync(target.fileno())
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise TheirFault("file.unreadable", error.strerror or str(error), str(file)) from error
