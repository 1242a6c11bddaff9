"""What a schema registry decides, in the words of Confluent's: ids, subjects, versions, levels.

One text in normal form has one id, whichever subjects hold it; a subject lists its versions from 1
on; nothing is ever taken back, since records stay. The rows are kept by whoever implements `Store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from foodtrace.problems import Conflict, InvalidValue, NotFound
from foodtrace_schemas.avro_model import Schema, loads, normal_text, parse
from foodtrace_schemas.compatibility import Level, check, unreadable
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.topics import KIND_BY_SUBJECT

#: The level of a registry in which none was set: workers and producers are upgraded apart.
DEFAULT_LEVEL = Level.FULL_TRANSITIVE
LATEST = "latest"
_SUBJECT_LIMIT = 249


class Registered(Protocol):
    """One version of one subject; the text is in normal form."""

    @property
    def subject(self) -> str:
        """The subject's name."""
        ...

    @property
    def version(self) -> int:
        """From 1 on."""
        ...

    @property
    def schema_id(self) -> int:
        """The same for one text in every subject."""
        ...

    @property
    def text(self) -> str:
        """The schema."""
        ...


class Store(Protocol):
    """Where the rows are kept; each call stands alone."""

    def subjects(self) -> Sequence[str]:
        """All subjects, sorted."""
        ...

    def versions(self, subject: str) -> Sequence[Registered]:
        """The versions of a subject, oldest first."""
        ...

    def with_id(self, schema_id: int) -> Sequence[Registered]:
        """Where the schema of an id is registered."""
        ...

    def text(self, schema_id: int) -> str | None:
        """The text of an id, None for one that was never given."""
        ...

    def add(self, subject: str, text: str) -> Registered:
        """The version of a subject with that text, made now if it isn't there."""
        ...

    def level(self, subject: str | None = None) -> str | None:
        """The level set for a subject, or for all (None); None where none is set."""
        ...

    def set_level(self, level: str | None, subject: str | None = None) -> None:
        """Set or, with None, take back a level."""
        ...


class Registry:
    """The registry's answers over a store; raises `NotFound`, `Conflict` and `InvalidValue` only."""

    def __init__(self, store: Store) -> None:
        """The store stays the caller's."""
        self._store = store

    def register(
        self, subject: str, text: str, *, schema_type: str = "AVRO", references: int = 0
    ) -> Registered:
        """The version of a subject with this schema, made now if it isn't there.

        `references` is how many other schemas it refers to: ours are self-contained. Raises
        InvalidValue `registry.invalid-schema` and Conflict `registry.incompatible`.
        """
        _check_subject(subject)
        wanted, schema = _read(text, schema_type, references)
        known = self._store.versions(subject)
        for each in known:
            if each.text == wanted:
                return each
        level = self.level(subject, inherited=True)
        clashes = (*_misread(schema), *check(level, schema, _schemas(known)))
        if clashes:
            raise Conflict("registry.incompatible", "; ".join(clashes), "schema")
        return self._store.add(subject, wanted)

    def lookup(
        self, subject: str, text: str, *, schema_type: str = "AVRO", references: int = 0
    ) -> Registered:
        """The version of a subject that has this schema; raises NotFound, InvalidValue."""
        known = self._known(subject)
        wanted, _ = _read(text, schema_type, references)
        for each in known:
            if each.text == wanted:
                return each
        raise NotFound("registry.schema-unknown", subject, "schema")

    def text(self, schema_id: int) -> str:
        """The schema of an id; raises NotFound `registry.schema-unknown`."""
        found = self._store.text(schema_id)
        if found is None:
            raise NotFound("registry.schema-unknown", str(schema_id), "id")
        return found

    def places(self, schema_id: int) -> Sequence[Registered]:
        """Where the schema of an id is registered; raises NotFound."""
        self.text(schema_id)
        return self._store.with_id(schema_id)

    def subjects(self) -> Sequence[str]:
        """All subjects, sorted."""
        return self._store.subjects()

    def versions(self, subject: str) -> list[int]:
        """The numbers of a subject's versions; raises NotFound `registry.subject-unknown`."""
        return [each.version for each in self._known(subject)]

    def version(self, subject: str, version: str) -> Registered:
        """One version, by its number or "latest" (-1 means the same).

        Raises NotFound for a subject or version that isn't there, InvalidValue
        `registry.invalid-version` for what is no version.
        """
        number = _version_number(version)
        known = self._known(subject)
        if number is None:
            return known[-1]
        for each in known:
            if each.version == number:
                return each
        raise NotFound("registry.version-unknown", f"{subject} {number}", "version")

    def clashes(
        self, subject: str, text: str, version: str | None = None, *, schema_type: str = "AVRO"
    ) -> tuple[str, ...]:
        """What keeps a schema from a subject, by the subject's level; empty when nothing does.

        Against one version, or all that the level looks at. Raises NotFound for a version that
        isn't there; a subject that isn't there yet takes any schema.
        """
        _, schema = _read(text, schema_type, 0)
        level = self.level(subject, inherited=True)
        named = None if version is None else [self.version(subject, version)]
        earlier = _schemas(self._store.versions(subject) if named is None else named)
        return (*_misread(schema), *check(level, schema, earlier))

    def level(self, subject: str | None = None, *, inherited: bool = False) -> Level:
        """The level of a subject, or of all (None).

        Raises NotFound `registry.level-unknown` for a subject without its own, unless `inherited`.
        """
        own = None if subject is None else self._store.level(subject)
        if own is not None:
            return Level(own)
        if subject is not None and not inherited:
            raise NotFound("registry.level-unknown", subject, "subject")
        return Level(self._store.level() or DEFAULT_LEVEL)

    def set_level(self, level: str, subject: str | None = None) -> Level:
        """Set the level of a subject, or of all; raises InvalidValue `registry.invalid-level`."""
        if subject is not None:
            _check_subject(subject)
        if level not in Level.__members__:
            raise InvalidValue("registry.invalid-level", ascii(level)[:80], "compatibility")
        self._store.set_level(level, subject)
        return Level(level)

    def unset_level(self, subject: str) -> Level:
        """Let a subject follow the level of all again; gives the level it had; raises NotFound."""
        had = self.level(subject)
        self._store.set_level(None, subject)
        return had

    def _known(self, subject: str) -> Sequence[Registered]:
        known = self._store.versions(subject)
        if not known:
            raise NotFound("registry.subject-unknown", subject[:_SUBJECT_LIMIT], "subject")
        return known


def _read(text: str, schema_type: str, references: int) -> tuple[str, Schema]:
    if schema_type != "AVRO":
        raise InvalidValue("registry.invalid-schema", ascii(schema_type)[:80], "schemaType")
    if references:
        raise InvalidValue("registry.invalid-schema", "references aren't taken", "references")
    schema = parse(text)
    wanted = normal_text(loads(text))
    try:
        wanted.encode()
    except UnicodeEncodeError as error:
        raise InvalidValue("registry.invalid-schema", "it holds a lone surrogate") from error
    return wanted, schema


def _misread(schema: Schema) -> tuple[str, ...]:
    """What keeps our contract from reading records that bear the name of an event of ours.

    Under whichever subject it is registered: the records would all be put aside.
    """
    kind = KIND_BY_SUBJECT.get(schema.name or "")
    if kind is None:
        return ()
    clashes = unreadable(parse(schema_text(kind)), schema)
    return tuple(f"the contract of {kind} can't read it: {clash}" for clash in clashes)


def _schemas(rows: Sequence[Registered]) -> list[tuple[int, Schema]]:
    return [(each.version, parse(each.text)) for each in rows]


def _check_subject(subject: str) -> None:
    if not 0 < len(subject) <= _SUBJECT_LIMIT or not subject.isprintable():
        raise InvalidValue("registry.invalid-subject", ascii(subject[:80]), "subject")


def _version_number(version: str) -> int | None:
    if version in (LATEST, "-1"):
        return None
    sound = version.isascii() and version.isdigit() and len(version) < 11
    if not sound or not 0 < int(version) < 2**31:
        raise InvalidValue("registry.invalid-version", ascii(version[:80]), "version")
    return int(version)
