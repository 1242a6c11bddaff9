"""What a code stands for: one batch or lot to ask about, or the choice that has to be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foodtrace_client import Client, Conflicting, NotKnown
from foodtrace_client.client import Subject
from foodtrace_client.errors import Problem, local_problem

Json = Mapping[str, Any]
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The subject of a question; `about` is the candidate it was chosen from, where there was one."""

    kind: Subject
    id: str
    about: Json | None = None

    @property
    def lots_of_code(self) -> set[str]:
        """The lots that bear the same trace code, by id."""
        return {lot["lot_id"] for lot in (self.about or {}).get("lots", ())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A code, or an id that was chosen already."""

    code: str | None
    batch: str | None
    lot: str | None
    after: str | None


def choose(client: Client, wish: Wish) -> Chosen:
    """The one thing that is meant.

    Raises `NotKnown` for an unknown code (or one of a document or party: the problem's candidates
    say which) and `Conflicting` where there are several, with them as candidates.
    """
    if wish.batch is not None:
        return Chosen(kind="batch", id=wish.batch)
    if wish.lot is not None:
        return Chosen(kind="lot", id=wish.lot)
    found = client.find_lots(wish.code or "", after=wish.after, limit=_MOST)
    candidates = [*found["batches"], *found["traces"]]
    if len(candidates) > 1:
        raise Conflicting(_problem(409, "code.ambiguous", wish.code or "", candidates))
    if not candidates:
        others = [*found["vouchers"], *found["receipts"], *found["named"]]
        raise NotKnown(_problem(404, "code.no-goods", wish.code or "", others))
    return _of_candidate(client, candidates[0])


def _of_candidate(client: Client, candidate: Json) -> Chosen:
    if "batch" in candidate:
        return Chosen(kind="batch", id=candidate["batch"]["batch_id"], about=candidate)
    return Chosen(kind="lot", id=_first_hand(client, candidate), about=candidate)


def _first_hand(client: Client, candidate: Json) -> str:
    """Of the lots under a trace code the one the others came from: the farthest up the chain."""
    lots = {lot["lot_id"] for lot in candidate["lots"]}
    first: str = candidate["lots"][0]["lot_id"]
    if len(lots) == 1:
        return first
    above = client.upstream("lot", first, limit=_MOST)["lots"]
    return next((r["lot"]["lot_id"] for r in reversed(above) if r["lot"]["lot_id"] in lots), first)


def _problem(status: int, code: str, detail: str, candidates: list[Json]) -> Problem:
    known = local_problem(code, detail)
    return Problem(
        status=status,
        code=code,
        zh=known.zh,
        en=known.en,
        detail=detail,
        candidates=tuple(candidates),
    )
