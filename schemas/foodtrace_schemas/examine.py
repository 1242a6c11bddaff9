"""The thorough way: a plain document against the records of the domain, every problem with its path.

It is only walked when the quick way didn't take a document, and it decides: what it takes is in.
Both ways read the same dataclasses; a property test holds them to one answer.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from foodtrace.problems import InvalidValue
from foodtrace_schemas.scalars import Wrong, amount, choice, day, identifier, moment, text, whole

#: Problems that one answer lists; a document with more of them is of another kind altogether.
MAX_PROBLEMS = 20
_DETAIL = 200
_SUGGESTED_FROM = 64


class Refused(InvalidValue):
    """An event that can't be; code, path and detail are those of the first of its `problems`."""

    def __init__(self, problems: tuple[InvalidValue, ...]) -> None:
        """Take at least one problem."""
        first = problems[0]
        super().__init__(first.code, first.detail, first.path)
        self.problems = problems


@dataclass(slots=True)
class Findings:
    """What is wrong so far, and where we are."""

    problems: list[InvalidValue] = field(default_factory=list)

    def add(self, code: str, detail: str, path: str) -> None:
        """Note a problem; raises Refused when there are enough of them."""
        self.problems.append(InvalidValue(code, detail[:_DETAIL], path))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Refused(tuple(self.problems))


class _Nothing:
    """No value, since something is wrong with it."""


NOTHING = _Nothing()
_Check = Callable[[Any, str, Findings], Any]


def examine(record: type, document: object, findings: Findings | None = None) -> Any:
    """The event that a document states, JSON's scalars or Python's own; raises Refused.

    `findings` holds problems that were seen before.
    """
    seen = Findings() if findings is None else findings
    event = _record(record)(document, "", seen)
    if seen.problems:
        raise Refused(tuple(seen.problems))
    return event


def suggestion(name: str, known: object) -> str:
    """ "did you mean …" for a misspelt name, "" where nothing is near."""
    if not isinstance(known, list | tuple | Mapping) or len(name) > _SUGGESTED_FROM:
        return ""
    near = get_close_matches(name, list(known), n=1)
    return f", did you mean {near[0]}?" if near else ""


@cache
def _record(record: type) -> _Check:
    hints = get_type_hints(record)
    checks = {each.name: _check(hints[each.name]) for each in fields(record)}
    required = [
        each.name
        for each in fields(record)
        if each.default is MISSING and each.default_factory is MISSING
    ]

    def check(value: Any, path: str, findings: Findings) -> Any:
        if not isinstance(value, Mapping):
            findings.add("event.wrong-type", f"expected an object, got {_kind_of(value)}", path)
            return NOTHING
        before = len(findings.problems)
        for name in value:
            if name not in checks:
                detail = f"{ascii(name)[:80]}{suggestion(str(name), checks)}"
                findings.add("event.unknown-field", detail, _under(path, str(name)[:80]))
        for name in required:
            if value.get(name) is None:
                findings.add("event.missing-field", name, _under(path, name))
        made = {
            name: checks[name](inner, _under(path, name), findings)
            for name, inner in value.items()
            if name in checks and not (inner is None and name in required)
        }
        return NOTHING if len(findings.problems) > before else _made(record, made, path, findings)

    return check


def _made(record: type, values: dict[str, Any], path: str, findings: Findings) -> Any:
    try:
        return record(**values)
    except InvalidValue as problem:
        inner = problem.path if not path else f"{path}.{problem.path}".rstrip(".")
        findings.add(problem.code, problem.detail, inner)
    except ArithmeticError as error:
        # The last days that a calendar has, one more added to them.
        findings.add("date.impossible", f"{type(error).__name__}: {error}", path)
    return NOTHING


def _check(hint: Any) -> _Check:
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        return _optional(_check(inner))
    if get_origin(hint) is tuple:
        return _list(_check(get_args(hint)[0]))
    if get_origin(hint) is not None:
        return _map
    if is_dataclass(hint):
        return _record(hint)  # type: ignore[arg-type]
    if issubclass(hint, StrEnum):
        return _scalar(lambda value: choice(value, hint))
    return _scalar(_SCALARS[hint])


_SCALARS: Mapping[type, Callable[[Any], Any]] = {
    str: text,
    int: whole,
    Decimal: amount,
    date: day,
    datetime: lambda value: moment(value).astimezone(UTC),
    UUID: identifier,
}


def _scalar(read: Callable[[Any], Any]) -> _Check:
    def check(value: Any, path: str, findings: Findings) -> Any:
        try:
            return read(value)
        except Wrong as wrong:
            findings.add(wrong.code, wrong.detail, path)
        except OverflowError:
            findings.add("date.impossible", str(value), path)
        return NOTHING

    return check


def _optional(inner: _Check) -> _Check:
    def check(value: Any, path: str, findings: Findings) -> Any:
        return None if value is None else inner(value, path, findings)

    return check


def _list(item: _Check) -> _Check:
    def check(value: Any, path: str, findings: Findings) -> Any:
        if not isinstance(value, list | tuple):
            findings.add("event.wrong-type", f"expected a list, got {_kind_of(value)}", path)
            return NOTHING
        return tuple(item(each, f"{path}[{index}]", findings) for index, each in enumerate(value))

    return check


def _map(value: Any, path: str, findings: Findings) -> Any:
    if not isinstance(value, Mapping):
        findings.add("event.wrong-type", f"expected an object, got {_kind_of(value)}", path)
        return NOTHING
    check = _scalar(text)
    return {
        check(name, path, findings): check(each, f"{path}.{str(name)[:80]}", findings)
        for name, each in value.items()
    }


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_KINDS = {bool: "true or false", str: "a text", int: "a number", float: "a number"}


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return _KINDS.get(type(value), "a number")
