"""deploy/Dockerfile: what it copies is there, what it starts exists, and nobody is root in it."""

from __future__ import annotations

import fnmatch
import importlib.util
import re
import tomllib
from pathlib import Path
from typing import Any

from foodtrace_ops.settings import Settings
from support.manifests import COMPOSE, DEPLOY, container, pods, read, services, unknown_variables

ROOT = DEPLOY.parent
LINES = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
STEPS = [
    (word, rest.strip())
    for word, _, rest in (line.partition(" ") for line in LINES)
    if word.isupper()
]
PROJECT: Any = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def steps(word: str) -> list[str]:
    return [rest for each, rest in STEPS if each == word]


def copied() -> set[str]:
    """What is copied from the checkout."""
    told = [rest.split()[:-1] for rest in steps("COPY") if not rest.startswith("--from")]
    return {name for names in told for name in names}


def test_everything_it_copies_is_there_and_goes_into_the_build() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    taken = {line[1:] for line in ignored if line.startswith("!")}
    assert ignored[1] == "*"
    assert copied() == taken
    assert all((ROOT / name).exists() for name in copied())


def test_the_wheel_can_be_built_from_what_is_copied() -> None:
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {package.split("/")[0] for package in packages} <= copied()
    assert {"pyproject.toml", "uv.lock", PROJECT["project"]["readme"]} <= copied()
    assert set(PROJECT["project"]["license-files"]) <= copied()


def test_its_python_is_slim_pinned_by_a_tag_and_one_that_the_project_takes() -> None:
    bases = [base.split(" AS ")[0] for base in steps("FROM")]
    assert len(set(bases)) == 1
    found = re.fullmatch(r"python:(\d+)\.(\d+)-slim-\w+", bases[0])
    assert found is not None
    least = PROJECT["project"]["requires-python"].removeprefix(">=").split(".")
    assert (int(found[1]), int(found[2])) >= (int(least[0]), int(least[1]))
    assert "digest" not in bases[0]


def test_nobody_is_root_and_manifests_say_the_same_number() -> None:
    [user] = steps("USER")
    uid, gid = (int(number) for number in user.split(":"))
    assert uid > 0
    assert f"--uid {uid}" in next(run for run in steps("RUN") if "useradd" in run)
    for pod in pods().values():
        security = pod["securityContext"]
        assert (security["runAsUser"], security["runAsGroup"]) == (uid, gid)


def test_its_variables_are_settings_and_its_ports_are_theirs() -> None:
    told = dict(pair.split("=", 1) for rest in steps("ENV") for pair in rest.split())
    assert unknown_variables(told) == []
    [ports] = steps("EXPOSE")
    workers = services()["worker-0"]["environment"]["FOODTRACE_WORKER_PORT"]
    assert ports.split() == [str(Settings().api_port), workers]
    assert told["FOODTRACE_DATA_FOLDER"].startswith(steps("WORKDIR")[-1])


def test_no_file_under_deploy_speaks_of_a_variable_that_no_setting_has() -> None:
    files = [DEPLOY / "Dockerfile", COMPOSE, *(DEPLOY / "kubernetes").glob("*.yaml")]
    for file in files:
        named = set(re.findall(r"FOODTRACE_[A-Z_]+", file.read_text(encoding="utf-8")))
        assert unknown_variables(dict.fromkeys(named)) == [], file.name


def starts(command: list[str]) -> bool:
    """Whether a command is one that the image has."""
    if command[:2] == ["python", "-m"]:
        package = importlib.util.find_spec(command[2])
        return (
            package is not None and importlib.util.find_spec(f"{command[2]}.__main__") is not None
        )
    return command[0] in PROJECT["project"]["scripts"]


def test_every_command_that_is_started_in_it_exists() -> None:
    commands = [container(pod)["command"] for pod in pods().values()]
    commands += [
        each["command"]
        for each in services().values()
        if each["image"].startswith("foodtrace:") and "command" in each
    ]
    assert len(commands) == 8
    assert all(starts(command) for command in commands)
    assert not starts(["python", "-m", "foodtrace_nothing"])


def test_the_image_bears_the_projects_version() -> None:
    [compose] = read(COMPOSE)
    tag = f"foodtrace:{PROJECT['project']['version']}"
    assert compose["services"]["api"]["image"] == tag
    kustomization = read(DEPLOY / "kubernetes" / "kustomization.yaml")[0]
    assert kustomization["images"][0]["newTag"] == PROJECT["project"]["version"]
    assert tag in LINES[2]


def test_no_file_of_the_build_takes_secrets_along() -> None:
    patterns = ("*.pem", "*.key", ".env", "id_*")
    for folder in copied():
        files = [ROOT / folder] if (ROOT / folder).is_file() else list((ROOT / folder).rglob("*"))
        names = [Path(file).name for file in files if "__pycache__" not in file.parts]
        assert not [n for n in names if any(fnmatch.fnmatch(n, pattern) for pattern in patterns)]
