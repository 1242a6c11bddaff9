"""The house stays as it was drawn: packages, layers' roots, the domain's imports, small rooms."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("trace", "schemas", "streams", "api", "deploy")
LONGEST_FILE = 400


def _settings() -> dict[str, object]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def _on_disk() -> set[str]:
    return {
        f"{source}/{folder.name}"
        for source in SOURCES
        for folder in (ROOT / source).iterdir()
        if (folder / "py.typed").exists()
    }


def test_the_wheel_holds_every_package_on_disk() -> None:
    wheel = _settings()["tool"]["hatch"]["build"]["targets"]["wheel"]  # type: ignore[index]
    assert set(wheel["packages"]) == _on_disk()


def test_the_layers_know_every_package_on_disk() -> None:
    linter = _settings()["tool"]["importlinter"]  # type: ignore[index]
    assert set(linter["root_packages"]) == {path.split("/")[1] for path in _on_disk()}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0]


def test_the_domain_imports_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | {"foodtrace"}
    foreign = {
        (path.name, name)
        for path in (ROOT / "trace" / "foodtrace").rglob("*.py")
        for name in _imports(path)
        if name not in allowed
    }
    assert foreign == set()


def test_no_file_outgrows_its_room() -> None:
    too_long = {
        str(path.relative_to(ROOT)): lines
        for source in (*SOURCES, "tests")
        for path in (ROOT / source).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert too_long == {}


@pytest.mark.parametrize("name", ["time", "datetime"])
def test_the_domain_reads_no_clock(name: str) -> None:
    calls = {"now", "today", "utcnow", "time", "monotonic"}
    found = {
        (path.name, node.func.attr)
        for path in (ROOT / "trace" / "foodtrace").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in calls
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == name
    }
    assert found == set()
