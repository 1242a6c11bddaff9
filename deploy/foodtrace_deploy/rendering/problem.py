"""A problem in the terminal: what is wrong, what to do, and its code for those who search for it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from foodtrace_client import Problem
from foodtrace_deploy.texts import current


def show_problem(console: Console, problem: Problem) -> None:
    """Print a problem on two lines, candidates not included."""
    title = problem.zh if current() == "zh" else problem.en
    console.print(Text.assemble(("✗ ", "bold red"), title))
    facts = (problem.path, problem.detail, f"[{problem.code}]")
    console.print(Text("  " + "  ".join(fact for fact in facts if fact), style="dim"))


def problem_json(problem: Problem) -> dict[str, Any]:
    """The same for programs."""
    facts = {name: getattr(problem, name) for name in Problem.__slots__}
    return {name: value for name, value in facts.items() if value}
