"""The rules of the registry, over rows in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from foodtrace.events import KINDS
from foodtrace.problems import Conflict, InvalidValue, NotFound
from foodtrace_schemas.avro_model import normal_text
from foodtrace_schemas.compatibility import Level
from foodtrace_schemas.contracts import schema_text, version_of, versions_of
from foodtrace_schemas.registry import DEFAULT_LEVEL, Registry
from foodtrace_schemas.topics import subject_of


@dataclass(frozen=True)
class Row:
    subject: str
    version: int
    schema_id: int
    text: str


@dataclass
class Rows:
    """A store of rows in memory."""

    rows: list[Row] = field(default_factory=list)
    levels: dict[str | None, str] = field(default_factory=dict)

    def subjects(self) -> list[str]:
        return sorted({row.subject for row in self.rows})

    def versions(self, subject: str) -> list[Row]:
        return [row for row in self.rows if row.subject == subject]

    def with_id(self, schema_id: int) -> list[Row]:
        return [row for row in self.rows if row.schema_id == schema_id]

    def text(self, schema_id: int) -> str | None:
        return next((row.text for row in self.with_id(schema_id)), None)

    def add(self, subject: str, text: str) -> Row:
        ids = {row.text: row.schema_id for row in self.rows}
        number = len(self.versions(subject)) + 1
        row = Row(subject, number, ids.get(text, len(set(ids.values())) + 1), text)
        self.rows.append(row)
        return row

    def level(self, subject: str | None = None) -> str | None:
        return self.levels.get(subject)

    def set_level(self, level: str | None, subject: str | None = None) -> None:
        self.levels.pop(subject, None)
        if level is not None:
            self.levels[subject] = level


def schema(*names: str, **kinds: str) -> str:
    """A record R with these optional texts and these required fields."""
    optional = [{"name": n, "type": ["null", "string"], "default": None} for n in names]
    required = [{"name": name, "type": kind} for name, kind in kinds.items()]
    return json.dumps({"type": "record", "name": "R", "fields": optional + required})


@pytest.fixture
def registry() -> Registry:
    return Registry(Rows())


def test_every_contract_is_registered_once_however_it_is_laid_out(registry: Registry) -> None:
    ids = set()
    for kind in KINDS:
        for version in versions_of(kind):
            first = registry.register(subject_of(kind), schema_text(kind, version))
            text = json.dumps(json.loads(first.text), indent=2, sort_keys=True)
            again = registry.register(subject_of(kind), text)
            assert again == first == registry.lookup(subject_of(kind), text)
            assert version_of(first.text) is not None
        ids.add(first.schema_id)
    assert len(ids) == len(KINDS)
    assert registry.subjects() == sorted(subject_of(kind) for kind in KINDS)


def test_one_schema_has_one_id_in_all_subjects(registry: Registry) -> None:
    one, other = (registry.register(subject, schema("a")) for subject in ("one", "other"))
    assert one.schema_id == other.schema_id
    assert [row.subject for row in registry.places(one.schema_id)] == ["one", "other"]
    assert registry.text(one.schema_id) == normal_text(json.loads(schema("a")))
    second = registry.register("one", schema("a", "b"))
    assert second.schema_id != one.schema_id
    assert registry.versions("one") == [1, 2]
    assert registry.version("one", "latest") == registry.version("one", "-1") == second
    assert registry.version("one", "1") == one


def test_a_version_that_does_not_fit_is_refused_with_the_field(registry: Registry) -> None:
    registry.register("one", schema("a"))
    with pytest.raises(Conflict, match=r"can't read version 1: b is required") as caught:
        registry.register("one", schema("a", b="int"))
    assert caught.value.code == "registry.incompatible"
    assert registry.versions("one") == [1]
    assert registry.clashes("one", schema("a", b="int"))
    assert registry.clashes("one", schema("a", b="int"), "latest")
    assert registry.clashes("one", schema("a", "b")) == ()
    assert registry.clashes("new", schema("a", b="int")) == ()


def test_the_default_looks_at_every_version_and_a_level_may_say_otherwise(
    registry: Registry,
) -> None:
    assert registry.level() is DEFAULT_LEVEL is Level.FULL_TRANSITIVE
    registry.set_level("NONE", "one")
    registry.register("one", schema(a="int"))
    registry.register("one", schema(b="int"))
    assert registry.level("one") is Level.NONE
    assert registry.unset_level("one") is Level.NONE
    assert registry.clashes("one", schema(b="int"), "2") == ()
    assert registry.clashes("one", schema(b="int"))
    assert registry.set_level("FULL") is Level.FULL
    assert registry.clashes("one", schema(b="int")) == ()
    assert registry.level("one", inherited=True) is Level.FULL


def test_a_record_that_bears_our_name_must_be_readable_by_our_contract(
    registry: Registry,
) -> None:
    stranger = json.dumps({"type": "record", "name": "foodtrace.Trade", "fields": []})
    for subject in (subject_of("trade"), "foodtrace.in.erp-value"):
        registry.set_level("NONE", subject)
        with pytest.raises(Conflict, match="contract of trade can't read it: envelope is required"):
            registry.register(subject, stranger)
        assert registry.clashes(subject, stranger)


def test_what_is_not_there_is_named(registry: Registry) -> None:
    registry.register("one", schema("a"))
    for code, ask in (
        ("registry.subject-unknown", lambda: registry.versions("two")),
        ("registry.subject-unknown", lambda: registry.version("two", "1")),
        ("registry.subject-unknown", lambda: registry.lookup("two", schema("a"))),
        ("registry.version-unknown", lambda: registry.version("one", "2")),
        ("registry.version-unknown", lambda: registry.clashes("one", schema("a"), "2")),
        ("registry.schema-unknown", lambda: registry.lookup("one", schema("b"))),
        ("registry.schema-unknown", lambda: registry.text(99)),
        ("registry.schema-unknown", lambda: registry.places(99)),
        ("registry.level-unknown", lambda: registry.level("one")),
        ("registry.level-unknown", lambda: registry.unset_level("one")),
    ):
        with pytest.raises(NotFound) as caught:
            ask()
        assert caught.value.code == code


@pytest.mark.parametrize("version", ["0", "-2", "", "1.0", "x", "9" * 11, "²", "2147483648", "+1"])
def test_what_is_no_version_is_named(registry: Registry, version: str) -> None:
    registry.register("one", schema("a"))
    with pytest.raises(InvalidValue, match=r"registry\.invalid-version"):
        registry.version("one", version)


@pytest.mark.parametrize("text", ["", "{", "{}", '"x"', '{"type":"string","doc":"\\ud800"}'])
def test_what_is_no_schema_is_named(registry: Registry, text: str) -> None:
    with pytest.raises(InvalidValue, match=r"registry\.invalid-schema"):
        registry.register("one", text)


def test_only_self_contained_avro_is_taken(registry: Registry) -> None:
    with pytest.raises(InvalidValue, match=r"schemaType: registry\.invalid-schema: 'JSON'"):
        registry.register("one", schema("a"), schema_type="JSON")
    with pytest.raises(InvalidValue, match=r"references: registry\.invalid-schema"):
        registry.register("one", schema("a"), references=1)


def test_other_bad_names_are_named(registry: Registry) -> None:
    for level in ("full", "", "SOME"):
        with pytest.raises(InvalidValue, match=r"registry\.invalid-level"):
            registry.set_level(level)
    for subject in ("", "a\0", "x" * 250, "\ud800"):
        with pytest.raises(InvalidValue, match=r"registry\.invalid-subject"):
            registry.register(subject, schema("a"))
