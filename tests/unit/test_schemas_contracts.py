"""A kind is declared twice, as dataclass and as Avro record: both must say the same."""

from __future__ import annotations

import json
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from foodtrace.events import KINDS
from foodtrace.problems import InvalidValue
from foodtrace_schemas.avro_model import (
    Array,
    MapOf,
    Named,
    Node,
    Primitive,
    Record,
    normal_text,
    parse,
)
from foodtrace_schemas.avro_model import Union as AvroUnion
from foodtrace_schemas.contracts import (
    latest,
    schema_text,
    version_of,
    versions,
    versions_of,
)
from foodtrace_schemas.topics import KIND_TABLE, NAMESPACE, subject_of

PLAIN: dict[Any, Primitive] = {
    str: Primitive("string"),
    int: Primitive("int"),
    UUID: Primitive("string", "uuid"),
    Decimal: Primitive("bytes", "decimal", 18, 6),
    date: Primitive("int", "date"),
    datetime: Primitive("long", "timestamp-micros"),
}

# A committed version is never edited: what is in Kafka was written with it.
COMMITTED = {
    1: "9baf277d23f616aa",
    2: "7446f1260e949c88",
}


def expected(hint: Any) -> Node:
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        return AvroUnion((Primitive("null"), expected(inner)))
    if get_origin(hint) is tuple:
        return Array(expected(get_args(hint)[0]))
    if get_origin(hint) is not None:
        return MapOf(expected(get_args(hint)[1]))
    if is_dataclass(hint):
        return Named(f"{NAMESPACE}.{hint.__name__}")  # type: ignore[union-attr]
    return PLAIN[str if issubclass(hint, StrEnum) else hint]


def default_of(field: Field[Any]) -> tuple[bool, Any]:
    if field.default_factory is not MISSING:
        return True, field.default_factory()
    if field.default is MISSING:
        return False, None
    return True, [] if field.default == () else field.default


def records_of(record: type) -> dict[str, type]:
    """A dataclass and all that it is made of, by Avro name."""
    found: dict[str, type] = {}
    waiting: list[Any] = [record]
    while waiting:
        hint = waiting.pop()
        if is_dataclass(hint):
            name = f"{NAMESPACE}.{hint.__name__}"  # type: ignore[union-attr]
            if name not in found:
                found[name] = hint  # type: ignore[assignment]
                waiting += get_type_hints(hint).values()
        else:
            waiting += get_args(hint)
    return found


def test_both_know_the_same_kinds() -> None:
    assert set(KINDS) == set(KIND_TABLE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_contract_has_the_fields_of_its_dataclass_and_no_other(kind: str) -> None:
    schema = parse(schema_text(kind))
    assert schema.name == subject_of(kind)
    domain = records_of(KINDS[kind])
    assert set(schema.named) == set(domain)
    for name, record in domain.items():
        contract = schema.named[name]
        assert isinstance(contract, Record)
        assert [f.name for f in contract.fields] == [f.name for f in fields(record)], name


@pytest.mark.parametrize("kind", KINDS)
def test_types_and_defaults_are_the_same_in_both(kind: str) -> None:
    schema = parse(schema_text(kind))
    for name, record in records_of(KINDS[kind]).items():
        contract = schema.named[name]
        assert isinstance(contract, Record)
        hints = get_type_hints(record)
        for mine, theirs in zip(contract.fields, fields(record), strict=True):
            where = f"{name}.{mine.name}"
            assert mine.type == expected(hints[theirs.name]), where
            assert (mine.has_default, mine.default) == default_of(theirs), where


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_and_field_says_what_it_means(kind: str) -> None:
    def walk(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "fields" in node or "name" in node:
                assert len(node["doc"]) > 9, node["name"]
                assert node["doc"].endswith("."), node["doc"]
            for value in node.values():
                walk(value)

    walk(json.loads(schema_text(kind)))


def test_a_committed_version_is_never_edited() -> None:
    told: dict[int, list[str]] = {version: [] for version in versions()}
    for kind in KINDS:
        for version in versions_of(kind):
            told[version].append(schema_text(kind, version))
    digests = {each: sha256("\n".join(texts).encode()) for each, texts in told.items()}
    assert {each: digest.hexdigest()[:16] for each, digest in digests.items()} == COMMITTED


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_tells_its_version_however_it_is_laid_out(kind: str) -> None:
    text = schema_text(kind)
    assert normal_text(json.loads(text)) == text
    shuffled = json.dumps(json.loads(text), indent=3, sort_keys=True)
    # An unchanged contract keeps its oldest version.
    same = [each for each in versions_of(kind) if schema_text(kind, each) == text]
    assert version_of(normal_text(json.loads(shuffled))) == same[0]
    assert same[-1] == latest()
    assert version_of(text.replace("envelope", "letter")) is None


def test_what_was_never_committed_is_named() -> None:
    with pytest.raises(KeyError, match="no version 99"):
        schema_text("trade", 99)
    with pytest.raises(InvalidValue, match=r"event\.unknown-kind"):
        schema_text("gossip")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '"x"',
        "[]",
        "1",
        "null",
        '["int","int"]',
        '["int",["string"]]',
        "[" * 100_000,
        '{"type":"record","name":"a"}',
        '{"type":"record","name":"a b","fields":[]}',
        '{"type":"record","name":"a","fields":[{"name":"b c","type":"int"}]}',
        '{"type":"record","name":"a","fields":[{"name":"b","type":"int","default":"x"}]}',
        '{"type":"bytes","logicalType":"decimal","precision":"x"}',
        '{"type":"fixed","name":"a","size":"x"}',
        '{"type":"enum","name":"a"}',
        '"int"' + " " * (513 * 1024),
    ],
)
def test_what_is_no_schema_is_named(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"registry\.invalid-schema"):
        parse(text)


def test_a_schema_may_hold_itself() -> None:
    text = '{"type":"record","name":"a","fields":[{"name":"b","type":["null","a"]}]}'
    (field,) = parse(text).named["a"].fields  # type: ignore[union-attr]
    assert field.type == AvroUnion((Primitive("null"), Named("a")))
