"""The papers of a lot; their parts are the ledger's own values."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.answers import LotView, PartyNamed
from foodtrace_ledger.paper_views import PaperHeld, PaperMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPapersAnswer:
    """The papers of a lot, its own and those inherited from upstream.

    `due` are groups of proofs of which its goods (by `categories`) need one each. A paper is
    `green` only where its issuer confirmed it and nothing speaks against it. `limited` says that
    the caller sees but a part: of another's lot the papers of documents that name the caller, and
    of its own lot nothing of who showed a paper farther up. `names` are those of the parties told.
    """

    lot: LotView
    categories: list[str]
    due: list[list[str]]
    papers: list[PaperHeld]
    missing: list[PaperMissing]
    limited: bool
    names: list[PartyNamed]
    completeness: Completeness
