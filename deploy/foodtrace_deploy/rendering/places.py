"""What parties, places and documents are called in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from foodtrace.unidentified import Known, known_of
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]
#: Holders of a path that are named from either end.
ENDS = 2
#: Characters of a document's number that are shown; `--json` has them all.
NUMBER_WIDTH = 32
#: Characters of a digest that tell two strangers apart.
DIGEST_SHOWN = 8


class Names:
    """Names of the parties of an answer; where two share one, their ids stand behind it."""

    def __init__(self, holders: Iterable[Json], marked: Iterable[str] = ()) -> None:
        """Take the names from entries with `party` and `party_name`; `marked` parties stand out."""
        self._marked = frozenset(marked)
        self._names = {
            each["party"]: called(each["party_name"], each.get("party_now"))
            for each in holders
            if each.get("party_name")
        }
        self._shared = Counter(self._names.values())

    def of(self, party: str) -> str:
        """The name, or the id where none is known, or what is known of an unidentified one."""
        told = holder(party, self._names)
        return told if self._shared[told] < 2 else f"{told} ({party})"

    def is_marked(self, party: str) -> bool:
        """Whether something is wrong at this party's place."""
        return party in self._marked


def holder(party: str, names: Mapping[str, str]) -> str:
    """A party's name, or its id where none is known, or what is known of an unidentified one."""
    known = known_of(party)
    if known is not None:
        return say("unidentified", known=_told(known))
    return names.get(party, party)


def _told(known: Known) -> str:
    parts = [
        say(f"known-{name}", value=value)
        for name in ("claimed_name", "vehicle_plate")
        if (value := getattr(known, name))
    ]
    parts += [say("known-digest", value=digest[:DIGEST_SHOWN]) for digest in known.digests]
    return ", ".join(parts)


def maker(batch: Json) -> str:
    """Who made a batch: the name, or the id where none is registered; nothing where none is told."""
    return str(batch.get("manufacturer_name") or batch["manufacturer"])


def called(name: str, now: str | None) -> str:
    """A name as it was, with today's where that is another."""
    return name if now is None else say("name-now", name=name, now=now)


def location(holder: Json) -> str:
    """The place: its name, or its id; nothing where none is stated."""
    name = holder.get("location_name")
    return called(name, holder.get("location_now")) if name else str(holder["location"] or "")


def document(entry: Json) -> str:
    """Kind and number of a document; the beginning of the event's id where it has none."""
    number = entry.get("document_number") or str(entry["event_id"])[:13]
    if len(number) > NUMBER_WIDTH:
        number = number[: NUMBER_WIDTH - 1] + "…"
    return f"{say('kind-of-' + entry['kind'])} {number}"


def path(entry: Json, names: Names) -> str:
    """Holders along a path from where it began; the middle of a long one is only counted.

    A transformation keeps goods in the same hands: that is one stop for a reader.
    """
    told = [names.of(entry["start"]["holder"])]
    for step in entry["steps"]:
        holder = names.of(step["lot"]["holder"])
        if holder != told[-1]:
            told.append(holder)
    left_out = entry.get("left_out", 0)
    if left_out or len(told) > 2 * ENDS + 1:
        count = max(len(told) - 2 * ENDS, 0) + left_out
        told = [*told[:ENDS], say("path-more", count=count), *told[-ENDS:]]
    return " → ".join(told)
