"""The Avro contracts as files: one folder a version, one file a kind over shared records.

A version is never edited once it is committed: records in Kafka were written with it. A new version
is a new folder with all kinds; what is registered is one self-contained text per kind, with each
shared record spelled out where it is first used.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from foodtrace_schemas.avro_model import normal_text
from foodtrace_schemas.topics import KIND_TABLE, subject_of

_FOLDER = files(__package__) / "avro"


@cache
def versions() -> tuple[int, ...]:
    """The committed versions, oldest first."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(int(name[1:]) for name in names if name[0] == "v" and name[1:].isdigit()))


def latest() -> int:
    """The version that is written, and to which everything that is read is resolved."""
    return versions()[-1]


@cache
def versions_of(kind: str) -> tuple[int, ...]:
    """The versions that have a contract of the kind, oldest first: a kind may have come later."""
    return tuple(each for each in versions() if (_FOLDER / f"v{each}" / f"{kind}.avsc").is_file())


@cache
def schema_text(kind: str, version: int | None = None) -> str:
    """The self-contained schema of a kind, as it is registered; the latest where none is named.

    Raises InvalidValue for an unknown kind, KeyError for a version that has no such kind.
    """
    subject_of(kind)
    folder = _FOLDER / f"v{latest() if version is None else version}"
    file = folder / f"{kind}.avsc"
    if not file.is_file():
        raise KeyError(f"{kind} has no version {version}")
    return normal_text(_spelled_out(_loaded(file), _shared(folder), set()))


@cache
def _versions_by_text() -> dict[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for kind in KIND_TABLE:
        for version in versions_of(kind):
            # An unchanged contract keeps its oldest version: upcasts start from there.
            known.setdefault(schema_text(kind, version), (kind, version))
    return known


def version_of(text: str) -> int | None:
    """Which committed version a schema in normal form is; None for somebody else's."""
    found = _versions_by_text().get(text)
    return None if found is None else found[1]


def _loaded(file: Traversable) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _shared(folder: Traversable) -> dict[str, Any]:
    records = [_loaded(file) for file in (folder / "shared").iterdir()]
    return {f"{record['namespace']}.{record['name']}": record for record in records}


def _spelled_out(schema: Any, shared: dict[str, Any], spelled: set[str]) -> Any:
    """The schema with each shared record in place of its first mention, by name afterwards."""
    if isinstance(schema, str):
        if schema not in shared or schema in spelled:
            return schema
        spelled.add(schema)
        return _spelled_out(shared[schema], shared, spelled)
    if isinstance(schema, list):
        return [_spelled_out(branch, shared, spelled) for branch in schema]
    if schema["type"] == "record":
        typed = [
            {**field, "type": _spelled_out(field["type"], shared, spelled)}
            for field in schema["fields"]
        ]
        return {**schema, "fields": typed}
    inner = {name: schema[name] for name in ("items", "values") if name in schema}
    return {**schema, **{k: _spelled_out(v, shared, spelled) for k, v in inner.items()}}
