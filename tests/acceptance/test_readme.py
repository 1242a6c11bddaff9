"""What README and the page for ERP vendors tell to type works, in their order, on one stack."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace.events import KINDS
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.stack import Stack
from foodtrace_ops.settings import Settings
from support.door import asking
from support.streams import until

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Where the commands are is the one thing that differs between the README and a test run.
VENV, BIN = ".venv/bin/", f"{Path(sys.executable).parent}/"
BLOCKS = re.findall(r"^```(console|sh)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
CONNECT, CONNECT_ZH = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("connect.md", "connect.zh.md")
)
EVIDENCE, EVIDENCE_ZH = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("evidence.md", "evidence.zh.md")
)
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# `make demo` has a test of its own; `make test` is what runs here; `make up` is the fixture.
ELSEWHERE = {"make demo", "make test"}


def console() -> list[str]:
    """The commands of the README that a person types at a prompt."""
    lines = (line for kind, block in BLOCKS if kind == "console" for line in block.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def scripts() -> list[str]:
    """The blocks of the README that a person pastes into a shell."""
    return [block for kind, block in BLOCKS if kind == "sh"]


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of somebody whose stack runs in another terminal."""
    folder = tmp_path_factory.mktemp("readme") / "stack"
    with Stack(Options(data=folder, settings=Settings())) as running:
        yield {
            **os.environ,
            "FOODTRACE_DATA_FOLDER": str(folder),
            "FOODTRACE_URL": running.api_url,
            "FOODTRACE_KEY": running.keys["admin"],
        }


def run(command: str, surroundings: dict[str, str], folder: Path = ROOT) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.replace(VENV, BIN)],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_commands_at_the_prompt_work_in_their_order(surroundings: dict[str, str]) -> None:
    commands = [command for command in console() if command not in ELSEWHERE]
    assert len(commands) >= 4
    said = {command: run(command, surroundings) for command in commands}
    affected = next(text for command, text in said.items() if " affected " in command)
    assert "SHOP-1" in affected or "示例超市" in affected
    traced = next(text for command, text in said.items() if " trace " in command)
    assert "示例乳业" in traced


def test_the_scripts_to_paste_work(surroundings: dict[str, str]) -> None:
    assert scripts()
    for script in scripts():
        said = run(
            script.replace("curl ", "curl --silent --show-error --fail-with-body "), surroundings
        )
        assert "20261118" in said


def test_an_erp_is_connected_from_an_empty_folder(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    blocks = _FENCED.findall(CONNECT)
    for kind, block in blocks:
        if kind == "python":
            name = block.splitlines()[0].removeprefix("# ")
            (tmp_path / name).write_text(block, encoding="utf-8")
    script = "".join(block for kind, block in blocks if kind == "sh")
    own = {name: value for name, value in surroundings.items() if name != "FOODTRACE_KEY"}
    said = run(script, {**own, "PATH": BIN + os.pathsep + own["PATH"], "LANG": "C.UTF-8"}, tmp_path)
    assert '"status":"accepted"' in said.replace(" ", "")
    assert "quantity.not-positive" in said
    assert "3 of 3 are in" in said
    assert "verdict: a recall would be vague" in said
    assert "2 wait api.unreachable" in said
    assert "2 events wait" in said
    assert said.count("0 wait") == 2
    for number in ("DB-0001", "DB-0002"):
        assert f'"source_event_id":"{number}"' in said.replace(" ", "")


def test_evidence_is_exported_and_checked_as_its_page_says(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    (script,) = [block for kind, block in _FENCED.findall(EVIDENCE) if kind == "sh"]
    assert _FENCED.findall(EVIDENCE_ZH)[0] == ("sh", script)
    run(f"{VENV}foodtrace push --wait docs/examples/first-day.ndjson", surroundings)
    own = surroundings | {"PATH": BIN + os.pathsep + surroundings["PATH"], "LANG": "C.UTF-8"}
    del own["FOODTRACE_URL"], own["FOODTRACE_KEY"]
    with asking(surroundings["FOODTRACE_URL"], surroundings["FOODTRACE_KEY"]) as client:
        path = "/v1/evidence/checkpoints"
        until("something is signed", lambda: client.get(path).json()["checkpoints"])
    said = "".join(run(command, own, tmp_path) for command in script.splitlines())
    assert said.count("everything is as it was signed") == 2
    assert said.count("the one you trust") == 2
    assert "continues the earlier checkpoint" in said


def test_the_page_for_vendors_shows_the_same_code_in_both_languages() -> None:
    assert _FENCED.findall(CONNECT) == _FENCED.findall(CONNECT_ZH)
    assert [line.count("#") for line in CONNECT.splitlines() if line.startswith("## ")] == [
        line.count("#") for line in CONNECT_ZH.splitlines() if line.startswith("## ")
    ]
    for kind in KINDS:
        assert f"`{kind}`" in CONNECT
        assert f"`{kind}`" in CONNECT_ZH


def test_every_make_target_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", README))
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named
    assert named <= targets


def test_every_file_that_the_readme_links_exists() -> None:
    pages = (CONNECT, CONNECT_ZH, EVIDENCE, EVIDENCE_ZH)
    for folder, page in ((ROOT, README), *((ROOT / "docs", page) for page in pages)):
        for link in re.findall(r"\]\(([^)#:]+)\)", page):
            assert (folder / link).exists(), link
