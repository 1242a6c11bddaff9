"""Whether this machine can run the stack; each check gives one finding and changes nothing."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

import psutil

from foodtrace.problems import FoodtraceError
from foodtrace_bus.access import Access
from foodtrace_deploy.show import sentence
from foodtrace_deploy.stack import jars, java, memory, postgres, reached
from foodtrace_deploy.stack.brokers import CONTROLLER_PORT, KAFKA_PORT
from foodtrace_deploy.stack.doors import WORKER_PORT
from foodtrace_deploy.stack.folder import LEAST_FREE_BYTES, DataFolder
from foodtrace_deploy.stack.ports import is_free
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.stack import POSTGRES_PORT
from foodtrace_ops.settings import Settings

GIB = 1024**3
#: A clock further off than this, in seconds, is worth a word.
CLOCK_SECONDS = 30


class Verdict(StrEnum):
    """What a finding means."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`check` and `found` are keys of the catalogue, each with its fields."""

    check: str
    verdict: Verdict
    found: str
    fields: Mapping[str, object] = field(default_factory=dict)


def python() -> Finding:
    """Which one; an older one than needed couldn't have come here."""
    found = f"{platform.python_version()}, {sys.executable}"
    return _good("check-python", "program-runs", version=found)


def system() -> Finding:
    """Linux or macOS for the embedded stack."""
    name = f"{platform.system()} {platform.release()} {platform.machine()}"
    if platform.system() not in ("Linux", "Darwin"):
        return _bad("check-system", "system-unknown", system=name)
    return _good("check-system", "program-runs", version=name)


def packages() -> Finding:
    """Everything that foodtrace requires is installed."""
    wanted = [
        name.group()
        for line in importlib.metadata.requires("foodtrace") or []
        if "extra ==" not in line and (name := re.match(r"[A-Za-z0-9._-]+", line))
    ]
    missing = [name for name in wanted if not _is_installed(name)]
    if missing:
        return _bad("check-packages", "packages-missing", names=", ".join(missing))
    return _good("check-packages", "packages-all", count=len(wanted))


def java_found() -> Finding:
    """A Java that Kafka runs on; without one there is still the in-memory broker."""
    try:
        path = java.find()
    except StackProblem as problem:
        return _of_problem("check-java", problem, Verdict.WARNING)
    return _good("check-java", "java-found", version=java.version(path), path=path)


def kafka(settings: Settings) -> Finding:
    """Its jars are in the cache, or can be fetched."""
    if jars.cached(settings.cache_folder) is not None:
        return _good("check-kafka", "kafka-cached", folder=jars.folder(settings.cache_folder))
    reached = _headers(jars.repository(settings))
    if isinstance(reached, str):
        return Finding(
            check="check-kafka",
            verdict=Verdict.WARNING,
            found="kafka-unreachable",
            fields={"url": jars.repository(settings), "why": reached},
        )
    return _good("check-kafka", "kafka-reachable", url=jars.repository(settings))


def memory_broker() -> Finding:
    """The program of the in-memory broker runs."""
    try:
        program = memory.program()
    except StackProblem as problem:
        return _of_problem("check-memory-broker", problem, Verdict.WARNING)
    return _runs("check-memory-broker", program, Verdict.WARNING)


def postgres_runs() -> Finding:
    """The programs of PostgreSQL run."""
    try:
        program = postgres.programs() / "bin" / "postgres"
    except StackProblem as problem:
        return _of_problem("check-postgres", problem, Verdict.BAD)
    return _runs("check-postgres", str(program), Verdict.BAD)


def broker(access: Access) -> Finding:
    """A cluster of the user's own answers, is to be trusted and lets us in."""
    where = access.bootstrap
    try:
        reached.check(access)
    except StackProblem as problem:
        return _bad("check-broker", problem.key, **problem.fields)
    except FoodtraceError as error:
        return _bad("check-broker", "broker-refuses", broker=where, why=sentence(error))
    return _good("check-broker", "broker-answers", broker=where)


def folder(data: DataFolder) -> Finding:
    """The data folder can be used by this release."""
    if data.is_taken():
        return _good("check-folder", "folder-runs", folder=data.path)
    try:
        data.check()
    except StackProblem as problem:
        return _of_problem("check-folder", problem, Verdict.BAD)
    except OSError as error:
        fields = {"folder": data.path, "why": error.strerror}
        return _bad("check-folder", "folder-denied", **fields)
    found = "folder-ours" if data.path.exists() else "folder-free"
    return _good("check-folder", found, folder=data.path)


def disk(data: DataFolder) -> Finding:
    """Room for events and ledger."""
    free = shutil.disk_usage(_existing(data.path)).free
    shown = f"{free / GIB:.1f}"
    if free < LEAST_FREE_BYTES:
        return _bad("check-disk", "disk-soon", free=shown)
    if free < 5 * GIB:
        return Finding(
            check="check-disk", verdict=Verdict.WARNING, found="disk-soon", fields={"free": shown}
        )
    return _good("check-disk", "disk-free", free=shown)


def memory_free() -> Finding:
    """Room for broker, database, worker and API."""
    free = psutil.virtual_memory().available
    shown = f"{free / GIB:.1f}"
    if free < 1.5 * GIB:
        return Finding(
            check="check-memory",
            verdict=Verdict.WARNING,
            found="memory-small",
            fields={"free": shown},
        )
    return _good("check-memory", "memory-free", free=shown)


def ports(data: DataFolder, settings: Settings) -> Finding:
    """The usual ports are free; others are taken where they aren't."""
    if data.is_taken():
        return _good("check-ports", "ports-ours")
    usual = (settings.api_port, KAFKA_PORT, CONTROLLER_PORT, POSTGRES_PORT, WORKER_PORT)
    taken = [port for port in usual if not is_free(port)]
    if taken:
        return Finding(
            check="check-ports",
            verdict=Verdict.WARNING,
            found="ports-taken",
            fields={"ports": ", ".join(map(str, taken))},
        )
    return _good("check-ports", "ports-free", ports=", ".join(map(str, usual)))


def clock(settings: Settings) -> Finding:
    """The clock agrees with a server's, where one can be asked."""
    headers = _headers(jars.repository(settings))
    told = None if isinstance(headers, str) else headers.get("date")
    if not told:
        now = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        return _good("check-clock", "clock-unknown", now=now)
    seconds = round(abs(time.time() - parsedate_to_datetime(told).timestamp()))
    fields = {"server": jars.repository(settings).split("/")[2], "seconds": seconds}
    if seconds > CLOCK_SECONDS:
        return Finding(
            check="check-clock", verdict=Verdict.WARNING, found="clock-wrong", fields=fields
        )
    return _good("check-clock", "clock-right", **fields)


def language() -> Finding:
    """Chinese can be shown."""
    encoding = (sys.stdout.encoding or "?").lower()
    if encoding.replace("-", "") != "utf8":
        return Finding(
            check="check-language",
            verdict=Verdict.WARNING,
            found="language-other",
            fields={"encoding": encoding},
        )
    return _good("check-language", "language-utf8")


def _headers(url: str) -> Mapping[str, str] | str:
    """Lower-case headers of an answer, whatever its status; else why there is none."""
    request = urllib.request.Request(url + "/", method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=8) as answer:
            return {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return {name.lower(): value for name, value in error.headers.items()}
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def _runs(check: str, program: str, otherwise: Verdict) -> Finding:
    try:
        told = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(
            check=check,
            verdict=otherwise,
            found="program-broken",
            fields={"path": program, "why": str(error)},
        )
    return _good(check, "program-runs", version=told.stdout.strip())


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


def _good(check: str, found: str, **fields: object) -> Finding:
    return Finding(check=check, verdict=Verdict.GOOD, found=found, fields=fields)


def _bad(check: str, found: str, **fields: object) -> Finding:
    return Finding(check=check, verdict=Verdict.BAD, found=found, fields=fields)


def _of_problem(check: str, problem: StackProblem, verdict: Verdict) -> Finding:
    return Finding(check=check, verdict=verdict, found=problem.key, fields=problem.fields)
