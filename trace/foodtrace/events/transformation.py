"""Transformation (加工, 分割): input lots become output lots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from foodtrace.codes import canonical
from foodtrace.effects import Direction, Effects, Link, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.lots import LotKey, LotKind
from foodtrace.problems import InvalidValue
from foodtrace.quantity import amount_of, measure
from foodtrace.text import CODE_LIMIT, checked

#: Processes in which heads come in and halves go out, in canonical form.
SLAUGHTER = frozenset({"SLAUGHTER", "屠宰"})
HEAD, HALF = "头", "片"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """Slaughter, cutting, sausage, mixing, repacking (`process`), at one holder's.

    Every output may hold some of every input. The yields are declared fractions (output mass by
    input mass); nothing else is checked across a transformation.
    """

    kind: ClassVar[str] = "transformation"

    envelope: Envelope
    holder: Side
    process: str
    inputs: tuple[Line, ...]
    outputs: tuple[Line, ...]
    minimum_yield: Decimal | None = None
    maximum_yield: Decimal | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue for a transformation that can't be."""
        checked(self.process, "process", CODE_LIMIT)
        check_lines(self.inputs, self.envelope.business_date, "inputs")
        check_lines(self.outputs, self.envelope.business_date, "outputs")
        used = {line.line_no for line in self.inputs}
        for index, line in enumerate(self.outputs):
            if line.line_no in used:
                path = f"outputs[{index}].line_no"
                raise InvalidValue("event.duplicate-line", str(line.line_no), path)
        self._check_yields()
        self._check_halves()

    def _check_halves(self) -> None:
        """A carcass has two halves: more 片 than twice the 头 that came in can't be."""
        if canonical(self.process) not in SLAUGHTER:
            return
        heads, halves = _counted(self.inputs, HEAD), _counted(self.outputs, HALF)
        if heads and halves > 2 * heads:
            detail = f"{amount_of(heads)} {HEAD} → {amount_of(halves)} {HALF}"
            raise InvalidValue("slaughter.too-many-halves", detail, "outputs")

    def _check_yields(self) -> None:
        for name in ("minimum_yield", "maximum_yield"):
            value = getattr(self, name)
            if value is not None and not (value.is_finite() and 0 <= value <= 1000):
                raise InvalidValue("yield.range", str(value), name)
            if value is not None and value != round(value, 6):
                raise InvalidValue("quantity.too-precise", str(value), name)
        low, high = self.minimum_yield, self.maximum_yield
        if low is not None and high is not None and low > high:
            raise InvalidValue("yield.range", f"{low} > {high}", "minimum_yield")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.holder,)

    def effects(self) -> Effects:
        """n + m links through one node of the process, so that a void of one line cuts just it."""
        node = LotKey(
            self.holder.holder,
            self.holder.place,
            LotKind.PROCESS,
            "",
            str(self.envelope.event_id),
        )
        return flow.union(
            *(self._input(line, node) for line in self.inputs),
            *(self._output(line, node) for line in self.outputs),
            Effects(citations=flow.citations(self.envelope)),
        )

    def _input(self, line: Line, node: LotKey) -> Effects:
        lots = flow.given(self.holder, line, self.envelope.business_date)
        return Effects(
            claims=(*flow.claims(line, lots, Role.TAKEN),),
            links=tuple(
                Link(line.line_no, item.lot, node, flow.basis_of(line, item.lot)) for item in lots
            ),
            movements=(*flow.movements(line, lots, Direction.USED),),
        )

    def _output(self, line: Line, node: LotKey) -> Effects:
        lots = flow.taken(self.holder, line, self.envelope.business_date)
        made = Effects(
            claims=(*flow.claims(line, lots, Role.OPENED),),
            links=tuple(
                Link(line.line_no, node, item.lot, flow.basis_of(line, item.lot)) for item in lots
            ),
            movements=(*flow.movements(line, lots, Direction.OPENED),),
            papers=(*flow.papers(line, lots),),
        )
        return flow.union(made, flow.owned(line, lots))


def _counted(lines: Iterable[Line], dimension: str) -> int:
    sizes = (measure(line.count) for line in lines if line.count is not None)
    return sum(size.micro for size in sizes if size.dimension == dimension)
