"""Which lots of a batch or trace code a caller sees, or a party holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from foodtrace.access import Caller, Sight, sight_of
from foodtrace_api.lineage.sight import BESIDE, CLAIMED_BY
from foodtrace_ledger import arrays
from foodtrace_ledger.answers import LotView
from foodtrace_ledger.describe import lot_view

# Whose lots are seen: a party's and those one step away, a source's, or all.
_SEEN = {
    Sight.STEP: BESIDE,
    Sight.SENT: CLAIMED_BY,
    Sight.CHAIN: "true",
    Sight.NOTHING: "false",
}
_COLUMNS = "l.lot_id, l.holder, l.location, l.kind, l.product, l.code"
_OF_BATCHES = f"""
    SELECT DISTINCT b.batch_id, {_COLUMNS}
    FROM ledger.batch AS b
    JOIN ledger.live_claim AS c ON c.batch = b.id
    JOIN ledger.lot AS l ON l.id = c.lot
    WHERE b.batch_id = ANY(CAST(:batches AS uuid[]))
"""
_OF_CODE = f"SELECT {_COLUMNS} FROM ledger.lot AS l WHERE l.code = :code AND l.kind = 'trace'"
_OF_PARTY = "(CAST(:parties AS text[]) IS NULL OR l.holder = ANY(CAST(:parties AS text[])))"


class Eyes:
    """Whose eyes look: those of a limited caller, or of anybody who asks for one party's lots."""

    def __init__(
        self, connection: Connection, caller: Caller, parties: Collection[str] | None = None
    ) -> None:
        """`parties`, canonical, narrow what is seen to the lots that they hold."""
        self._connection = connection
        self._condition = f" AND {_OF_PARTY} AND ({_SEEN[sight_of(caller.role)]}) ORDER BY l.lot_id"
        self._who = {
            "parties": None if parties is None else arrays.texts(sorted(parties)),
            "holder": caller.holder,
            "source": caller.source,
        }

    def of_batches(self, batches: Sequence[UUID]) -> dict[UUID, list[LotView]]:
        """The lots seen that claim each batch."""
        found: dict[UUID, list[LotView]] = defaultdict(list)
        for row in self._rows(_OF_BATCHES, {"batches": arrays.ids(batches)}):
            found[row.batch_id].append(lot_view(row))
        return found

    def of_code(self, code: str) -> list[LotView]:
        """The lots seen under a trace code, canonical."""
        return [lot_view(row) for row in self._rows(_OF_CODE, {"code": code})]

    def _rows(self, statement: str, asked: dict[str, Any]) -> Sequence[Any]:
        said = text(statement + self._condition)
        used = {name: value for name, value in self._who.items() if f":{name}" in said.text}
        return self._connection.execute(said, {**asked, **used}).all()
