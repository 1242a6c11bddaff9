"""Jars from a repository: held to the lock file's checksums, or named errors and nothing kept."""

from __future__ import annotations

import functools
import gc
import hashlib
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace_deploy.stack import jars
from foodtrace_deploy.stack.problem import StackProblem

_ENTRY = """
[[dependencies]]
groupId = "org.example"
artifactId = "{name}"
version = "1.0"
packaging = "jar"
sha256 = "{sha256}"
"""


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder served as a Maven repository, and its address."""
    folder = tmp_path / "repository"
    folder.mkdir()
    handler = functools.partial(_Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


# jgo leaves the answer open when it can't use it.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock file of two small jars."""
    text = "".join(
        _ENTRY.format(name=name, sha256=hashlib.sha256(name.encode()).hexdigest())
        for name in ("bread", "salt")
    )
    (tmp_path / "jars.lock.toml").write_text(text)
    monkeypatch.setattr(jars, "LOCK", tmp_path / "jars.lock.toml")


def _publish(folder: Path, name: str, content: bytes) -> None:
    place = folder / "org" / "example" / name / "1.0"
    place.mkdir(parents=True)
    (place / f"{name}-1.0.jar").write_bytes(content)
    (place / f"{name}-1.0.jar.sha1").write_text(hashlib.sha1(content).hexdigest())


@pytest.mark.usefixtures("lock")
def test_jars_are_fetched_once(repository: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = repository
    for name in ("bread", "salt"):
        _publish(folder, name, name.encode())
    pieces: list[int] = []
    assert jars.cached(tmp_path / "cache") is None
    paths = jars.fetch(tmp_path / "cache", url, pieces.append)
    assert [path.read_text() for path in paths] == ["bread", "salt"]
    assert sum(pieces) == len("bread") + len("salt")
    assert jars.cached(tmp_path / "cache") == paths
    # Nothing is asked for again, even where nothing can be had.
    assert jars.fetch(tmp_path / "cache", "http://127.0.0.1:9") == paths


@pytest.mark.usefixtures("lock")
def test_a_jar_with_another_checksum_is_refused(
    repository: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = repository
    _publish(folder, "bread", b"bread")
    _publish(folder, "salt", b"sugar")
    with pytest.raises(StackProblem) as caught:
        jars.fetch(tmp_path / "cache", url)
    assert caught.value.key == "maven-checksum"
    assert "salt-1.0.jar" in caught.value.sentence("zh")
    assert not list((tmp_path / "cache").rglob("salt*"))


@pytest.mark.usefixtures("lock")
def test_a_repository_out_of_reach_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackProblem) as caught:
        jars.fetch(tmp_path / "cache", "http://127.0.0.1:9/maven2")
    assert caught.value.key == "maven-unreachable"
    assert "http://127.0.0.1:9/maven2" in caught.value.sentence("en")


@pytest.mark.usefixtures("lock")
def test_a_repository_without_the_jar_is_named(
    repository: tuple[Path, str], tmp_path: Path
) -> None:
    _, url = repository
    with pytest.raises(StackProblem) as caught:
        jars.fetch(tmp_path / "cache", url)
    assert caught.value.key == "maven-unreachable"


@pytest.mark.usefixtures("lock")
def test_a_start_that_is_broken_off_ends_the_download(
    repository: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = repository
    for name in ("bread", "salt"):
        _publish(folder, name, name.encode())

    def stop(_size: int) -> None:
        raise StackProblem("stopped-early")

    with pytest.raises(StackProblem) as caught:
        jars.fetch(tmp_path / "cache", url, stop)
    assert caught.value.key == "stopped-early"


def test_a_cache_that_cant_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StackProblem) as caught:
        jars.fetch(tmp_path / "file" / "cache", "http://127.0.0.1:9")
    assert caught.value.key == "cache-denied"


def test_every_jar_of_kafka_is_locked() -> None:
    locked = jars.locked()
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) for jar in locked)
    names = {jar.artifact for jar in locked}
    # Without a binding of SLF4J Kafka logs nothing.
    assert {"kafka_2.13", "kafka-clients", "slf4j-simple"} <= names
    assert len(names) == len(locked)
