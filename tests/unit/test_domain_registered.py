"""Names as they were, sides nobody identified, and the addresses on packages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.codes import gs1_check_digit
from foodtrace.digital_link import DigitalLink, parse
from foodtrace.events.product import Product
from foodtrace.events.side import Side
from foodtrace.registered import Registered, holding, names, stated
from foodtrace.sameness import Sameness
from foodtrace.unidentified import Known, known_of
from support.small import DAY, envelope


def word(number: int, name: str, event: int = 1, **attributes: str) -> Registered:
    return Registered(
        day=DAY + timedelta(days=number),
        event_id=UUID(int=event),
        name=name,
        attributes=tuple(sorted(attributes.items())),
    )


def test_a_name_is_the_one_of_its_day() -> None:
    said = [word(0, "老店"), word(10, "新店", 2)]
    told = [holding(said, DAY + timedelta(days=n)) for n in (-5, 0, 9, 10, 99)]
    assert [each and each.name for each in told] == ["老店", "老店", "老店", "新店", "新店"]
    latest = holding(said)
    assert latest is not None
    assert latest.name == "新店"
    assert holding([]) is None


def test_a_new_tenant_needs_not_say_again_where_the_stall_stands() -> None:
    said = [word(0, "B9", parent="M17"), word(5, "B9", 2, occupant="P")]
    assert stated(said, "parent") == "M17"
    assert stated(said, "occupant", DAY) == "P"
    assert stated(said, "region") is None


def test_names_over_time_are_told_once_each_time_they_change() -> None:
    said = [word(3, "乙", 3), word(0, "甲"), word(1, "甲", 2), word(9, "甲", 4)]
    assert [(each.name, each.since) for each in names(said)] == [
        ("甲", DAY),
        ("乙", DAY + timedelta(days=3)),
        ("甲", DAY + timedelta(days=9)),
    ]


_words = st.builds(word, st.integers(0, 5), st.sampled_from("甲乙"), st.integers(1, 4))


@given(st.lists(_words), st.integers(-2, 7), st.data())
def test_which_word_holds_is_no_matter_of_order(
    said: list[Registered], number: int, data: st.DataObject
) -> None:
    day = DAY + timedelta(days=number)
    shuffled = data.draw(st.permutations(said + said[:2]))
    held = holding(said, day)
    assert holding(shuffled, day) == held
    assert names(shuffled) == names(said)
    if held is not None:
        later = [each for each in said if held < each]
        assert all(each.day > day for each in later)


def test_what_is_known_of_a_side_is_told_apart_by_its_form() -> None:
    side = Side(claimed_name="张记水产", vehicle_plate="闽D·12345", phone_digest="ab" * 16)
    assert known_of(side.holder) == Known(
        claimed_name="张记水产", vehicle_plate="闽D·12345", digests=("AB" * 16,)
    )
    assert known_of("92350200MA31X9YT2E") is None


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.text("张三闽D123|·A ", min_size=1, max_size=9).filter(str.strip)
            for name in ("claimed_name", "vehicle_plate", "phone_digest", "document_digest")
        },
    ).filter(bool)
)
def test_nothing_that_is_known_gets_lost(traces: dict[str, Any]) -> None:
    holder = Side(**traces).holder
    known = known_of(holder)
    assert known is not None
    assert "?" + known.told == holder or "||" in holder or holder[1] == "|" or holder[-1] == "|"


GTIN = "06901234567892"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"https://id.gs1.org/01/{GTIN}/10/AB%2F12", DigitalLink(gtin=GTIN, lot="AB/12")),
        (f"http://brand.example/qr/01/{GTIN}/22/2A/10/L/21/S?17=271231", None),
        (f" HTTPS://Brand.Example/01/{GTIN[1:]}/21/S1/ ", DigitalLink(gtin=GTIN, serial="S1")),
        (f"https://id.gs1.org/01/{GTIN}", DigitalLink(gtin=GTIN)),
        ("https://id.gs1.org/00/106141412345678908", DigitalLink(sscc="106141412345678908")),
        ("https://example.com/414/6291041500213/254/7", DigitalLink(gln="6291041500213")),
        ("https://example.com/01/2026/06/article", None),
        (f"https://id.gs1.org/01/{GTIN}/21/S/10/L", None),
        ("https://[/01/06901234567892/10/A", None),
        ("20260521", None),
    ],
)
def test_links_are_read_on_any_domain(text: str, link: DigitalLink | None) -> None:
    if "qr" in text:
        link = DigitalLink(gtin=GTIN, lot="L", serial="S")
    assert parse(text) == link


def test_a_link_to_a_product_names_no_lot() -> None:
    link = parse(f"https://id.gs1.org/01/{GTIN}")
    assert link is not None
    assert link.code is None


@given(
    st.integers(0, 10**13 - 1),
    st.none() | st.text(min_size=1, max_size=20),
    st.none() | st.text(min_size=1, max_size=20),
)
def test_what_was_read_can_be_written_and_read_again(
    number: int, lot: str | None, serial: str | None
) -> None:
    body = f"{number:013d}"
    gtin = body + gs1_check_digit(body)
    uri = f"https://id.gs1.org/01/{gtin}"
    for key, value in (("10", lot), ("21", serial)):
        uri += "" if value is None else f"/{key}/{quote(value, safe='')}"
    link = DigitalLink(gtin=gtin, lot=lot, serial=serial)
    assert (link.uri, parse(uri)) == (uri, link)


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_isnt(text: str) -> None:
    for each in (text, "https://" + text, "https://x/" + text, f"https://x/01/{GTIN}/{text}"):
        found = parse(each)
        assert found is None or parse(found.uri) == found


def test_a_product_is_the_same_by_its_gtin_of_13_or_14_digits() -> None:
    product = Product(
        envelope=envelope("product", "p"), product="cheese", name="奶酪", gtin=GTIN[1:]
    )
    same = Sameness(product.effects().aliases, ()).products("CHEESE", date(2026, 1, 1))
    assert same == {"CHEESE", GTIN, GTIN[1:]}
