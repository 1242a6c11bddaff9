"""What every start of the command waits for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from foodtrace_deploy.program import MODULES, build
from foodtrace_deploy.texts import speak

#: Libraries that take longer to load than the whole rest of the command, each for some commands only.
_HEAVY = ("alembic", "sqlalchemy", "kafka", "aiokafka", "cryptography")


def _loaded(program: str, *names: str) -> list[str]:
    """Which of these libraries are loaded after the program ran."""
    program = f"import sys, {program}\nprint(*(n for n in {names!r} if n in sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return found.stdout.split()


def test_no_start_loads_the_libraries_of_single_commands() -> None:
    assert _loaded("foodtrace_deploy.main", *_HEAVY) == []


def test_a_command_loads_nothing_of_the_others() -> None:
    status = "foodtrace_deploy.program; foodtrace_deploy.program.build(['status', '--json'])"
    others = ("foodtrace_city", "foodtrace_deploy.commands.demo", "typer.rich_utils", "markdown_it")
    assert _loaded(status, *others) == []
    # What it looks for would be found.
    assert _loaded("foodtrace_deploy.main", others[0]) == [others[0]]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_registers_the_commands_it_is_said_to(module: str) -> None:
    app = typer.Typer()
    import_module(f"foodtrace_deploy.commands.{module}").register(app)
    assert _names(app) == set(MODULES[module])


def test_only_the_named_command_is_there_and_all_without_one() -> None:
    everything = {name for names in MODULES.values() for name in names}
    try:
        assert _names(build(["--lang", "zh", "restore", "x"])) == {"backup", "restore"}
        assert _names(build(["trade", "keys", "--help"])) == {"trade"}
        for arguments in ([], ["--help"], ["--lang", "zh"], ["stats"]):
            assert _names(build(arguments)) == everything
        # A known name that stands elsewhere isn't the command.
        for arguments in (["--help", "keys"], ["tarce", "trade"], ["--lang", "trade", "tarce"]):
            assert _names(build(arguments)) == everything
    finally:
        speak(None)


def _names(app: typer.Typer) -> set[str]:
    commands = {command.name for command in app.registered_commands}
    return {str(name) for name in commands | {group.name for group in app.registered_groups}}
