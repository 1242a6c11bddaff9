"""A voucher, its lots, and the documents that cite it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.answers import Document, PartyNamed
from foodtrace_ledger.findings import Inspected
from foodtrace_ledger.voucher_view import (
    VoucherMaking,
    VoucherMovement,
    VoucherPaper,
    VoucherStock,
)
from foodtrace_ledger.vouchers import VoucherLot


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherAnswer:
    """A voucher (上市凭证) that holds.

    `contents` are what was said under its event's id, more than one if it was said differently;
    `lots` those of its lines. What its goods met: their `stock` (进销存), the `movements` by other
    documents (the first of `movement_count`: purchase, sale, use, return), the `makings` they went
    into, `inspections` and `papers`. `cited_by` is a page of the documents that cite its number;
    `next` null says that it is the last one. `limited`: the caller is told figures of its own lots,
    and documents that it may read. `names` are those of the parties told, on the voucher's day.
    """

    number: str
    document: Document
    issuer: str | None
    receiver: str | None
    contents: list[dict[str, Any]]
    lots: list[VoucherLot]
    stock: list[VoucherStock]
    movements: list[VoucherMovement]
    movement_count: int
    makings: list[VoucherMaking]
    inspections: list[Inspected]
    papers: list[VoucherPaper]
    limited: bool
    names: list[PartyNamed]
    cited_by: list[Document]
    next: str | None
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherCandidate:
    """One of several vouchers with a number: name its issuer to choose it."""

    issuer: str | None
    document: Document
