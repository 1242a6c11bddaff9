"""The data folder: one stack at a time, versions, secrets, remembered ports; each refusal a name."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from foodtrace_deploy.stack import claims
from foodtrace_deploy.stack.folder import LAYOUT, DataFolder
from foodtrace_deploy.stack.ports import Ports, claim_any, is_free
from foodtrace_deploy.stack.problem import StackProblem


def _refused(folder: DataFolder) -> StackProblem:
    with pytest.raises(StackProblem) as caught:
        folder.open()
    return caught.value


def test_a_folder_is_taken_by_one(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path / "data"), DataFolder(tmp_path / "data")
    first.open()
    assert second.is_taken()
    problem = _refused(second)
    assert problem.key == "already-running"
    assert str(tmp_path / "data") in problem.sentence("zh")
    first.close()
    assert not second.is_taken()
    second.open()
    second.close()


def test_a_folder_of_a_newer_release_is_refused_untouched(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.open()
    folder.close()
    version = tmp_path / "data" / "version.json"
    version.write_text(json.dumps({"layout": LAYOUT + 1, "made_by": "9.9"}))
    problem = _refused(folder)
    assert problem.key == "folder-newer"
    assert "9.9" in problem.sentence("en")
    assert json.loads(version.read_text())["made_by"] == "9.9"


def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    assert _refused(DataFolder(tmp_path / "photos")).key == "folder-not-ours"


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert _refused(DataFolder(tmp_path / "file" / "data")).key == "folder-denied"


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 10**6))
    assert _refused(DataFolder(tmp_path / "data")).key == "disk-small"
    assert not (tmp_path / "data").exists()


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.open()
    secret = folder.secret("postgres")
    assert folder.secret("postgres") == secret
    folder.keep_keys("foodtrace", {"admin": "ft_1"})
    folder.keep_keys("foodtrace_memory", {"admin": "ft_2"})
    folder.close()
    assert folder.keys("foodtrace") == {"admin": "ft_1"}
    assert folder.keys("foodtrace_external") == {}
    secrets = tmp_path / "data" / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(os.stat(secrets / name).st_mode) for name in os.listdir(secrets)} == {
        0o600
    }


def test_ports_are_remembered_while_they_are_free(tmp_path: Path) -> None:
    before = Ports(tmp_path / "ports.json")
    port = before.take("api")
    before.release()
    again = Ports(tmp_path / "ports.json")
    assert again.take("api") == port
    again.release()
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        other = Ports(tmp_path / "ports.json").take("api")
    assert other != port


def test_a_wished_port_in_use_is_the_users_to_resolve(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StackProblem) as caught:
            Ports(tmp_path / "ports.json").take("api", port)
    assert caught.value.key == "port-in-use"
    assert str(port) in caught.value.sentence("en")


def test_two_parts_never_get_one_port(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    first = ports.take("kafka")
    assert ports.take("postgres", preferred=first) != first


def test_stacks_that_start_at_once_get_ports_of_their_own(tmp_path: Path) -> None:
    # Nobody listens yet at what one has chosen when the other chooses.
    one, two = (Ports(tmp_path / name) for name in ("one.json", "two.json"))
    wish = one.take("kafka")
    assert two.take("kafka", preferred=wish) != wish
    with pytest.raises(StackProblem) as caught:
        two.take("api", wish)
    assert caught.value.key == "port-in-use"
    one.release()
    assert Ports(tmp_path / "three.json").take("api", wish) == wish


_CHOOSES = """
import sys
from pathlib import Path
from foodtrace_deploy.stack.ports import Ports
ports = Ports(Path(sys.argv[1]))
chosen = [ports.take(name, preferred=int(sys.argv[2])) for name in ("kafka", "postgres")]
print(*chosen, flush=True)
sys.stdin.read()
"""


def test_processes_that_start_at_once_get_ports_of_their_own(tmp_path: Path) -> None:
    wish = claim_any()
    claims.release([wish])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _CHOOSES, str(tmp_path / f"{n}.json"), str(wish)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    chosen = [int(word) for one in processes for word in _line(one).split()]
    assert len(set(chosen)) == len(chosen) == 8
    assert wish in chosen
    # Also of one that is killed nothing stays behind.
    for process in processes:
        process.kill()
        process.communicate()
    assert Ports(tmp_path / "last.json").take("api", wish) == wish


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_a_broken_ports_file_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("[1, 2")
    assert Ports(tmp_path / "ports.json").take("api") > 0
