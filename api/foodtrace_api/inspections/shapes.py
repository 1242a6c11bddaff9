"""What inspections found; their parts are the ledger's own values."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.findings import Condemned, Inspected


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionsAnswer:
    """A subject and what was found of it.

    `state` is open (never examined), suspended (a screening failed), cleared or condemned
    (confirmed to fail). Of a lot it is condemned also where goods of a condemned lot are in it for
    certain: the first of them are `condemned`. `context` are the lot's product, place, receipts and
    samples of which something was found; they don't change its state.
    """

    state: str
    subject: Inspected
    context: list[Inspected]
    condemned: list[Condemned]
    condemned_count: int
    limited: bool
    completeness: Completeness
