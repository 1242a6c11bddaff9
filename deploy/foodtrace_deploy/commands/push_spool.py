"""`foodtrace push --spool DIR`: nothing that was read is lost while bus or server are away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import typer

from foodtrace_client import Problem, Unavailable
from foodtrace_client.doors import Door
from foodtrace_client.errors import error_of
from foodtrace_client.http_door import HttpDoor
from foodtrace_client.kit import Pending, Producer
from foodtrace_client.spool_view import SpoolView, look
from foodtrace_deploy.commands.check_source import UNNAMED
from foodtrace_deploy.commands.connect import PUSHING, Where, connect, find
from foodtrace_deploy.commands.exits import Exit, exit_of
from foodtrace_deploy.commands.files import PLACES, Reading, opened, size_of
from foodtrace_deploy.commands.pushing import Keeper, refused_file
from foodtrace_deploy.commands.shell import note
from foodtrace_deploy.commands.spooling import (
    PAUSES,
    NoDoor,
    Taken,
    drained,
    spool_entries,
    taken_json,
)
from foodtrace_deploy.rendering.problem import problem_json
from foodtrace_deploy.rendering.pushed import progress_bar, show_refusals, show_waiting
from foodtrace_deploy.rendering.spool import show_spool, spool_json
from foodtrace_deploy.show import as_json, news
from foodtrace_deploy.texts import say
from foodtrace_formats.files import entries

#: Events of the spool that are listed; `foodtrace spool` lists more.
LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Through which spool to whom; `patience_s` without progress leaves the rest in the spool."""

    folder: Path
    where: Where
    batch: int
    patience_s: float
    wait: bool


def push_by_spool(way: Way, files: Sequence[str], reading: Reading, *, json_form: bool) -> None:
    """Take files in, then send; also what an earlier call left.

    Ends with 4 (or the code of what is wrong) while something waits, with 1 when something was
    refused, now or earlier. Raises SpoolBusy, SpoolDamaged, SpoolFull or SpoolUnwritable.
    """
    door = _door(way.where)
    source = reading.source or UNNAMED
    producer = Producer(way.folder, door, source=source, pauses=PAUSES)
    try:
        if producer.pending().cut:
            note("spool-cut", bytes=f"{producer.pending().cut:,}")
        done = [_take_file(producer, each, reading, way, quiet=json_form) for each in files]
        left = _send(producer, way)
    finally:
        producer.close()
    if way.wait and not left.events and isinstance(door, HttpDoor) and door.after:
        _wait(way.where, door.after, quiet=json_form)
    view = look(way.folder, LISTED)
    if json_form:
        as_json({"files": done, "spool": _json(view, left.problem)})
    else:
        _show(view, left.problem)
    code = _exit(view, left.problem, refused=any(each["refused"] for each in done))
    if code is not Exit.DONE:
        raise typer.Exit(code)


def _door(where: Where) -> Door:
    """The server; one whose address isn't known yet, for files may be taken in all the same."""
    try:
        address = find(where, PUSHING)
    except Unavailable as nobody:
        return NoDoor(nobody.problem)
    return HttpDoor(address.url, address.key, follow=True)


def _take_file(
    producer: Producer, name: str, reading: Reading, way: Way, *, quiet: bool
) -> dict[str, Any]:
    keeper = Keeper(refused_file(name))
    try:
        with opened(name) as file, progress_bar(news) as bar:
            form = reading.form_of(name, file)
            keeper.places = PLACES[form]
            task = bar.add_task(say("spooling", file=name), total=size_of(file), events=0)

            def told(so_far: Taken) -> None:
                bar.update(task, completed=file.tell(), events=so_far.events)

            found = entries(file, form, kind=reading.kind, source=reading.source)
            taken = spool_entries(
                producer,
                found,
                keeper,
                batch=way.batch,
                patience_s=way.patience_s,
                on_progress=told,
            )
    finally:
        keeper.close()
    if not quiet:
        note("spooled", file=name, taken=f"{taken.taken:,}", refused=f"{keeper.refused:,}")
        show_refusals(news, keeper)
    return taken_json(name, taken, keeper)


def _send(producer: Producer, way: Way) -> Pending:
    waiting = producer.pending().events
    with progress_bar(news) as bar:
        task = bar.add_task(say("sending"), total=waiting, events=waiting)
        return drained(
            producer,
            way.patience_s,
            lambda left: bar.update(task, completed=waiting - left, events=left),
        )


def _wait(where: Where, after: str, *, quiet: bool) -> None:
    began = monotonic()
    with connect(where, PUSHING) as client:
        client.wait(after)
    if not quiet:
        note("visible", seconds=f"{monotonic() - began:.1f}")


def _json(view: SpoolView, problem: Problem | None) -> dict[str, Any]:
    why = problem_json(problem) if view.pending and problem is not None else None
    return {**spool_json(view, LISTED), "problem": why}


def _show(view: SpoolView, problem: Problem | None) -> None:
    show_spool(news, view, LISTED)
    if view.pending:
        show_waiting(news, view.folder, problem)


def _exit(view: SpoolView, problem: Problem | None, *, refused: bool) -> Exit:
    if view.pending:
        return Exit.UNAVAILABLE if problem is None else exit_of(error_of(problem))
    return Exit.REFUSED if refused or view.refused else Exit.DONE
