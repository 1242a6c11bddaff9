"""What was found of one subject, as far as the caller may read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.codes import canonical
from foodtrace.events.inspection import Subject
from foodtrace.inspections import State
from foodtrace.problems import NotFound, TheirFault
from foodtrace_api.inspections.shapes import InspectionsAnswer
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.sight import Step, view_of
from foodtrace_api.lineage.told import complete
from foodtrace_api.web.door import Door
from foodtrace_ledger import findings
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.findings import Inspected, LotInspected, Readable
from foodtrace_ledger.roots import of_lots


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Exactly one of these is asked about."""

    lot: UUID | None = None
    product: str | None = None
    location: str | None = None
    receipt: str | None = None
    sample: str | None = None

    def subject(self) -> tuple[Subject, str] | None:
        """The subject that isn't a lot, None for a lot; raises TheirFault unless there is one."""
        codes = {
            Subject.PRODUCT: self.product,
            Subject.LOCATION: self.location,
            Subject.RECEIPT: self.receipt,
            Subject.SAMPLE: self.sample,
        }
        given = [(kind, canonical(code)) for kind, code in codes.items() if code is not None]
        if len(given) + (self.lot is not None) != 1:
            names = "lot, product, location, receipt or sample"
            raise TheirFault("request.invalid", f"give one of {names}", "lot")
        return given[0] if given else None


def look_up(door: Door, caller: Caller, wanted: Wanted) -> InspectionsAnswer:
    """The subject's findings and state; raises NotFound for a lot that isn't seen."""
    subject = wanted.subject()
    limited = sight_of(caller.role) is not Sight.CHAIN
    with reading(door, caller) as connection:
        if subject is None:
            assert wanted.lot is not None
            found = of_lot(connection, caller, wanted.lot)
        else:
            found = _of_subject(connection, caller, subject)
        told = completeness(connection)
    return InspectionsAnswer(
        state=found.state,
        subject=found.own,
        context=list(found.context),
        condemned=list(found.condemned),
        condemned_count=found.condemned_count,
        limited=limited,
        completeness=complete(door, caller, told),
    )


def of_lot(connection: Connection, caller: Caller, lot_id: UUID) -> LotInspected:
    """What holds for a lot; an owner is told that it is condemned, and not by whose lot far up."""
    (number,) = of_lots(connection, [lot_id]).starts
    view = view_of(connection, caller)
    if view is None:
        return findings.of_lot(connection, number)
    if number not in view.lots([number]):
        raise NotFound("lot.unknown", str(lot_id))
    found = findings.of_lot(connection, number, _may_read(connection, caller))
    if not (isinstance(view, Step) and view.owns(number)):
        return replace(found, state=found.own.state, condemned=(), condemned_count=0)
    numbers = of_lots(connection, [each.lot.lot_id for each in found.condemned]).starts
    seen = view.lots(numbers)
    known = zip(found.condemned, numbers, strict=True)
    return replace(found, condemned=tuple(each for each, number in known if number in seen))


def _of_subject(
    connection: Connection, caller: Caller, subject: tuple[Subject, str]
) -> LotInspected:
    kind, code = subject
    nothing = Inspected(
        kind=kind,
        subject=code,
        lot=None,
        state=State.OPEN,
        since=None,
        findings=(),
        finding_count=0,
    )
    found = findings.of_subjects(connection, [subject], _may_read(connection, caller))
    own = found[0] if found else nothing
    return LotInspected(state=own.state, own=own, context=(), condemned=(), condemned_count=0)


def _may_read(connection: Connection, caller: Caller) -> Readable:
    def may_read(events: Collection[UUID]) -> Collection[UUID]:
        return readable(connection, caller, events)

    return may_read
