"""GS1 Digital Link: the web address on a package, read as the codes it stands for.

`https://id.gs1.org/01/{gtin}/10/{lot}`, `/01/{gtin}/21/{serial}`, `/00/{sscc}`, `/414/{gln}`; any
domain and any path before the key will do (GS1 Digital Link URI Syntax 1.4). What stands behind a
question mark describes, it doesn't identify. `/01/{gtin}` alone names a product, no lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

CANONICAL_DOMAIN = "https://id.gs1.org"

_GTIN, _SSCC, _GLN = "01", "00", "414"
_VARIANT, _LOT, _SERIAL, _EXTENSION = "22", "10", "21", "254"
# Application identifiers by key: the digits of its value, and what may follow, in this order.
_DIGITS = {_GTIN: (8, 12, 13, 14), _SSCC: (18,), _GLN: (13,)}
_FOLLOWING: dict[str, tuple[str, ...]] = {
    _GTIN: (_VARIANT, _LOT, _SERIAL),
    _SSCC: (),
    _GLN: (_EXTENSION,),
}
_QUALIFIER_LIMIT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalLink:
    """What a link identifies: a product (`gtin`, 14 digits) with its lot or serial number, a
    logistic unit (`sscc`) or a place (`gln`)."""

    gtin: str | None = None
    lot: str | None = None
    serial: str | None = None
    sscc: str | None = None
    gln: str | None = None

    @property
    def code(self) -> str | None:
        """The code to look for: the narrowest stated; None where only a product is named."""
        return self.sscc or self.gln or self.serial or self.lot

    @property
    def uri(self) -> str:
        """The link in its canonical form."""
        parts = ((_GTIN, self.gtin), (_LOT, self.lot), (_SERIAL, self.serial))
        parts = (*parts, (_SSCC, self.sscc), (_GLN, self.gln))  # type: ignore[assignment]
        stated = (f"/{key}/{quote(value, safe='')}" for key, value in parts if value is not None)
        return CANONICAL_DOMAIN + "".join(stated)


def parse(text: str) -> DigitalLink | None:
    """The link that a text is; None for any other text, be it a web address or not."""
    try:
        address = urlsplit(text.strip())
    except ValueError:
        return None
    if address.scheme.lower() not in ("http", "https") or not address.netloc:
        return None
    segments = [unquote(part) for part in address.path.split("/")]
    if segments and segments[-1] == "":
        segments.pop()
    for place in range(len(segments) - 1):
        found = _read(segments[place:])
        if found is not None:
            return found
    return None


def _read(segments: Sequence[str]) -> DigitalLink | None:
    """The link whose key is the first segment, if everything behind it belongs to the key."""
    key, value = segments[0], segments[1]
    if key not in _DIGITS or not (value.isascii() and value.isdigit()):
        return None
    rest = segments[2:]
    if len(value) not in _DIGITS[key] or len(rest) % 2:
        return None
    names, values = rest[::2], rest[1::2]
    allowed = [name for name in _FOLLOWING[key] if name in names]
    if names != allowed or not all(0 < len(each) <= _QUALIFIER_LIMIT for each in values):
        return None
    said = dict(zip(names, values, strict=True))
    if key == _SSCC:
        return DigitalLink(sscc=value)
    if key == _GLN:
        return DigitalLink(gln=value)
    return DigitalLink(gtin=value.zfill(14), lot=said.get(_LOT), serial=said.get(_SERIAL))
