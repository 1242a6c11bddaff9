"""What a voucher joins, as far as the caller sees."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.sight import Step, view_of
from foodtrace_ledger import voucher_view
from foodtrace_ledger.roots import of_lots
from foodtrace_ledger.voucher_view import VoucherJoined


def joined(connection: Connection, caller: Caller, event_id: UUID) -> VoucherJoined:
    """All of it for who sees the chain; else the figures of own lots and what may be read.

    How much is dealt in under a paper elsewhere is nobody's business but the authority's.
    """

    def may_read(events: Collection[UUID]) -> set[UUID]:
        return readable(connection, caller, events)

    view = view_of(connection, caller)
    if view is None:
        return voucher_view.joined(connection, event_id)
    known = voucher_view.joined(connection, event_id, may_read)
    documents = {each.document.event_id for each in known.movements}
    seen = may_read(documents | {each.document.event_id for each in known.makings})
    numbers = of_lots(connection, [each.lot.lot_id for each in known.stock]).starts
    owned = {n for n in numbers if isinstance(view, Step) and view.owns(n)}
    movements = tuple(each for each in known.movements if each.document.event_id in seen)
    return replace(
        known,
        stock=tuple(
            each if number in owned else replace(each, figures=(), receipts=0)
            for each, number in zip(known.stock, numbers, strict=True)
        ),
        movements=movements,
        movement_count=len(movements),
        makings=tuple(each for each in known.makings if each.document.event_id in seen),
        papers=tuple(replace(each, use=None) for each in known.papers),
    )
