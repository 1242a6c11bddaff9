"""Codes: canonical form, grammars, check characters by published examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace import codes

DIGITS = st.text("0123456789", min_size=7, max_size=17)


@pytest.mark.parametrize("code", ["6291041500213", "4006381333931", "96385074", "614141000036"])
def test_published_gtins_hold(code: str) -> None:
    assert codes.is_gtin(code)


def test_published_sscc_holds() -> None:
    assert codes.is_sscc("106141412345678908")


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91330100799655058B", "9144030071526726XG"])
def test_published_social_credit_codes_hold(code: str) -> None:
    assert codes.is_uscc(code)


@given(DIGITS, st.integers(0, 16), st.integers(1, 9))
def test_gs1_finds_every_single_wrong_digit(body: str, position: int, shift: int) -> None:
    whole = body + codes.gs1_check_digit(body)
    at = position % len(whole)
    wrong = whole[:at] + str((int(whole[at]) + shift) % 10) + whole[at + 1 :]
    assert codes.is_gs1_key(whole, len(whole))
    assert not codes.is_gs1_key(wrong, len(wrong))


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_a_social_credit_code_has_one_check_character(body: str) -> None:
    last = codes.uscc_check_character(body)
    good = [c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if codes.is_uscc(body + c)]
    assert good == [last]


@given(st.text(max_size=40))
def test_canonical_form_is_final(code: str) -> None:
    once = codes.canonical(codes.canonical(code))
    assert codes.canonical(once) == once


def test_canonical_form_keeps_leading_zeros_and_folds_full_width() -> None:
    assert codes.canonical(" ００１２ab ") == "0012AB"


def test_grammars_are_recognised() -> None:
    assert codes.grammars_of("0012345678901234") == ("vegetable_batch",)
    assert "gtin" in codes.grammars_of("6291041500213")
    assert codes.grammars_of("6291041500214") == ("party_code",)


def test_restricted_gtins_are_told_apart() -> None:
    body = "210001200500"
    assert codes.is_restricted_gtin(body + codes.gs1_check_digit(body))
    assert not codes.is_restricted_gtin("6291041500213")
