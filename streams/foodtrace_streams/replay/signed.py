"""The rebuilt tree of evidence held against every checkpoint that was signed."""

from __future__ import annotations

from sqlalchemy import Connection, text

from foodtrace.evidence import read_checkpoint, read_note
from foodtrace_ledger.evidence import heads, root_of
from foodtrace_ledger.rebuild.errors import EvidenceDiffers
from foodtrace_office import evidence as office


def check(live: Connection, rebuilt: Connection) -> int:
    """How many checkpoints the rebuilt tree agrees with; those beyond it aren't reached yet.

    `live` is asked for the office. Raises EvidenceDiffers for the first that it contradicts.
    """
    if live.execute(text("SELECT to_regclass('office.checkpoint')")).scalar_one() is None:
        return 0
    agreed = 0
    for head in heads(rebuilt):
        spot = (head.log, head.topic, head.partition)
        for signed in office.all_of(live, spot):
            if signed.size > head.size:
                break
            said = read_checkpoint(read_note(signed.note)[0])
            found = root_of(rebuilt, head.topic, head.partition, signed.size)
            if found != said.root or said.size != signed.size:
                raise EvidenceDiffers(
                    f"{head.topic}/{head.partition} at {signed.size} records: signed"
                    f" {said.root.hex()}, rebuilt {found.hex()}"
                )
            agreed += 1
    return agreed
