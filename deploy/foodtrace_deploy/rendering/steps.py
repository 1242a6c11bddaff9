"""The steps of a backup or a restoration, each with its bar."""

from __future__ import annotations

from types import TracebackType

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from foodtrace_deploy.backup import notice
from foodtrace_deploy.show import news
from foodtrace_deploy.texts import say


class Steps:
    """Draws what it is told, on the console of news; nothing with `shown=False`."""

    def __init__(self, *, shown: bool) -> None:
        """A bar appears with the first news of its step."""
        self._tasks: dict[notice.Step, TaskID] = {}
        self._progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=news,
            disable=not (shown and news.is_terminal),
        )

    def __enter__(self) -> notice.Tell:
        self._progress.start()
        return self._show

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def _show(self, told: notice.Progress) -> None:
        task = self._tasks.get(told.step)
        if task is None:
            text = say(f"backup-step-{told.step}")
            task = self._tasks[told.step] = self._progress.add_task(text, total=told.total)
        # What was only estimated is never said to be more than done.
        total = None if told.total is None else max(told.total, told.done)
        self._progress.update(task, completed=told.done, total=total)
