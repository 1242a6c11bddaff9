"""Papers as documents show them: at which lots, by which delivery, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.papers import Attached, kind_of
from foodtrace_ledger import arrays
from foodtrace_ledger.paper_ways import delivery
from foodtrace_ledger.provinces import Place, provinces
from foodtrace_ledger.sqlfile import sql

# One paper wherever it is shown: its kind's code (or the kind as written) and number.
PaperKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper on a document line; `giver` is from whom it came, `day` the document's day."""

    event: int
    line: int
    day: date
    giver: Place
    paper: Attached[int]

    @property
    def key(self) -> PaperKey:
        """Which paper it is."""
        return key_of(self.paper.kind, self.paper.number)


def key_of(kind: str, number: str) -> PaperKey:
    """The key of a paper by its kind as written and its number in canonical form."""
    known = kind_of(kind)
    return canonical(kind) if known is None else known.code, number


def papers_at(conn: Connection, lots: Iterable[int]) -> list[Shown]:
    """The papers that documents show with these lots."""
    return _shown(conn.execute(sql("papers_at"), {"lot": arrays.numbers(lots)}))


def papers_numbered(conn: Connection, keys: Iterable[PaperKey]) -> list[Shown]:
    """These papers with whichever lots they are shown."""
    wanted = set(keys)
    numbers = arrays.texts(sorted({number for _, number in wanted}))
    found = _shown(conn.execute(sql("papers_numbered"), {"number": numbers})) if wanted else []
    return [each for each in found if each.key in wanted]


def papers_of_event(conn: Connection, event: int) -> list[PaperKey]:
    """The papers that a document shows."""
    rows = conn.execute(sql("papers_of_event"), {"event": event})
    return list(dict.fromkeys(key_of(row.kind, row.number) for row in rows))


def homes(conn: Connection, shown: Sequence[Shown]) -> dict[PaperKey, str | None]:
    """The province each paper comes from: that of whoever gave the goods when it first came up."""
    first: dict[PaperKey, Place] = {}
    for each in sorted(shown, key=lambda s: (s.day, s.event, s.line)):
        first.setdefault(each.key, each.giver)
    known = provinces(conn, first.values())
    return {key: known[place] for key, place in first.items()}


def at_home(shown: Iterable[Shown], homes: Mapping[PaperKey, str | None]) -> list[Attached[int]]:
    """The papers with the province they come from."""
    return [replace(each.paper, home=homes.get(each.key)) for each in shown]


def _shown(rows: Iterable[Any]) -> list[Shown]:
    return [
        Shown(
            event=row.event,
            line=row.line,
            day=row.day,
            giver=(row.giver or "", row.giver_location or ""),
            paper=_attached(row),
        )
        for row in rows
    ]


def _attached(row: Any) -> Attached[int]:
    covered = None
    if row.covered_dimension is not None:
        covered = (row.covered_dimension, row.covered_amount)
    names = (
        *("lot", "kind", "number", "issuer", "issued_on", "valid_until", "verification"),
        *("scope", "destination"),
    )
    return Attached(
        delivery=delivery(row.event, row.line, row.meeting),
        covered=covered,
        **{name: getattr(row, name) for name in names},
    )
