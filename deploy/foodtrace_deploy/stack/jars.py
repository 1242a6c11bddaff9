"""The jars of Apache Kafka: fetched once from a Maven repository, each held to its checksum.

`kafka.lock.toml` was made by jgo for

    org.apache.kafka:kafka_2.13:4.3.1+org.slf4j:slf4j-simple:1.7.36

(without a binding of SLF4J Kafka logs nothing). It names every jar with its SHA-256, so nothing has
to be resolved here and nothing else can come in.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_ops.settings import Settings

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LOCK = Path(__file__).with_name("kafka.lock.toml")
#: Downloads at a time; more gains nothing.
PARALLEL = 8
#: Bytes of all jars together, for the progress bar.
TOTAL_BYTES = 45_025_660


@dataclass(frozen=True, slots=True, kw_only=True)
class Jar:
    """One locked jar."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Its name in the repository and in the cache."""
        return f"{self.artifact}-{self.version}.jar"


#: Told after every piece of a download: its bytes.
Progress = Callable[[int], None]


def locked() -> tuple[Jar, ...]:
    """The jars of the lock file, in the order of the class path."""
    return tuple(
        Jar(
            group=jar["groupId"],
            artifact=jar["artifactId"],
            version=jar["version"],
            sha256=jar["sha256"],
        )
        for jar in tomllib.loads(LOCK.read_text())["dependencies"]
    )


def cached(cache: Path) -> list[Path] | None:
    """The class path if every jar was fetched and checked before, otherwise None."""
    paths = [folder(cache) / jar.file_name for jar in locked()]
    return paths if all(path.is_file() for path in paths) else None


def folder(cache: Path) -> Path:
    """Where the jars of this lock file are kept; another lock file has another folder."""
    return cache / f"kafka-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def repository(settings: Settings) -> str:
    """Where the jars come from: the mirror that was set, else jgo's own choice, Maven Central."""
    from jgo.constants import MAVEN_CENTRAL_URL

    return settings.maven_url or str(MAVEN_CENTRAL_URL)


def fetch(cache: Path, repository: str, progress: Progress = lambda _: None) -> list[Path]:
    """The class path, fetching what is missing; may be called by several processes at once.

    Raises StackProblem: `maven-unreachable`, `maven-checksum` or `cache-denied`.
    """
    target = folder(cache)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StackProblem("cache-denied", cache=cache, why=error.strerror) from error
    with _one_at_a_time(target / ".lock"):
        missing = [jar for jar in locked() if not (target / jar.file_name).is_file()]
        if missing:
            with tempfile.TemporaryDirectory(dir=target, prefix=".fetch-") as staging:
                _fetch_all(missing, target, Path(staging), repository, progress)
    return [target / jar.file_name for jar in locked()]


def _fetch_all(
    missing: list[Jar], target: Path, staging: Path, repository: str, progress: Progress
) -> None:
    # Only here: most starts find their jars in the cache, and jgo brings half a second of imports.
    from jgo.maven import MavenContext, PythonResolver

    context = MavenContext(
        resolver=PythonResolver(progress_callback=_callback(progress)),
        repo_cache=staging,
        remote_repos={"central": repository},
    )
    # The first one alone: where nothing can be reached one failure is enough.
    first, *others = missing
    _fetch_one(first, target, context, repository)
    with ThreadPoolExecutor(PARALLEL) as pool:
        for done in [pool.submit(_fetch_one, jar, target, context, repository) for jar in others]:
            done.result()


def _fetch_one(jar: Jar, target: Path, context: MavenContext, repository: str) -> None:
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    try:
        path = artifact.resolve()
    except (RuntimeError, OSError) as error:
        # What requests raises is an OSError.
        raise StackProblem("maven-unreachable", url=repository, why=_short(error)) from error
    if hashlib.sha256(path.read_bytes()).hexdigest() != jar.sha256:
        raise StackProblem("maven-checksum", jar=jar.file_name, url=repository)
    shutil.move(path, target / jar.file_name)


def _callback(progress: Progress) -> Callable[..., object]:
    @contextmanager
    def one_file(_name: str, _size: int) -> Iterator[Progress]:
        yield progress

    return one_file


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


@contextmanager
def _one_at_a_time(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
