"""What a command that asks a server needs around it: an exit code for each way to fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from foodtrace.problems import FoodtraceError
from foodtrace_client import ApiError, Problem
from foodtrace_deploy.commands.exits import Exit, exit_of
from foodtrace_deploy.rendering.candidates import show_candidates
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.rendering.problem import problem_json, show_problem
from foodtrace_deploy.show import answers, as_json, news
from foodtrace_deploy.texts import say, speak

#: Columns where nobody looks.
PIPED_WIDTH = 160


@contextmanager
def telling(*, lang: str | None, json_form: bool) -> Iterator[None]:
    """Run a command's body; a named failure is told once, as text or JSON, and ends with its code."""
    if lang is not None:
        speak(lang)
    if not answers.is_terminal and "COLUMNS" not in os.environ:
        # What goes into a file or a pipe isn't folded to a narrow screen.
        answers.width = PIPED_WIDTH
    try:
        yield
    except ApiError as error:
        _fail(error.problem, exit_of(error), json_form)
    except FoodtraceError as error:
        text = error.text
        problem = Problem(
            status=0, code=error.code, zh=text.zh, en=text.en, detail=error.detail, path=error.path
        )
        _fail(problem, Exit.FILE, json_form)
    except KeyboardInterrupt:
        note("interrupted")
        raise typer.Exit(Exit.INTERRUPTED) from None


def note(key: str, **fields: object) -> None:
    """A sentence of the catalogue as news; brackets in it are no markup."""
    news.print(say(key, **fields), markup=False)


def _fail(problem: Problem, code: Exit, json_form: bool) -> NoReturn:
    if json_form:
        as_json({"problem": problem_json(problem)})
    else:
        show_problem(news, problem)
        show_candidates(news, problem.candidates)
        if problem.completeness is not None:
            show_completeness(news, problem.completeness)
    raise typer.Exit(code)
