"""`foodtrace status`: what runs on a data folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal

import typer
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.rendering.flow import figure, show_flow, show_held_up
from foodtrace_deploy.show import answers, as_json, news
from foodtrace_deploy.stack import health, state
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.part import Stage
from foodtrace_deploy.texts import current, say, speak

_COLOURS = {"ready": "green", "starting": "yellow", "pausing": "yellow"}
_MIB = 1024 * 1024


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", help=say("status-help"))(status)


def status(data: Data = DATA, lang: Lang = None, json_form: Json = False) -> None:
    """Ask every part and say how it is."""
    if lang is not None:
        speak(lang)
    folder = DataFolder(data)
    told = state.read(folder.state_file) if folder.is_taken() else None
    if told is None:
        _none(folder.path, json_form=json_form)
        raise typer.Exit(Exit.UNAVAILABLE)
    parts = health.parts(told)
    door = health.door(told.api) if told.api else health.DoorHealth(behind=None)
    held = health.held_up(told)
    ready = bool(told.api) and all(part.stage == Stage.READY.value for part in parts)
    if json_form:
        as_json(
            {
                "running": True,
                "ready": ready,
                "supervisor": told.supervisor,
                "api": told.api,
                "brokers": told.brokers,
                "broker_kind": told.broker_kind,
                "behind": door.behind,
                "topics": list(door.topics),
                "behind_by_part": {each["part"]: each["behind"] for each in door.behind_by_part},
                "unowned": list(door.unowned),
                "disks": list(door.disks),
                "held_up": [asdict(each) for each in held],
                "warnings": list(door.warnings),
                "parts": [asdict(part) for part in parts],
            }
        )
    else:
        _show(told, parts, door)
        show_held_up(answers, held)
    raise typer.Exit(Exit.DONE if ready else Exit.REFUSED)


def _none(folder: Path, *, json_form: bool) -> None:
    if json_form:
        as_json({"running": False, "ready": False, "parts": []})
    else:
        news.print(say("status-none", folder=folder))


def _show(
    told: state.StackState,
    parts: list[health.PartHealth],
    door: health.DoorHealth,
) -> None:
    columns = ("part", "stage", "pid", "ports", "memory", "restarts", "why")
    table = Table(*(say(f"status-{column}") for column in columns), box=None, pad_edge=False)
    for part in parts:
        table.add_row(
            part.name,
            Text(say(f"stage-{part.stage}"), style=_COLOURS.get(part.stage, "red")),
            str(part.pid or ""),
            " ".join(str(port) for port in part.ports),
            f"{part.memory / _MIB:.0f} MiB" if part.memory else "",
            str(part.restarts),
            Text(part.why),
        )
    answers.print(table)
    answers.print()
    if not told.api:
        answers.print(say("status-starting"))
        return
    answers.print(f"{say('up-api')}: {told.api}")
    answers.print(f"{say('up-brokers')}: {told.brokers} ({say(f'kind-{told.broker_kind}')})")
    answers.print(say("status-behind", behind=_behind(door.behind)))
    show_flow(answers, door)
    for warning in door.warnings:
        words = f"! {warning[current()]}  [{warning['code']}] {warning['detail']}"
        answers.print(Text(words, style="yellow"))


def _behind(behind: int | Literal["unknown"] | None) -> str:
    return say("status-api-away") if behind is None else figure(behind)
