"""The list of flags over the whole ledger, page by page.

Flags stand in the order of their anchors: the business day, latest first, then the document's
public id. A page looks at documents in portions of `PORTION`, at the lots that they speak of, and
at what those lots need to be judged: their movements, all days of a stock without codes, the other
reports of a trade. It ends when it has enough flags or has looked at `PORTIONS` portions, so it may
be short, or empty, and still have a `next`.

So a page costs what 1 to `PORTIONS` portions cost, however large the ledger is (some 0.1 s for a
thousand documents about lots with short histories); a portion grows with the documents of its one
day, which are put in order, and with the history of the lots judged.
Asked for a party, place or lot, the documents about those lots take the place of the day's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.flags import FLAGS, Flag
from foodtrace_ledger import arrays, describe, places
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.flagging import documents, inspected, lots, papers, pools
from foodtrace_ledger.sqlfile import sql

#: Documents looked at in one go.
PORTION = 2_000
#: Portions that one page looks at, at most.
PORTIONS = 5
#: Business days that are looked at where nothing else bounds the question.
DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which flags are asked for; codes and keys in canonical form, None (or no code) for any.

    A `location` stands for all that stands in it (`inside`, which `listing` looks up). `source`
    keeps to documents that came under it. `first` and `last` are business days.
    """

    codes: frozenset[str] = frozenset()
    holder: str | None = None
    location: str | None = None
    product: str | None = None
    lot_id: UUID | None = None
    first: date | None = None
    last: date | None = None
    source: str | None = None
    inside: frozenset[str] = frozenset()

    @property
    def about_lots(self) -> bool:
        """Whether it asks about some lots, so that no span of days is needed."""
        return (self.holder or self.location or self.lot_id) is not None

    def fits(self, flag: Flag) -> bool:
        """Whether a flag is among those asked for."""
        return (
            (not self.codes or flag.code in self.codes)
            and self.holder in (None, flag.holder)
            and (self.location is None or flag.location in (self.inside or {self.location}))
            and self.product in (None, flag.product)
            and self.lot_id in (None, flag.lot_id)
        )


class Place(NamedTuple):
    """Behind which flag a page ended; `key` "" stands before the first flag of the document."""

    day: date
    event_id: UUID
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A flag with the document that shows it and the lot it is of, where it is one's."""

    flag: Flag
    document: Document | None
    lot: LotView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagPage:
    """A page of flags; `next` goes on, None on the last page.

    `first` and `last` are the business days that were asked for, or taken where nothing was; None
    where no day bounds the question, or the ledger is empty.
    """

    flags: tuple[Listed, ...]
    next: Place | None
    first: date | None
    last: date | None


Rule = Callable[[Connection, Sequence[int]], Iterator[Flag]]
_STOCK = ("lot.never-received", "lot.oversold", "lot.sold-unreleased", "unit.incomparable")
#: What each rule may find; a rule that can't find what is asked for isn't applied.
_OF_LOTS: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    (lots.of_dates, ("date.younger",)),
    (lots.of_balances, (*_STOCK, "parent.unknown", "code.never-issued")),
    (pools.of_pools, ("pool.negative", "lot.sold-unreleased", "unit.incomparable")),
    (lots.of_expiry, ("lot.sold-after-expiry",)),
    (lots.of_named, ("code.never-issued",)),
    (lots.of_orphans, ("parent.unknown",)),
    (lots.of_units, ("unit.unknown",)),
    (inspected.of_inspections, ("lot.sold-after-failure", "lot.sold-while-suspended")),
    (papers.of_papers, papers.CODES),
)
_OF_DOCUMENTS: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    (documents.of_documents, documents.CODES),
    (documents.of_aliases, ("code.check-character",)),
    (documents.of_parties, ("party.unknown",)),
)
#: Flags that only a walk finds: they stand in the answers of a recall, a chain, a lot's papers.
ONLY_IN_WALKS = frozenset({"lineage.cycle", "paper.missing"})
LISTED = frozenset(FLAGS) - ONLY_IN_WALKS


def listing(
    conn: Connection,
    wanted: Wanted,
    *,
    after: Place | None = None,
    limit: int,
    portion: int = PORTION,
) -> FlagPage:
    """A page of at most `limit` flags behind `after`, in portions of so many documents."""
    if wanted.location is not None:
        wanted = replace(wanted, inside=places.within(conn, wanted.location))
    first, last = _days(conn, wanted)
    place, found, rows = after, list[tuple[Place, Flag]](), list[Any]()
    looked: dict[UUID, int] = {}
    for _ in range(PORTIONS):
        bounds = (first, place.day if place else last)
        rows = _portion(conn, wanted, bounds, place, portion + 1)
        taken = rows[:portion]
        looked |= {row.event_id: row.id for row in taken}
        found += _judged(conn, wanted, taken, place)
        if len(found) > limit or len(rows) <= portion:
            break
        place = Place(rows[portion].day, rows[portion].event_id)
    if len(found) > limit:
        onward: Place | None = found[limit - 1][0]
    else:
        onward = place if len(rows) > portion else None
    shown = tuple(flag for _, flag in found[:limit])
    return FlagPage(flags=_told(conn, shown, looked), next=onward, first=first, last=last)


def _days(conn: Connection, wanted: Wanted) -> tuple[date | None, date | None]:
    """The span asked for; without one, and about no lots, the last `DAYS` days of the ledger."""
    if wanted.about_lots:
        return wanted.first, wanted.last
    last = wanted.last or conn.execute(sql("flag_latest_day")).scalar_one()
    if last is None or wanted.first is not None:
        return wanted.first, last
    return last - timedelta(days=DAYS - 1), last


def _portion(
    conn: Connection,
    wanted: Wanted,
    bounds: tuple[date | None, date | None],
    place: Place | None,
    limit: int,
) -> list[Any]:
    """The next documents, one more than a portion: where there is one more, it goes on there."""
    first, last = bounds
    asked = {
        "first": first,
        "last": last or date.max,
        "after": place.event_id if place else None,
        "source": wanted.source,
        "limit": limit,
    }
    if not wanted.about_lots:
        return list(conn.execute(sql("flag_portion_by_day"), asked).all())
    about = {"holder": wanted.holder, "location": _inside(wanted), "lot": wanted.lot_id}
    return list(conn.execute(sql("flag_portion_of_lots"), {**asked, **about}).all())


def _judged(
    conn: Connection, wanted: Wanted, rows: Sequence[Any], place: Place | None
) -> list[tuple[Place, Flag]]:
    """The flags whose anchor is one of these documents, in their order, those behind `place`."""
    anchors = {(row.day, row.event_id) for row in rows}
    flags: set[Flag] = set()
    for rules, numbers in (
        (_OF_DOCUMENTS, lambda: [row.id for row in rows]),
        (_OF_LOTS, lambda: _lots(conn, wanted, rows)),
    ):
        asked = [rule for rule, codes in rules if not wanted.codes or wanted.codes & {*codes}]
        of = sorted(set(numbers())) if asked and rows else []
        flags |= {flag for rule in asked if of for flag in rule(conn, of)}
    found = [
        (Place(flag.day, flag.event_id, _key(flag)), flag)
        for flag in flags
        if flag.day is not None
        and flag.event_id is not None
        and (flag.day, flag.event_id) in anchors
        and wanted.fits(flag)
    ]
    begun = None if place is None else _order(place)
    ordered = sorted(found, key=lambda each: _order(each[0]))
    return [each for each in ordered if begun is None or _order(each[0]) > begun]


def _inside(wanted: Wanted) -> str | None:
    return None if wanted.location is None else arrays.texts(sorted(wanted.inside))


def _order(place: Place) -> tuple[int, UUID, str]:
    return -place.day.toordinal(), place.event_id, place.key


def _key(flag: Flag) -> str:
    return "|".join((flag.code, str(flag.lot_id or flag.holder), flag.product or "", flag.detail))


def _lots(conn: Connection, wanted: Wanted, rows: Sequence[Any]) -> list[int]:
    asked = {
        "event": arrays.numbers(row.id for row in rows),
        "holder": wanted.holder,
        "location": _inside(wanted),
        "lot": wanted.lot_id,
    }
    return [row.lot for row in conn.execute(sql("flag_portion_lots"), asked)]


def _told(conn: Connection, flags: Sequence[Flag], looked: dict[UUID, int]) -> tuple[Listed, ...]:
    numbers = {each.event_id: looked[each.event_id] for each in flags if each.event_id}
    shown = describe.documents(conn, numbers.values())
    asked = {"lot_id": arrays.ids({each.lot_id for each in flags if each.lot_id})}
    views = {
        row.lot_id: describe.lot_view(row) for row in conn.execute(sql("flag_lots_named"), asked)
    }
    return tuple(
        Listed(
            flag=flag,
            document=shown[numbers[flag.event_id]] if flag.event_id else None,
            lot=views[flag.lot_id] if flag.lot_id else None,
        )
        for flag in flags
    )
