"""How commands show things: one console for answers, one for news, JSON where it is asked for."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

import typer
from rich.console import Console

from foodtrace.problems import FoodtraceError
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.texts import current

#: Answers: what the command was asked for.
answers = Console(highlight=False, soft_wrap=True)
#: News and problems: never part of an answer that is piped on.
news = Console(stderr=True, highlight=False, soft_wrap=True)


def as_json(value: Any) -> None:
    """One JSON value on one line of standard output, flushed so that a reader sees it at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def sentence(problem: StackProblem | FoodtraceError) -> str:
    """What to tell the user about a named problem, in the language of this process."""
    if isinstance(problem, StackProblem):
        return problem.sentence()
    text = problem.text.zh if current() == "zh" else problem.text.en
    where = " ".join(part for part in (problem.path, problem.detail) if part)
    return f"{text} ({where})" if where else text


def code_of(problem: StackProblem | FoodtraceError) -> str:
    """The problem's key in the catalogue or its code in the table of problems."""
    return problem.key if isinstance(problem, StackProblem) else problem.code


def fail(
    problem: StackProblem | FoodtraceError, *, json_form: bool, code: Exit = Exit.NOT_STARTED
) -> NoReturn:
    """End the command with a sentence, or with `{"problem": code, "message": sentence}`."""
    if json_form:
        as_json({"problem": code_of(problem), "message": sentence(problem)})
    else:
        news.print(f"[bold red]✗[/] {_plain(sentence(problem))}")
    raise typer.Exit(code)


def _plain(text: str) -> str:
    """Text as it is: brackets in it are no markup."""
    return text.replace("[", r"\[")
