"""Who is the same party, and what the same product: what aliases and merges say, by day.

Nothing learnt later re-keys a lot; a walk takes the lots of one party under all its ids as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from foodtrace.effects import AliasFact, Merge


def holds_on(alias: AliasFact, day: date) -> bool:
    """Whether an alias is valid on a day; an open end has no limit."""
    begun = alias.valid_from is None or alias.valid_from <= day
    return begun and (alias.valid_to is None or day <= alias.valid_to)


class Sameness:
    """The ids under which parties and products go, from the live aliases and merges."""

    def __init__(self, aliases: Iterable[AliasFact], merges: Iterable[Merge]) -> None:
        """Note who is joined to whom; a merge joins on every day, an alias on those it holds."""
        self._joined: Mapping[tuple[str, str], list[tuple[str, AliasFact | None]]] = defaultdict(
            list
        )
        for alias in aliases:
            if alias.subject_kind in ("party", "product") and alias.code != alias.subject:
                self._join(alias.subject_kind, alias.subject, alias.code, alias)
        for merge in merges:
            self._join("party", merge.party, merge.into, None)

    def _join(self, kind: str, one: str, other: str, alias: AliasFact | None) -> None:
        self._joined[kind, one].append((other, alias))
        self._joined[kind, other].append((one, alias))

    def parties(self, holder: str, day: date) -> frozenset[str]:
        """All ids of the party `holder` on a day, itself included."""
        return self._closure("party", holder, day)

    def products(self, product: str, day: date) -> frozenset[str]:
        """All keys of a product on a day, itself included."""
        return self._closure("product", product, day)

    def _closure(self, kind: str, start: str, day: date) -> frozenset[str]:
        seen, waiting = {start}, [start]
        while waiting:
            for other, alias in self._joined.get((kind, waiting.pop()), ()):
                if other not in seen and (alias is None or holds_on(alias, day)):
                    seen.add(other)
                    waiting.append(other)
        return frozenset(seen)


def merge_circles(merges: Iterable[Merge]) -> frozenset[str]:
    """The parties that were merged into each other in a circle."""
    onward: dict[str, set[str]] = defaultdict(set)
    for merge in merges:
        onward[merge.party].add(merge.into)
    return frozenset(party for party in list(onward) if party in _reached(onward, party))


def _reached(onward: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(onward.get(start, ()))
    while waiting:
        party = waiting.pop()
        if party not in seen:
            seen.add(party)
            waiting += onward.get(party, ())
    return seen


def merged(start: str, merges: Iterable[Merge]) -> frozenset[str]:
    """All ids that merges make one with `start`, itself included, over any number of merges."""
    return Sameness((), merges).parties(start, date.max)


def goes_on_as(start: str, merges: Iterable[Merge], day: date | None = None) -> str:
    """The id under which a party goes on, on a day or now: itself if it wasn't merged.

    Of two merges of one party the later counts, of one day the one whose id sorts last. In a circle
    nobody can say: the party stays itself.
    """
    onward: dict[str, tuple[date, str]] = {}
    for merge in merges:
        if day is None or merge.since <= day:
            last = onward.get(merge.party)
            onward[merge.party] = max(last or (date.min, ""), (merge.since, merge.into))
    seen, party = {start}, start
    while party in onward:
        party = onward[party][1]
        if party in seen:
            return start
        seen.add(party)
    return party
