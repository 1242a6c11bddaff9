"""Trades that differ in their numbers, and the documentation's examples of proofs."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from uuid import UUID

import msgspec

from foodtrace.evidence import consistency_path
from foodtrace_api.push.examples import TRADE
from foodtrace_bus.reader import LogRecord
from foodtrace_formats.evidence.documents import (
    CONSISTENCY,
    PROOF,
    ConsistencyProof,
    EventProof,
    base64_of,
    record_proof,
)
from foodtrace_office.signing import public_pem
from support.evidence import INSTALLATION, KEY, MemoryLog

_EVENT = UUID("5a1c2f8e-7d3b-8b6e-9f00-3c0a51d2e947")


def trades(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Documents that are all taken."""
    made = []
    for number in range(first, first + count):
        trade = deepcopy(TRADE)
        trade["envelope"]["source_event_id"] = f"t-{number}"
        made.append(trade)
    return made


def proof_example() -> tuple[Any, Any]:
    """A proof of an event and a proof of consistency, by the key of the tests."""
    log = MemoryLog(
        records=[
            LogRecord(
                offset=offset,
                timestamp=1_779_341_467_250 + offset,
                key=str(_EVENT if offset == 2 else UUID(int=offset)).encode(),
                value=b"\x00\x00\x00\x00\x07" + b"Avro %d" % offset,
                headers=(),
            )
            for offset in range(5)
        ],
        log="Zm9vZHRyYWNlLWxvZ18x",
    )
    shown = record_proof(
        log.topic, log.partition, log.log, log.records[2], log.proof(2, 5), 5, log.note(5)
    )
    proof = EventProof(
        format=PROOF,
        installation=INSTALLATION,
        event_id=_EVENT,
        public_key=public_pem(KEY.public),
        proofs=[shown],
    )
    consistency = ConsistencyProof(
        format=CONSISTENCY,
        installation=INSTALLATION,
        topic=log.topic,
        partition=log.partition,
        log=log.log,
        old_size=3,
        new_size=5,
        path=base64_of(consistency_path(3, 5, log.hash_at)),
        old=log.note(3),
        new=log.note(5),
        public_key=public_pem(KEY.public),
    )
    return msgspec.to_builtins(proof), msgspec.to_builtins(consistency)
