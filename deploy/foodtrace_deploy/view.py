"""Shows a stack while it starts and runs; `up` and `demo` use it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.show import as_json, news
from foodtrace_deploy.stack.notice import Changed, Fetched, Notice, Said
from foodtrace_deploy.stack.part import PartReport, Stage
from foodtrace_deploy.stack.stack import Running
from foodtrace_deploy.texts import say


class View:
    """Tells people what a stack tells; give it to `Stack` as `tell`."""

    def __init__(self, console: Console = news) -> None:
        """Lines go to the console; a progress bar appears while something is downloaded."""
        self._console = console
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._quarter = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_download()

    def __call__(self, notice: Notice) -> None:
        """Show one piece of news."""
        with self._lock:
            match notice:
                case Fetched():
                    self._download(notice)
                case Said():
                    self._end_download()
                    self._line("·", "yellow", say(notice.key, **notice.fields))
                case Changed():
                    self._part(notice.report)

    def _part(self, report: PartReport) -> None:
        match report.stage:
            case Stage.READY:
                self._line("✓", "green", say("part-ready", part=_name(report)))
            case Stage.PAUSING:
                text = say("part-restarts", part=report.name, why=report.why, pause=report.pause)
                self._line("✗", "yellow", text)
            case Stage.FAILED:
                text = say("part-over", part=report.name, why=report.why, log=report.log)
                self._line("✗", "red", text)

    def _download(self, fetched: Fetched) -> None:
        if not self._console.is_terminal:
            self._quarters(fetched)
            return
        if self._progress is None:
            self._progress = Progress(
                TextColumn("  {task.description}"),
                BarColumn(),
                DownloadColumn(),
                TransferSpeedColumn(),
                console=self._console,
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task(say("up-download"), total=fetched.total)
        self._progress.update(self._task, completed=fetched.done, total=fetched.total)
        if fetched.done == fetched.total:
            self._end_download()

    def _quarters(self, fetched: Fetched) -> None:
        """Where nothing can be drawn over: a line for every quarter."""
        quarter = 4 * fetched.done // fetched.total
        if quarter > self._quarter:
            self._quarter = quarter
            self._line("·", "yellow", f"{say('up-download')}: {25 * quarter} %")

    def _end_download(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _line(self, sign: str, style: str, text: str) -> None:
        self._console.print(Text.assemble(("  " + sign + " ", style), text))


def json_news(notice: Notice) -> None:
    """The same for programs: one JSON object a line; pieces of downloads are left out."""
    match notice:
        case Said():
            as_json({"news": notice.key, "message": say(notice.key, **notice.fields)})
        case Changed():
            as_json({"part": asdict(notice.report)})


def addresses(running: Running) -> Table:
    """Where everything is, and the keys."""
    table = Table.grid(padding=(0, 2))
    database = running.database_url.get_secret_value().rsplit("@", 1)[-1]
    rows: list[tuple[str, str]] = [
        (say("up-api"), running.api_url),
        (say("up-docs"), f"{running.api_url}/docs"),
        (say("up-brokers"), f"{running.brokers}  ({say(f'kind-{running.broker_kind}')})"),
        (say("up-database"), f"postgresql://{database}"),
        (say("up-logs"), str(running.data / "logs")),
    ]
    for name, value in rows:
        table.add_row("  " + name, Text(value, style="bold"))
    return table


def keys(running: Running) -> Table | Text:
    """The API keys by role, as Jupyter shows its token."""
    if not running.keys:
        return Text("  " + say("up-keys-unknown"), style="yellow")
    table = Table.grid(padding=(0, 2))
    for role, key in running.keys.items():
        table.add_row("    " + role, Text(key, style="bold"))
    return table


def ready(running: Running, console: Console = news) -> None:
    """Everything a person needs once the stack is up."""
    console.print()
    console.print(addresses(running))
    console.print()
    if running.keys:
        console.print("  " + say("up-keys"))
    console.print(keys(running))
    console.print()


def as_object(running: Running) -> dict[str, object]:
    """The same for programs; holds secrets."""
    return {
        "ready": True,
        "api": running.api_url,
        "brokers": running.brokers,
        "broker_kind": running.broker_kind,
        "database_url": running.database_url.get_secret_value(),
        "topic_prefix": running.settings.topic_prefix,
        "data": str(running.data),
        "keys": running.keys,
    }


def _name(report: PartReport) -> str:
    ports = ", ".join(f":{port}" for port in report.ports)
    return f"{report.name} {ports}"


#: What `Stack` is given: a view, or `json_news`.
Teller = Callable[[Notice], None]
