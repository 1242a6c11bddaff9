"""The table of problem codes, as a list and one by one."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Response

from foodtrace.problems import PROBLEMS, NotFound
from foodtrace_api.web.answer import answer
from foodtrace_api.web.problem import PROBLEM_RESPONSES, TYPE_BASE, status_of

router = APIRouter(tags=["problems"], responses=PROBLEM_RESPONSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a problem's code means, whose fault it is, and the status it comes with."""

    type: str
    code: str
    blame: str
    status: int
    zh: str
    en: str


@router.get("/problems", response_model=list[Meaning], summary="All problem codes")
def index() -> Response:
    """Every code that any door may name."""
    return answer([_meaning(code) for code in sorted(PROBLEMS)])


@router.get(TYPE_BASE + "{code}", response_model=Meaning, summary="What a problem code means")
def one(code: str) -> Response:
    """The page that the `type` of a problem document names."""
    if code not in PROBLEMS:
        raise NotFound("request.no-such-path", code)
    return answer(_meaning(code))


def _meaning(code: str) -> Meaning:
    text = PROBLEMS[code]
    return Meaning(
        type=TYPE_BASE + code,
        code=code,
        blame=text.blame,
        status=int(status_of(code)),
        zh=text.zh,
        en=text.en,
    )
