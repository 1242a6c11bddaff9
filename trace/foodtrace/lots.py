"""Lots and batches: what is held where, and how its key follows from one event line alone.

A lot's key is (holder as written, location, the most specific code stated), so a child may arrive
before its parent. Stock without codes is a pool per holder, location, product and business day.
Nothing learnt later re-keys a lot.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from foodtrace.identity import uuid8


class LotKind(StrEnum):
    """What makes a lot one lot."""

    TRACE = "trace"
    BATCH = "batch"
    POOL = "pool"
    PROCESS = "process"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class LotKey:
    """The identity of a lot; all texts in canonical form.

    `holder` is the party's id as written, or "?" and what is known of an unidentified one;
    `location` is "" when none is stated. `product` is "" for a trace code, which names its product
    by itself. `code` is the trace code, the batch code, the business day (pool), the event
    (process: the node through which n inputs reach m outputs) or the line of the return
    (returned: goods that came back and may not be sold until they are released).
    """

    holder: str
    location: str
    kind: LotKind
    product: str
    code: str

    @property
    def lot_id(self) -> UUID:
        """The public id of the lot."""
        return uuid8("lot", self.holder, self.location, self.kind, self.product, self.code)


@dataclass(frozen=True, slots=True)
class BatchKey:
    """What the maker printed: (manufacturer or issuer, product, batch code), in canonical form.

    Dates are no part of it: one batch under two dates is tampering, not two batches.
    `manufacturer` is "" when the document doesn't state one.
    """

    manufacturer: str
    product: str
    code: str

    @property
    def batch_id(self) -> UUID:
        """The public id of the batch."""
        return uuid8("batch", self.manufacturer, self.product, self.code)
