"""The route of a push."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from foodtrace.problems import OurFault, TheirFault
from foodtrace_api.push.body import read_body, split
from foodtrace_api.push.examples import BODY, RESPONSES
from foodtrace_api.push.service import push
from foodtrace_api.push.shapes import EventAnswer, PushAnswer, Status
from foodtrace_api.web.after import read_token
from foodtrace_api.web.answer import answer, plain
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.problem import ProblemWith

router = APIRouter(prefix="/v1", tags=["push"])

After = Annotated[
    str | None,
    Query(
        description="`after` of an earlier push; the new token then covers both.", max_length=4096
    ),
]


@router.post(
    "/events",
    response_model=PushAnswer,
    responses=RESPONSES,
    openapi_extra=BODY,
    summary="Push events: one, a JSON list, or NDJSON",
)
async def push_events(request: Request, caller: WithKey, after: After = None) -> Response:
    """Answers event by event once all in-sync brokers have stored them.

    Pushing the same again changes nothing. 200 with sums and one answer for each event, also where
    some were refused; a single event (a JSON object) that is refused is a problem document. 503
    when the bus is away or nearly full for any of them, with the same answers: `failed` ones may be
    sent again. 503 `push.busy` while too much is being pushed at once.
    """
    door = door_of(request)
    settings = door.settings
    before = read_token(after) if after else {}
    media = request.headers.get("content-type", "")
    with door.load.held() as held:
        body = await read_body(request, settings.max_body_bytes, held)
        items, single = split(body, media, settings.max_events_per_call)
        del body
        done = await push(door, caller, items, before)
    if done.failed:
        first = next(each for each in done.answers if each.status is Status.FAILED)
        raise ProblemWith(OurFault(first.code or "push.bus-away", first.detail or ""), plain(done))
    if single and done.refused:
        raise _refused(done.answers[0])
    return answer(done)


def _refused(only: EventAnswer) -> ProblemWith:
    assert only.code is not None
    fault = TheirFault(only.code, only.detail or "", only.path or "")
    return ProblemWith(fault, {"errors": plain(only.problems)} if only.problems else {})
