"""What parties, places and documents are called in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from foodtrace_deploy.texts import say

Json = Mapping[str, Any]
#: Holders of a path that are named from either end.
ENDS = 2
#: Characters of a document's number that are shown; `--json` has them all.
NUMBER_WIDTH = 32


class Names:
    """Names of the parties of an answer; where two share one, their ids stand behind it."""

    def __init__(self, holders: Iterable[Json], marked: Iterable[str] = ()) -> None:
        """Take the names from entries with `party` and `party_name`; `marked` parties stand out."""
        self._marked = frozenset(marked)
        self._names = {
            each["party"]: each["party_name"] for each in holders if each.get("party_name")
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
    if party.startswith("?"):
        return say("unidentified", known=party[1:])
    return names.get(party, party)


def location(holder: Json) -> str:
    """The place: its name, or its id; nothing where none is stated."""
    return str(holder.get("location_name") or holder["location"])


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
