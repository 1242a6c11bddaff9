"""Papers that travel with goods (两证一报告 and others): kinds, what is due, how they pass on.

`papers_of` and `missing` take a lot, the steps upstream of it and the papers attached to these lots;
`expired`, `wrong_scope`, `drawn` and `standing` judge one paper. All are pure, over plain values.
"""

from __future__ import annotations

from foodtrace.papers.carried import Attached, Carried, Step, papers_of
from foodtrace.papers.checks import (
    Drawn,
    Standing,
    Use,
    drawn,
    expired,
    overdrawn,
    province_of,
    standing,
    two_species,
    wrong_scope,
)
from foodtrace.papers.due import DUE, IMPORTED, Group, due, is_import
from foodtrace.papers.gaps import Missing, Origin, Why, missing
from foodtrace.papers.kinds import PAPER_KINDS, PaperKind, Proof, Scope, kind_of, scope_of
from foodtrace.papers.operations import (
    PASSAGES,
    Operation,
    Passage,
    operation_of,
    paper_passes,
    proof_passes,
)

__all__ = [
    "DUE",
    "IMPORTED",
    "PAPER_KINDS",
    "PASSAGES",
    "Attached",
    "Carried",
    "Drawn",
    "Group",
    "Missing",
    "Operation",
    "Origin",
    "PaperKind",
    "Passage",
    "Proof",
    "Scope",
    "Standing",
    "Step",
    "Use",
    "Why",
    "drawn",
    "due",
    "expired",
    "is_import",
    "kind_of",
    "missing",
    "operation_of",
    "overdrawn",
    "paper_passes",
    "papers_of",
    "proof_passes",
    "province_of",
    "scope_of",
    "standing",
    "two_species",
    "wrong_scope",
]
