"""Reads a page of flags, as far as the caller sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.flags import FLAGS
from foodtrace.problems import TheirFault
from foodtrace_api.flags.shapes import FlagEntry, FlagMeaning, FlagsAnswer
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.told import complete
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_ledger import describe
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.flagging.listing import LISTED, Listed, Place, Wanted, listing

Subject = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, a page of it; the days are business days."""

    wanted: Wanted
    limit: int
    cursor: str | None

    def mark(self) -> list[object]:
        """The question as plain values, for a cursor."""
        asked = self.wanted
        days = (None if day is None else day.isoformat() for day in (asked.first, asked.last))
        lot = None if asked.lot_id is None else str(asked.lot_id)
        about = (asked.holder, asked.location, asked.product, asked.source, lot)
        return ["flags", sorted(asked.codes), *about, *days]


def page(door: Door, caller: Caller, question: Question) -> FlagsAnswer:
    """The flags that are asked for and that the caller sees; raises TheirFault for other codes."""
    for code in sorted(question.wanted.codes - LISTED):
        raise TheirFault("request.invalid", f"no flag of the list: {code}", "code")
    question = replace(question, wanted=seen(caller, question.wanted))
    before = read_cursor(question.mark(), question.cursor, tuple[Place, date | None])
    wanted, place = question.wanted, None
    if before is not None:
        # The ledger may have come to know a new day meanwhile; all pages are of the same days.
        place, first = before
        wanted = replace(wanted, first=wanted.first or first)
    with reading(door, caller) as connection:
        found = listing(connection, wanted, after=place, limit=question.limit)
        names = describe.all_names(connection, _subjects(found.flags))
        known = completeness(connection)
    onward = (found.next, found.first)
    return FlagsAnswer(
        flags=[_entry(each, names) for each in found.flags],
        next=None if found.next is None else cursor_of(question.mark(), onward),
        first_day=found.first,
        last_day=found.last,
        completeness=complete(door, caller, known),
    )


def seen(caller: Caller, wanted: Wanted) -> Wanted:
    """What is wanted, narrowed to what the caller sees: a party its own, a reporter what it sent."""
    sight = sight_of(caller.role)
    if sight is Sight.CHAIN:
        return wanted
    if sight is Sight.STEP and caller.holder is not None:
        if wanted.holder not in (None, caller.holder):
            raise TheirFault("auth.forbidden", "a party sees its own flags", "party")
        return replace(wanted, holder=caller.holder)
    return replace(wanted, source=caller.source or "")


def _subjects(flags: Iterable[Listed]) -> set[Subject]:
    holders = {("party", each.flag.holder) for each in flags if each.flag.holder}
    return holders | {("location", each.flag.location) for each in flags if each.flag.location}


def _entry(each: Listed, names: Mapping[Subject, str]) -> FlagEntry:
    flag = each.flag
    text = FLAGS[flag.code]
    return FlagEntry(
        code=flag.code,
        zh=text.zh,
        en=text.en,
        detail=flag.detail,
        day=flag.day,
        holder=flag.holder,
        holder_name=names.get(("party", flag.holder or "")),
        location=flag.location or None,
        location_name=names.get(("location", flag.location or "")),
        product=flag.product,
        event_id=flag.event_id,
        document=each.document,
        lot_id=flag.lot_id,
        lot=each.lot,
    )


def meanings() -> list[FlagMeaning]:
    """The table of codes."""
    return [
        FlagMeaning(code=code, zh=text.zh, en=text.en, listed=code in LISTED)
        for code, text in sorted(FLAGS.items())
    ]
