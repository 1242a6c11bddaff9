"""Evidence: an append-only log of records, each partition a Merkle tree and a hash chain.

The leaves of a partition's tree are the records of its log in offset order, as a read_committed
reader is handed them, whether they were taken or went aside. So the tree is a function of the log
alone, and whoever reads the same log gets the same tree.
"""

from foodtrace.evidence.chain import FIRST_LINK, chained, next_link
from foodtrace.evidence.checkpoint import Checkpoint, origin_of, read_checkpoint
from foodtrace.evidence.leaf import Leaf, leaf_hash, leaf_of, read_leaf
from foodtrace.evidence.note import Signature, key_id, read_note, signed_note
from foodtrace.evidence.proofs import (
    HashAt,
    consistency_path,
    inclusion_path,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from foodtrace.evidence.tree import EMPTY_ROOT, HASH_BYTES, Frontier, node, root

__all__ = [
    "EMPTY_ROOT",
    "FIRST_LINK",
    "HASH_BYTES",
    "Checkpoint",
    "Frontier",
    "HashAt",
    "Leaf",
    "Signature",
    "chained",
    "consistency_path",
    "inclusion_path",
    "key_id",
    "leaf_hash",
    "leaf_of",
    "next_link",
    "node",
    "origin_of",
    "read_checkpoint",
    "read_leaf",
    "read_note",
    "root",
    "root_at",
    "signed_note",
    "verify_consistency",
    "verify_inclusion",
]
