"""The ledger's pure parts: circles, verdicts, sums of retail, named SQL, sorting of errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, OperationalError

from foodtrace.balance import Balance
from foodtrace_ledger import arrays, sqlfile
from foodtrace_ledger.amounts import Sums
from foodtrace_ledger.circles import circles
from foodtrace_ledger.errors import is_data_error, is_transient
from foodtrace_ledger.totals import totals
from foodtrace_ledger.writing.beside import storable
from foodtrace_ledger.writing.retail import Line, counts
from foodtrace_ledger.writing.retail import totals as retail_totals
from foodtrace_ledger.writing.verdict import Naming, State, judge

DAY = date(2026, 5, 21)


@pytest.mark.parametrize(
    ("edges", "inside"),
    [
        ([], ""),
        (["AB", "BC", "AC"], ""),
        (["AB", "BA"], "AB"),
        (["AA"], "A"),
        (["XA", "AB", "BC", "CA", "CY"], "ABC"),
        (["AB", "BA", "BC", "CD", "DC"], "ABCD"),
    ],
)
def test_circles(edges: Sequence[str], inside: str) -> None:
    assert circles((ord(edge[0]), ord(edge[1])) for edge in edges) == set(map(ord, inside))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(31, 60))))
def test_what_only_leads_onward_is_no_circle(edges: list[tuple[int, int]]) -> None:
    assert circles(edges) == set()


def naming(
    line: int = 0, *, source: str = "erp", superseded: bool = False, dead: bool = False
) -> Naming:
    return Naming(line, source, superseded, dead)


@pytest.mark.parametrize(
    ("kind", "outdated", "namings", "state"),
    [
        ("trade", False, [], State()),
        ("trade", True, [], State(superseded=True, dead=True)),
        ("trade", False, [naming()], State(dead=True)),
        ("trade", False, [naming(source="ops")], State(dead=True)),
        ("trade", False, [naming(source="other")], State()),
        ("trade", False, [naming(dead=True)], State()),
        ("trade", False, [naming(superseded=True)], State()),
        ("trade", False, [naming(2), naming(1), naming(2)], State(dead_lines=(1, 2))),
        ("void", False, [naming(dead=True)], State(dead=True)),
        ("void", False, [naming(dead=True, superseded=True)], State()),
    ],
)
def test_a_verdict_follows_from_revision_and_voids(
    kind: str, outdated: bool, namings: list[Naming], state: State
) -> None:
    assert judge(kind, "erp", outdated=outdated, namings=namings) == state


def line(event: int, amount: int, *, possible: bool = False, before: bool, after: bool) -> Line:
    return Line(event, 1, DAY, "袋", amount, possible, before, after)


def test_retail_sums_are_differences() -> None:
    lines = [
        line(1, 5, before=False, after=True),
        line(2, 3, before=True, after=False),
        line(3, 7, before=True, after=True),
    ]
    assert retail_totals(lines) == {(1, DAY, "袋", False): 2}
    assert counts(lines) == {}


def test_a_receipt_counts_once_and_is_possible_only_if_all_its_lines_are() -> None:
    both = [
        line(1, 0, possible=True, before=False, after=True),
        line(1, 1, before=False, after=True),
    ]
    assert counts(both) == {(1, DAY, False): 1}
    assert counts(both[:1]) == {(1, DAY, True): 1}
    one_left = [both[0], line(1, 1, before=True, after=False)]
    assert counts(one_left) == {(1, DAY, False): -1, (1, DAY, True): 1}


AMOUNTS = st.integers(0, 20)
BALANCES = st.builds(
    Balance,
    dimension=st.just("袋"),
    opened=AMOUNTS,
    sold=AMOUNTS,
    used=AMOUNTS,
    disposed=AMOUNTS,
    moved=AMOUNTS,
    returned=AMOUNTS,
    adjusted=AMOUNTS,
    retail=AMOUNTS,
)
SUMS = st.lists(st.builds(lambda balance: Sums((balance,)), BALANCES), max_size=4)


@given(SUMS, SUMS, SUMS, AMOUNTS)
def test_totals_lose_no_unit(
    starts: list[Sums], unlinked: list[Sums], others: list[Sums], mixed: int
) -> None:
    for total in totals([*starts, *unlinked, *others], starts, unlinked, {"袋": mixed}):
        now = total.now
        assert now.units == now.book_stock + now.retail + now.used + now.disposed + now.adjusted
        begun = total.opened + total.appeared
        assert begun == now.units + total.into_mixed + total.unexplained


def test_literals_hold_what_they_are_given() -> None:
    assert arrays.texts([]) == "{}"
    assert arrays.texts(["a", "b,c"]) == '{"a","b,c"}'
    assert arrays.texts(['a"b', "c\\", None, ""]) == '{"a\\"b","c\\\\",NULL,""}'
    assert arrays.texts(['","', "x"]) == '{"\\",\\"","x"}'
    assert arrays.numbers([1, None, -2]) == "{1,NULL,-2}"
    assert arrays.flags([True, False]) == "{t,f}"
    assert arrays.days([DAY, None]) == "{2026-05-21,NULL}"
    assert arrays.blobs([b"\x00\xff", None]) == '{"\\\\x00ff",NULL}'


def test_every_named_statement_can_be_read() -> None:
    names = sqlfile._statements()
    assert len(names) > 50
    for name in names:
        assert str(sqlfile.sql(name))
    with pytest.raises(KeyError):
        sqlfile.sql("no_such_statement")


class Raised(Exception):
    """As the driver raises it, with its SQLSTATE."""

    def __init__(self, pgcode: str | None) -> None:
        self.pgcode = pgcode
        super().__init__("told")


@pytest.mark.parametrize(
    ("error", "data", "transient"),
    [
        (DBAPIError("", {}, Raised("22021")), True, False),
        (DBAPIError("", {}, Raised("23505")), True, False),
        (DBAPIError("", {}, Raised("54000")), True, False),
        (DBAPIError("", {}, Raised("40P01")), False, True),
        (DBAPIError("", {}, Raised("55P03")), False, True),
        (DBAPIError("", {}, Raised("57P01")), False, True),
        (OperationalError("", {}, Raised(None)), False, True),
        (DBAPIError("", {}, Raised("42P01")), False, False),
        (ValueError("NUL"), True, False),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogate"), True, False),
        (KeyError("a bug"), False, False),
    ],
)
def test_errors_are_bad_data_pass_by_or_neither(
    error: BaseException, data: bool, transient: bool
) -> None:
    assert (is_data_error(error), is_transient(error)) == (data, transient)


@given(st.text(st.characters()))
def test_any_text_can_be_stored_with_a_dead_letter(text: str) -> None:
    stored = storable(text)
    assert "\x00" not in stored
    stored.encode("utf-8")
