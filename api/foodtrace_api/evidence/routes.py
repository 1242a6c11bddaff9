"""Routes of evidence: proofs, the key, signed checkpoints, and that one continues another."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from foodtrace_api.evidence.service import checkpoints, continued, history, keep, keys_of, proof
from foodtrace_api.evidence.shapes import CheckpointPage, Checkpoints, PublicKeys
from foodtrace_api.examples import answered
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import Anyone, WithKey
from foodtrace_api.web.door import Door, door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_formats.evidence.documents import ConsistencyProof, EventProof
from foodtrace_ledger.engine import snapshot

router = APIRouter(prefix="/v1", tags=["evidence"], responses=PROBLEM_RESPONSES)

_TOPIC = r"^[A-Za-z0-9._-]+$"
_SAID = "Name of a ledger topic, with or without the installation's prefix"
InPath = Annotated[str, Path(max_length=249, pattern=_TOPIC, description=_SAID, examples=["trade"])]
InQuery = Annotated[
    str, Query(max_length=249, pattern=_TOPIC, description=_SAID, examples=["trade"])
]
Number = Annotated[int, Path(ge=0, lt=2**31)]
Partition = Annotated[int, Query(ge=0, lt=2**31)]
Old = Annotated[int, Query(ge=1, lt=2**63, description="Leaves of the older signed checkpoint")]
New = Annotated[
    int | None,
    Query(
        ge=1, lt=2**63, description="Leaves of the newer signed checkpoint; the newest if absent"
    ),
]


@router.get(
    "/events/{event_id}/proof",
    response_model=EventProof,
    responses=answered(EventProof, "proof", "The records with their proofs"),
    dependencies=[Depends(after_push)],
    summary="Proof that an event is in the log, checkable without us",
)
def of_event(request: Request, caller: WithKey, event_id: UUID) -> Response:
    """The record's original bytes, its leaf, the inclusion path (RFC 9162) and the signed
    checkpoint; who sees the event sees its proof. `foodtrace verify FILE` checks a kept answer
    offline. Until a checkpoint covers the event it is a problem `evidence.not-yet` (503)."""
    return answer(proof(door_of(request), caller, event_id))


@router.get(
    "/evidence/key",
    response_model=PublicKeys,
    summary="The public key that checkpoints are signed with",
)
def key(request: Request, anyone: Anyone) -> Response:
    """Keep it from the beginning, and compare it over another way: a key that comes together with
    what it signed vouches only for itself. Retired keys follow it, since what they signed counts."""
    with snapshot(door_of(request).engine) as connection:
        return answer(keys_of(connection, anyone.caller))


@router.get(
    "/evidence/checkpoints",
    response_model=Checkpoints,
    summary="The newest signed checkpoint of every partition",
)
def newest(request: Request, _caller: WithKey) -> Response:
    """Whoever keeps these holds the installation to them: a later log that doesn't continue them
    was rewritten."""
    with snapshot(door_of(request).engine) as connection:
        return answer(checkpoints(connection))


@router.get(
    "/evidence/checkpoints/{topic}/{partition}",
    response_model=CheckpointPage,
    summary="The signed checkpoints that are kept of a partition",
)
def of_partition(
    request: Request,
    _caller: WithKey,
    topic: InPath,
    partition: Number,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The newest first, page by page: all of the last day, the last of each hour, after 30 days of each
    day, and those that went out in a proof or a bundle."""
    door = door_of(request)
    with snapshot(door.engine) as connection:
        return answer(history(connection, _whole(door, topic), partition, limit, cursor))


@router.get(
    "/evidence/consistency",
    response_model=ConsistencyProof,
    responses=answered(ConsistencyProof, "consistency", "Both checkpoints and the path"),
    summary="Proof that one checkpoint continues another",
)
def consistent(
    request: Request,
    _caller: WithKey,
    topic: InQuery,
    partition: Partition,
    old: Old,
    new: New = None,
) -> Response:
    """The consistency path of RFC 9162 between two signed checkpoints of a partition; a kept answer
    is checked offline by `foodtrace verify FILE`."""
    door = door_of(request)
    with snapshot(door.engine) as connection:
        found = continued(connection, _whole(door, topic), partition, old, new)
    keep(door, found)
    return answer(found)


def _whole(door: Door, topic: str) -> str:
    """A topic's name with the installation's prefix."""
    prefix = door.settings.topic_prefix
    return topic if topic.startswith(prefix) else prefix + topic
