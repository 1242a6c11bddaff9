"""Packing (装托, 拆托): goods go into a logistic unit or come out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from foodtrace.codes import canonical
from foodtrace.effects import Basis, Direction, Effects, Link, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.lots import LotKey, LotKind
from foodtrace.problems import InvalidValue
from foodtrace.text import CODE_LIMIT, checked


class Action(StrEnum):
    """Which way the goods go."""

    PACK = "pack"
    UNPACK = "unpack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Contents go into, or come out of, the unit under `unit_code` (an SSCC or the firm's own).

    The unit travels as a lot of that code. Its contents keep their own codes, so what comes out is
    confirmed where it bears a code that went in; anything else is only possible.
    """

    kind: ClassVar[str] = "packing"

    envelope: Envelope
    holder: Side
    action: Action
    unit_code: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a packing that can't be."""
        checked(self.unit_code, "unit_code", CODE_LIMIT)
        check_lines(self.lines, self.envelope.business_date)
        unit = canonical(self.unit_code)
        for index, line in enumerate(self.lines):
            for place, code in enumerate(line.lot_codes):
                if canonical(code.code) == unit:
                    path = f"lines[{index}].lot_codes[{place}].code"
                    raise InvalidValue("packing.into-itself", code.code, path)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.holder,)

    def effects(self) -> Effects:
        """Contents and unit are joined line by line."""
        unit = LotKey(
            self.holder.holder, self.holder.place, LotKind.TRACE, "", canonical(self.unit_code)
        )
        line_effects = (self._pack, self._unpack)[self.action is Action.UNPACK]
        return flow.union(
            *(line_effects(line, unit) for line in self.lines),
            Effects(citations=flow.citations(self.envelope)),
        )

    def _pack(self, line: Line, unit: LotKey) -> Effects:
        contents = flow.given(self.holder, line, self.envelope.business_date)
        inside = (flow.Held(unit, line.measures()),)
        return Effects(
            claims=(
                *flow.claims(line, contents, Role.TAKEN),
                *flow.claims(_unprinted(line), inside, Role.PACKED),
            ),
            links=tuple(
                Link(line.line_no, item.lot, unit, flow.basis_of(line, item.lot))
                for item in contents
            ),
            movements=(
                *flow.movements(line, contents, Direction.MOVED),
                *flow.movements(line, inside, Direction.OPENED),
            ),
        )

    def _unpack(self, line: Line, unit: LotKey) -> Effects:
        contents = flow.taken(self.holder, line, self.envelope.business_date)
        inside = (flow.Held(unit, line.measures()),)
        return Effects(
            claims=(
                *flow.claims(_unprinted(line), inside, Role.PACKED),
                *flow.claims(line, contents, Role.OPENED),
            ),
            links=tuple(Link(line.line_no, unit, item.lot, Basis.POSSIBLE) for item in contents),
            movements=(
                *flow.movements(line, inside, Direction.MOVED),
                *flow.movements(line, contents, Direction.OPENED),
            ),
            papers=(*flow.papers(line, contents),),
        )


def _unprinted(line: Line) -> Line:
    """A unit has no dates or batch of its own: those of its contents would contradict each other."""
    return replace(line, batch_code=None, production_date=None, expiry_date=None, state=None)
