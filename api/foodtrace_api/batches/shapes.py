"""A batch and who has it."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.answers import LotView
from foodtrace_ledger.batches import BatchCandidate


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """A batch, and a page of the lots that claim it; `next` null says that it is the last one."""

    about: BatchCandidate
    lots: list[LotView]
    next: str | None
    completeness: Completeness
