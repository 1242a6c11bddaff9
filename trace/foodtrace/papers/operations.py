"""What happened to goods between two lots, and which papers pass on.

Version 1 of the table paper x operation. Sources:
- 农产品质量安全法 39: who buys produce and mixes or repacks it for sale issues a new 承诺达标合格证.
- 动物检疫管理办法: the animals' certificates end with the slaughter, the meat gets its own; meat cut
  in the plant keeps its certificate with a note.
- A product of another kind (sausage) inherits nothing.
- [?] not verified, and kept on the careful side: meat repacked, and meat cut by a later holder, keep
  theirs with a note; meat mixed needs new ones; a test of the pigs goes with their halves; import
  papers pass repacking and cutting with a note; what 39 says of the promise holds for the papers
  that may stand in its place, and for produce that is cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from foodtrace.codes import canonical
from foodtrace.lots import LotKind
from foodtrace.papers.kinds import Proof, kind_of


class Operation(StrEnum):
    """What leads from one lot to another.

    handover: sale, transfer or return of the goods as they are; split: into and out of logistic
    units; process: anything that makes another product.
    """

    HANDOVER = "handover"
    SPLIT = "split"
    REPACK = "repack"
    MIX = "mix"
    CUT = "cut"
    SLAUGHTER = "slaughter"
    PROCESS = "process"


class Passage(StrEnum):
    """Whether a paper goes on to what came of the goods."""

    PASSES = "passes"
    NOTE = "note"
    NEW_DUE = "new_due"


_PROCESSES = {
    canonical(name): operation
    for operation, names in {
        Operation.SLAUGHTER: ("slaughter", "屠宰"),
        Operation.CUT: ("cutting", "cut", "分割", "切割", "分切"),
        Operation.REPACK: ("repacking", "repack", "分装", "重新包装", "换包装"),
        Operation.MIX: ("mixing", "mix", "混装", "混合", "拼装"),
        Operation.PROCESS: ("sausage", "processing", "process", "加工", "灌肠", "熟制"),
    }.items()
    for name in names
}
_PACKED = frozenset({"packing"})

_P, _N, _D = Passage.PASSES, Passage.NOTE, Passage.NEW_DUE
_COLUMNS = (
    Operation.HANDOVER,
    Operation.SPLIT,
    Operation.REPACK,
    Operation.MIX,
    Operation.CUT,
    Operation.SLAUGHTER,
    Operation.PROCESS,
)
_ROWS: Mapping[Proof, tuple[Passage, ...]] = {
    #                         handover split repack mix cut slaughter process
    Proof.ANIMAL_QUARANTINE: (_P, _P, _D, _D, _D, _D, _D),
    Proof.PRODUCT_QUARANTINE: (_P, _P, _N, _D, _N, _D, _D),
    Proof.MEAT_INSPECTION: (_P, _P, _N, _D, _N, _D, _D),
    Proof.ASF_TEST: (_P, _P, _N, _D, _N, _N, _D),
    Proof.CONFORMITY_PROMISE: (_P, _P, _D, _D, _D, _D, _D),
    Proof.ORIGIN_PROOF: (_P, _P, _D, _D, _D, _D, _D),
    Proof.TEST_CERTIFICATE: (_P, _P, _D, _D, _D, _D, _D),
    Proof.IMPORT_QUARANTINE: (_P, _P, _N, _D, _N, _D, _D),
}

#: (what a paper proves, operation) -> whether it passes on.
PASSAGES: Mapping[tuple[Proof, Operation], Passage] = MappingProxyType(
    {
        (proof, operation): passage
        for proof, row in _ROWS.items()
        for operation, passage in zip(_COLUMNS, row, strict=True)
    }
)

_ORDER = tuple(Passage)
_UNCHANGED = frozenset({Operation.HANDOVER, Operation.SPLIT})


def operation_of(
    event_kind: str | None, process: str | None, parent: LotKind, child: LotKind
) -> Operation:
    """What a link tells: the kind of its event, the process of a transformation, its two lots.

    `event_kind` is None for what no document says (carry-over of stock, one party's two ids). A
    transformation reaches its lots through a process node; its other links are a handover to the
    owner. A process that isn't listed is taken for one that makes another product.
    """
    if event_kind in _PACKED:
        return Operation.SPLIT
    if event_kind != "transformation" or LotKind.PROCESS not in (parent, child):
        return Operation.HANDOVER
    return _PROCESSES.get(canonical(process or "?"), Operation.PROCESS)


def proof_passes(proof: Proof, operation: Operation) -> Passage:
    """Whether what proves this passes the operation."""
    return PASSAGES[proof, operation]


def paper_passes(written_kind: str, operation: Operation) -> Passage:
    """Whether a paper passes; one of an unlisted kind passes where the goods stay as they are."""
    kind = kind_of(written_kind)
    if kind is None:
        return Passage.PASSES if operation in _UNCHANGED else Passage.NEW_DUE
    return min((PASSAGES[proof, operation] for proof in kind.proves), key=_ORDER.index)
