"""What a check of evidence found, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from foodtrace.problems import PROBLEMS
from foodtrace_deploy.rendering.moments import moment
from foodtrace_deploy.texts import current, say
from foodtrace_formats.evidence.report import Fault, KeyTold, Report, Shown

#: Faults that people are shown; `--json` lists more.
LISTED = 20
#: Hexadecimal digits by which people tell hashes apart.
_DIGITS = 16


class Tell(Protocol):
    """Told how much of how much is done."""

    def __call__(self, done: int, total: int) -> None: ...


@contextmanager
def bar(console: Console, key: str, *, shown: bool) -> Iterator[Tell]:
    """A progress bar while something long goes on; nothing where nobody looks."""
    progress = Progress(
        TextColumn("  {task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (shown and console.is_terminal),
    )
    with progress:
        task = progress.add_task(say(key), total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


def report_json(file: str, report: Report) -> dict[str, Any]:
    """What `--json` prints of a check."""
    return {
        "file": file,
        "form": report.form,
        "ok": report.ok,
        "installation": report.installation,
        "key": report.key,
        "trusted": report.trusted,
        "keys": [_key_json(key) for key in report.keys],
        "partitions": [_part_json(part) for part in report.parts],
        "compared": [
            {
                "origin": one.origin,
                "old_size": one.old_size,
                "new_size": one.new_size,
                "how": one.how,
                "ok": one.fault is None,
            }
            for one in report.compared
        ],
        "uncovered": [{"place": place, "code": code} for place, code in report.uncovered],
        "fault_count": report.total,
        "faults": [_fault_json(fault) for fault in report.every()],
    }


def show_report(console: Console, report: Report) -> None:
    """The partitions as a table, then every fault with its place, then the verdict."""
    form = say(f"verify-form-{report.form}")
    console.print(Text(say("verify-head", form=form, installation=report.installation or "?")))
    if report.parts:
        console.print(_table(report))
    for one in report.compared:
        if one.fault is None:
            place = "/".join(one.origin.split("/")[2:4])
            told = say("verify-same", place=place, old=f"{one.old_size:,}")
            console.print(Text.assemble(("✓ ", "bold green"), told))
    for fault in islice(report.every(), LISTED):
        console.print(Text.assemble(("✗ ", "bold red"), _sentence(fault)))
        console.print(Text(f"  {fault.detail}  [{fault.code}]", style="dim"))
    if report.total > LISTED:
        console.print(Text("  " + say("verify-more", count=f"{report.total - LISTED:,}")))
    for place, _ in report.uncovered:
        told = say("verify-uncovered", place=place)
        console.print(Text.assemble(("! ", "bold yellow"), told))
    _verdict(console, report)


def _verdict(console: Console, report: Report) -> None:
    if report.ok:
        console.print(Text.assemble(("✓ ", "bold green"), say("verify-ok")))
    else:
        told = say("verify-wrong", count=f"{report.total:,}")
        console.print(Text.assemble(("✗ ", "bold red"), told))
    if report.key is not None:
        key = "verify-key-trusted" if report.trusted else "verify-key-own"
        sign = ("✓ ", "bold green") if report.trusted else ("! ", "bold yellow")
        console.print(Text.assemble(sign, say(key, key=report.key[:_DIGITS])))
    for one in report.keys:
        if len(report.keys) > 1 or one.retired_at is not None:
            console.print(Text("  " + _signed_by(one)))


def _signed_by(key: KeyTold) -> str:
    """How much a key signed, and what is known of it."""
    told = {"key": key.fingerprint[:_DIGITS], "count": f"{key.signed:,}"}
    if key.retired_at is not None:
        retired = moment(key.retired_at.isoformat())
        return say("verify-signed-retired", **told, moment=retired, reason=key.reason or "-")
    return say("verify-signed-present" if key.listed else "verify-signed", **told)


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=True, header_style="bold")
    for column in ("place", "records", "offsets", "size", "root", "as-of", "result"):
        right = column in ("records", "size")
        table.add_column(say(f"verify-{column}"), justify="right" if right else "left")
    for part in report.parts:
        table.add_row(
            Text(part.place),
            f"{part.records:,}",
            f"{part.begin}–{max(part.end - 1, part.begin)}",
            f"{part.size:,}",
            (part.root or "?")[:_DIGITS],
            moment(part.as_of.isoformat()) if part.as_of else "?",
            _result(part),
        )
    return table


def _result(part: Shown) -> Text:
    if part.total:
        return Text("✗ " + say("verify-bad", count=f"{part.total:,}"), style="bold red")
    return Text("✓ " + say("verify-good-link" if part.link else "verify-good"), style="green")


def _sentence(fault: Fault) -> str:
    offset = None if fault.offset is None else say("verify-offset", offset=fault.offset)
    where = " ".join(part for part in (fault.place, offset, fault.file) if part)
    text = PROBLEMS[fault.code]
    what = text.zh if current() == "zh" else text.en
    return say("verify-fault", where=where, what=what) if where else what


def _part_json(part: Shown) -> dict[str, Any]:
    return {
        "topic": part.topic,
        "partition": part.partition,
        "log": part.log,
        "kind": part.kind,
        "records": part.records,
        "from": part.begin,
        "to": part.end,
        "size": part.size,
        "root": part.root,
        "as_of": None if part.as_of is None else part.as_of.isoformat(),
        "link": part.link,
        "ok": part.total == 0,
    }


def _key_json(key: KeyTold) -> dict[str, Any]:
    state = None if not key.listed else "present" if key.retired_at is None else "retired"
    return {
        "fingerprint": key.fingerprint,
        "trusted": key.trusted,
        "signed": key.signed,
        "state": state,
        "retired_at": None if key.retired_at is None else key.retired_at.isoformat(),
        "reason": key.reason,
    }


def _fault_json(fault: Fault) -> dict[str, Any]:
    text = PROBLEMS[fault.code]
    return {
        "code": fault.code,
        "place": fault.place,
        "offset": fault.offset,
        "file": fault.file,
        "detail": fault.detail,
        "zh": text.zh,
        "en": text.en,
    }
