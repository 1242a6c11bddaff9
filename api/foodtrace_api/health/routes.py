"""Routes without a key: they tell nothing of the trade."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from foodtrace_api.health.evidence import known
from foodtrace_api.health.ownership import disk_states, owned
from foodtrace_api.health.service import halted, letters_open, ready
from foodtrace_api.health.shapes import Alive, Ready
from foodtrace_api.health.workers import known_lags, known_parts
from foodtrace_api.web.answer import answer
from foodtrace_api.web.door import Door, door_of
from foodtrace_ops.metrics import gauge

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=Alive, summary="The process serves requests")
def healthz() -> Response:
    """Nothing but that: a supervisor restarts what doesn't answer."""
    return answer(Alive(alive=True))


@router.get(
    "/readyz",
    response_model=Ready,
    responses={503: {"model": Ready, "description": "A part is away"}},
    summary="The parts behind the door answer",
)
def readyz(request: Request) -> Response:
    """503 while the database or the broker is away; lag of the workers is told, not judged."""
    state = ready(door_of(request))
    return answer(state, 200 if state.ready else 503)


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
def metrics(request: Request) -> Response:
    """Names and meanings stand in one table, foodtrace_ops.metrics."""
    _show_workers(door_of(request))
    _show_disks(door_of(request))
    _show_evidence(door_of(request))
    waiting = gauge("foodtrace_deadletter_open_records")
    waiting.clear()
    for each in letters_open(door_of(request)):
        waiting.labels(each.code, each.source or "").set(each.letters)
    stopped = gauge("foodtrace_halted_at_records")
    stopped.clear()
    for halt in halted(door_of(request)):
        stopped.labels(halt.topic, str(halt.partition), halt.code).set(halt.offset)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _show_workers(door: Door) -> None:
    lag, part = gauge("foodtrace_lag_records"), gauge("foodtrace_behind_records")
    having = gauge("foodtrace_partition_owned")
    for shown in (lag, part, having):
        shown.clear()
    lags = known_lags(door)
    for (topic, partition), count in lags.items():
        lag.labels(topic, str(partition)).set(count)
    for name, behind in known_parts(door, lags).items():
        part.labels(name).set(behind)
    told = owned(door)
    if not isinstance(told, str):
        for spot in lags:
            having.labels(spot[0], str(spot[1])).set(spot in told)


def _show_disks(door: Door) -> None:
    free = gauge("foodtrace_broker_disk_free_bytes")
    free.clear()
    for each in disk_states(door):
        free.labels(str(each.broker), each.folder).set(each.usable)


def _show_evidence(door: Door) -> None:
    size, signed = (
        gauge("foodtrace_evidence_size_records"),
        gauge("foodtrace_evidence_signed_records"),
    )
    age = gauge("foodtrace_evidence_checkpoint_age_seconds")
    for shown in (size, signed, age):
        shown.clear()
    for one in known(door):
        spot = one.topic, str(one.partition)
        size.labels(*spot).set(one.size)
        signed.labels(*spot).set(one.signed)
        if one.age_s is not None:
            age.labels(*spot).set(one.age_s)
