"""Codes as people print them: canonical form, known grammars and check characters.

A code is text, kept as received and compared in canonical form; leading zeros count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from unicodedata import normalize

# GB 32100-2015: the characters by value (I, O, S, V, Z aren't used) and the weights 3^i mod 31.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))


def canonical(code: str) -> str:
    """The form in which codes are compared: NFKC, trimmed, upper case."""
    if code.isascii():
        return code.strip().upper()
    return normalize("NFKC", code).strip().upper()


def gs1_check_digit(digits: str) -> str:
    """The mod-10 check digit of GS1 for the digits before it (GS1 General Specifications 7.9)."""
    total = sum(
        int(digit) * (3 if position % 2 == 0 else 1)
        for position, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def is_gs1_key(code: str, length: int) -> bool:
    """Whether `code` has `length` ASCII digits, the last of which is its check digit."""
    plain = len(code) == length and code.isascii() and code.isdigit()
    return plain and gs1_check_digit(code[:-1]) == code[-1]


def is_gtin(code: str) -> bool:
    """Whether it is a GTIN-8, -12, -13 or -14 with a right check digit."""
    return any(is_gs1_key(code, length) for length in (8, 12, 13, 14))


def is_gln(code: str) -> bool:
    """Whether it is a GLN-13 with a right check digit."""
    return is_gs1_key(code, 13)


def is_sscc(code: str) -> bool:
    """Whether it is an SSCC-18 with a right check digit."""
    return is_gs1_key(code, 18)


def is_restricted_gtin(code: str) -> bool:
    """Whether a GTIN-13 is numbered inside a shop (prefix 02, 04, 20-29), so valid only there."""
    return is_gs1_key(code, 13) and (code[:2] in {"02", "04"} or code[0] == "2")


def uscc_check_character(first17: str) -> str:
    """The check character of a 统一社会信用代码; KeyError-free: raises ValueError on other letters."""
    total = sum(
        _USCC_ALPHABET.index(character) * weight
        for character, weight in zip(first17, _USCC_WEIGHTS, strict=True)
    )
    return _USCC_ALPHABET[-total % 31]


def is_uscc(code: str) -> bool:
    """Whether it is a 统一社会信用代码 with a right check character (GB 32100)."""
    if len(code) != 18 or any(character not in _USCC_ALPHABET for character in code):
        return False
    return uscc_check_character(code[:17]) == code[17]


@dataclass(frozen=True, slots=True)
class Grammar:
    """A known form of code: what it looks like and whether its check character must hold."""

    pattern: re.Pattern[str]
    holds: Callable[[str], bool]
    zh: str
    en: str


def _always(_code: str) -> bool:
    return True


def _grammar(pattern: str, holds: Callable[[str], bool], zh: str, en: str) -> Grammar:
    return Grammar(re.compile(pattern), holds, zh, en)


# Version 1. The 16-digit vegetable batch code is read in the standard; the 13- and 20-digit codes
# follow the same pattern as far as is known, so they are only recognised, never demanded.
GRAMMARS: Mapping[str, Grammar] = {
    "uscc": _grammar(
        r"[0-9A-HJ-NPQRTUWXY]{18}", is_uscc, "统一社会信用代码", "unified social credit code"
    ),
    "sscc": _grammar(r"\d{18}", is_sscc, "物流单元代码", "SSCC"),
    "gtin": _grammar(r"\d{8}|\d{12,14}", is_gtin, "商品条码", "GTIN"),
    "vegetable_batch": _grammar(r"\d{16}", _always, "蔬菜批次码", "vegetable batch code"),
    "trace_code": _grammar(r"\d{20}", _always, "追溯码", "trace code"),
    "party_code": _grammar(r"\d{13}", _always, "经营主体码", "party code"),
    "digital_link": _grammar(
        r"HTTPS?://\S+/(01|00|414)/\S+", _always, "GS1 数字链接", "GS1 Digital Link"
    ),
}


def grammars_of(code: str) -> tuple[str, ...]:
    """The names of the known grammars that a code fits, check character included."""
    form = canonical(code)
    return tuple(
        name
        for name, grammar in GRAMMARS.items()
        if grammar.pattern.fullmatch(form) and grammar.holds(form)
    )
