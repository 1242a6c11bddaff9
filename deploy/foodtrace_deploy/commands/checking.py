"""The work behind `foodtrace evidence check`: every stored tree recomputed from its leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from foodtrace.evidence import FIRST_LINK, root
from foodtrace.problems import InvalidValue
from foodtrace_deploy.commands.inside_evidence import engine_of, failing
from foodtrace_deploy.rendering.evidence import Tell, bar
from foodtrace_deploy.show import news
from foodtrace_deploy.stack.inside import inside
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.evidence import Head, heads
from foodtrace_ledger.evidence_check import Differs, check_tree
from foodtrace_ledger.positions import read_positions
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
        return check(engine, tell)


def check(engine: Engine, tell: Tell) -> dict[str, Any]:
    """The same of any ledger with its office; both may grow meanwhile."""
    with snapshot(engine) as conn:
        trees, last = heads(conn), office.last_sizes(conn)
        trees += _lost(conn, trees, last)
    total, done = sum(tree.size for tree in trees), 0
    found = []
    for tree in trees:
        before = done

        def told(count: int, before: int = before) -> None:
            tell(before + count, total)

        found.append(_one(engine, tree, last.get(_spot(tree), 0), told))
        done += tree.size
    return {"ok": all(one["ok"] for one in found), "records": total, "partitions": found}


def _spot(tree: Head) -> office.Spot:
    return tree.log, tree.topic, tree.partition


def _lost(conn: Connection, trees: Sequence[Head], last: Iterable[office.Spot]) -> list[Head]:
    """Trees without leaves in place of those that were signed and aren't there at all.

    A topic that was made anew is another log: what was signed of the one before has no tree rightly.
    """
    there = {_spot(tree) for tree in trees}
    present = {(one.log, one.topic, one.partition) for one in read_positions(conn)}
    return [
        Head(
            topic=topic,
            partition=partition,
            log=log,
            size=0,
            next_offset=0,
            last_offset=None,
            as_of=None,
            root=root(()),
            link=FIRST_LINK,
            tail=(),
            tail_offsets=(),
        )
        for log, topic, partition in sorted((present & set(last)) - there)
    ]


def _one(engine: Engine, tree: Head, last: int, told: Any) -> dict[str, Any]:
    with snapshot(engine) as conn:
        signed, forged = _signed(conn, tree, last)
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
    yield from (Differs(sort="signed", size=size) for size in signed if size > tree.size)
    yield from (Differs(sort="unsigned", size=size) for size in forged)


def _signed(
    conn: Connection, tree: Head, last: int
) -> tuple[dict[int, tuple[bytes, bytes]], list[int]]:
    """What was signed of a tree, and the checkpoints whose signature is wrong.

    `last` is the largest that there was as the tree was read: a larger one was signed since, and is
    none of that tree's. One up to there that is larger than the tree is of leaves that were lost.
    """
    # Of this moment: a key may have been retired since the tree was read, and its successor signed.
    keys = office.public_keys(conn)
    signed: dict[int, tuple[bytes, bytes]] = {}
    forged = []
    for row in office.all_of(conn, _spot(tree)):
        if row.size > max(tree.size, last):
            break
        try:
            said = open_checkpoint(row.note, keys)
        except InvalidValue:
            forged.append(row.size)
        else:
            signed[row.size] = (said.root, said.link)
    return signed, forged
