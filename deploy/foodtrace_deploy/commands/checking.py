"""The work behind `foodtrace evidence check`: every stored tree recomputed from its leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from foodtrace.problems import InvalidValue
from foodtrace_deploy.commands.inside_evidence import engine_of, failing
from foodtrace_deploy.rendering.evidence import bar
from foodtrace_deploy.show import news
from foodtrace_deploy.stack.inside import inside
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.evidence import Head, heads
from foodtrace_ledger.evidence_check import Differs, check_tree
from foodtrace_office import evidence as office
from foodtrace_office.signing import open_checkpoint

#: Differing places that are listed of a partition; of more the number is told.
LISTED = 1000


def run(data: Path, *, json_form: bool) -> dict[str, Any]:
    """Check all; what was found, for `--json`. Ends the command where that can't be."""
    with (
        failing(json_form=json_form),
        engine_of(inside(data)) as engine,
        bar(news, "evidence-recomputing", shown=not json_form) as tell,
    ):
        with snapshot(engine) as conn:
            trees = heads(conn)
            keys = office.public_keys(conn)
        total, done = sum(tree.size for tree in trees), 0
        found = []
        for tree in trees:
            before = done

            def told(count: int, before: int = before) -> None:
                tell(before + count, total)

            found.append(_one(engine, tree, keys, told))
            done += tree.size
    return {"ok": all(one["ok"] for one in found), "records": total, "partitions": found}


def _one(engine: Engine, tree: Head, keys: Sequence[bytes], told: Any) -> dict[str, Any]:
    with snapshot(engine) as conn:
        signed, forged = _signed(conn, tree, keys)
    listed: list[dict[str, Any]] = []
    count = 0
    for one in _every(engine, tree, signed, forged, told):
        count += 1
        if len(listed) < LISTED:
            listed.append({name: value for name, value in asdict(one).items() if value is not None})
    return {
        "topic": tree.topic,
        "partition": tree.partition,
        "records": tree.size,
        "checkpoints": len(signed) + len(forged),
        "ok": not count,
        "differs": count,
        "where": listed,
    }


def _every(
    engine: Engine,
    tree: Head,
    signed: dict[int, tuple[bytes, bytes]],
    forged: Sequence[int],
    told: Any,
) -> Iterator[Differs]:
    yield from check_tree(engine, tree, signed, told)
    yield from (Differs(sort="unsigned", size=size) for size in forged)


def _signed(
    conn: Connection, tree: Head, keys: Sequence[bytes]
) -> tuple[dict[int, tuple[bytes, bytes]], list[int]]:
    """What was signed of a tree as far as it goes, and the checkpoints whose signature is wrong."""
    signed: dict[int, tuple[bytes, bytes]] = {}
    forged = []
    for row in office.all_of(conn, (tree.log, tree.topic, tree.partition)):
        if row.size > tree.size:
            break
        try:
            said = open_checkpoint(row.note, keys)
        except InvalidValue:
            forged.append(row.size)
        else:
            signed[row.size] = (said.root, said.link)
    return signed, forged
