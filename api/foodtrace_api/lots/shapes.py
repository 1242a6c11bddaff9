"""Answers about codes and lots; their parts are the ledger's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foodtrace.unidentified import Known
from foodtrace_api.lineage.shapes import Completeness, FlagShown
from foodtrace_ledger.answers import Document, Figures, LotView
from foodtrace_ledger.batches import BatchCandidate
from foodtrace_ledger.findings import LotInspected
from foodtrace_ledger.lots import PaperView, Print
from foodtrace_ledger.named import Named
from foodtrace_ledger.traces import TraceCandidate


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAnswer:
    """What a code may mean, or a page of a search.

    `batches` and `traces` are candidates: different goods. One batch in many hands is one of them,
    with its first lots and how many there are. `lots` are those of a party. `vouchers`, `receipts`
    and what the code `named` (party, product, place) stand beside. `candidates` counts all pages of
    a code; for a search it is null. `next` null says that this is the last page.
    """

    batches: list[BatchCandidate]
    traces: list[TraceCandidate]
    lots: list[LotView]
    vouchers: list[Document]
    receipts: list[Document]
    named: list[Named]
    candidates: int | None
    next: str | None
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAnswer:
    """All that is known of a lot.

    Who sees but one step of the chain is told of another's lot what its own documents say: no
    figures, receipts or flags. `prints` are the first of `print_count`. `inspection` says whether it
    is suspended, cleared or condemned; `/papers` tells how its papers stand.
    """

    lot: LotView
    holder_name: str | None
    holder_now: str | None
    location_name: str | None
    unidentified: Known | None
    figures: list[Figures]
    receipts: int
    possible_receipts: int
    first_day: date | None
    last_day: date | None
    prints: list[Print]
    print_count: int
    papers: list[PaperView]
    inspection: LotInspected
    flags: list[FlagShown]
    limited: bool
    completeness: Completeness
