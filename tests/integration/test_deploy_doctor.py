"""`foodtrace doctor`: says what is wrong before it hurts, in both languages, and changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.stack.folder import LAYOUT, DataFolder

_NO_MAVEN = {"FOODTRACE_MAVEN_URL": "http://127.0.0.1:9/maven2"}


_COMMAND = (sys.executable, "-m", "foodtrace_deploy", "doctor", "--json")


def _doctor(data: Path, *options: str, **environment: str) -> tuple[int, dict[str, Any]]:
    told = subprocess.run(
        [*_COMMAND, "--data", str(data), *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    answer = json.loads(told.stdout)
    return told.returncode, {"good": answer["good"]} | {
        check["check"]: check for check in answer["checks"]
    }


def test_without_maven_there_is_still_the_memory_broker(tmp_path: Path) -> None:
    code, checks = _doctor(
        tmp_path / "data", FOODTRACE_CACHE_FOLDER=str(tmp_path / "cache"), **_NO_MAVEN
    )
    assert code == Exit.DONE
    assert checks["good"]
    assert checks["kafka"]["verdict"] == "warning"
    assert "FOODTRACE_MAVEN_URL" in checks["kafka"]["found"]
    assert checks["memory-broker"]["verdict"] == "good"
    assert checks["postgres"]["verdict"] == "good"
    assert checks["packages"]["verdict"] == "good"
    assert not list(tmp_path.iterdir())


def test_what_keeps_it_from_running_is_told(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.open()
    folder.close()
    (tmp_path / "data" / "version.json").write_text(json.dumps({"layout": LAYOUT + 1}))
    code, checks = _doctor(tmp_path / "data", "--broker", "127.0.0.1:9", **_NO_MAVEN)
    assert code == Exit.REFUSED
    assert not checks["good"]
    assert (checks["folder"]["verdict"], checks["folder"]["code"]) == ("bad", "folder-newer")
    assert (checks["broker"]["verdict"], checks["broker"]["code"]) == ("bad", "broker-away")


def test_it_speaks_chinese_where_the_user_does(tmp_path: Path) -> None:
    _, checks = _doctor(tmp_path / "data", LC_ALL="zh_CN.UTF-8", **_NO_MAVEN)
    assert "尚不存在" in checks["folder"]["found"]


def test_help_follows_the_wish(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "foodtrace_deploy", "--lang", "zh", "up", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "消息总线" in told.stdout
