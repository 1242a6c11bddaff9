"""The codes that the city's parties print, in the grammars of real platforms.

Numbers are made from counters, so no two things get one code by chance; clerks' typos are planted
elsewhere, on purpose.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from random import Random

from foodtrace.codes import gs1_check_digit, uscc_check_character

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# The prefix that GS1 keeps for demonstrations, so that no number here is a real firm's.
_GS1_DEMO = "952"


def party_code(region: str, number: int) -> str:
    """A 13-digit code of a party (经营主体码): region and serial."""
    return f"{region}{number:07d}"


def uscc(chance: Random, region: str) -> str:
    """A 统一社会信用代码 with its check character."""
    body = "".join(chance.choice(_USCC_ALPHABET) for _ in range(9))
    first17 = f"92{region}{body}"
    return first17 + uscc_check_character(first17)


def gtin13(number: int) -> str:
    """A GTIN-13 of the demonstration prefix."""
    digits = f"{_GS1_DEMO}{number:09d}"
    return digits + gs1_check_digit(digits)


def gln13(number: int) -> str:
    """A GLN of the demonstration prefix; counted from the end, apart from the GTINs."""
    digits = f"{_GS1_DEMO}{999_999_999 - number:09d}"
    return digits + gs1_check_digit(digits)


def sscc(number: int) -> str:
    """An SSCC-18 of a pallet, under the demonstration prefix."""
    digits = f"0{_GS1_DEMO}{number:013d}"
    return digits + gs1_check_digit(digits)


def node_batch(node: int, serial: int) -> str:
    """The 16-digit batch code of vegetables: 9-digit node and a 7-digit serial, which wraps."""
    return f"{359_000_000 + node:09d}{serial % 10_000_000:07d}"


def trace20(party: str, serial: int) -> str:
    """A 20-digit trace code: the party's 13 digits and a serial of 7, which wraps."""
    return f"{party}{serial % 10_000_000:07d}"


def date_batch(day: date) -> str:
    """The commonest batch code of packaged food: just the day. Two makers share it every day."""
    return f"{day:%Y%m%d}"


def receipt_code(seed: int, source: str, serial: int) -> str:
    """A receipt's code of 20 characters (100 bits): nobody guesses it who doesn't know the seed."""
    number = int.from_bytes(
        sha256(f"receipt/{seed}/{source}/{serial}".encode()).digest()[:13], "big"
    )
    letters = []
    for _ in range(20):
        number, place = divmod(number, len(_RECEIPT_ALPHABET))
        letters.append(_RECEIPT_ALPHABET[place])
    return "".join(letters)


def mistyped(chance: Random, code: str) -> str:
    """The code as a hasty clerk types it: a digit left out or typed twice.

    No code of that length is ever printed, so the wrong one surely belongs to nobody.
    """
    place = chance.randrange(1, len(code))
    return code[:place] + code[place + chance.choice((-1, 1)) :]
