"""Ids of a file as ids here: within the limits, and as different as they are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from foodtrace.codes import canonical
from foodtrace.text import CODE_LIMIT

_MARK = 12


class Names:
    """`scope:id` for each id of one table of a file.

    Ids may be long and may differ in what doesn't count here, such as upper and lower case; those
    are cut and get a digest of the whole id behind them.
    """

    def __init__(self, scope: str, ids: Iterable[str]) -> None:
        """Look at all ids of a table, since two of them may look alike here."""
        self._scope = scope
        self._alike = Counter(canonical(each) for each in ids)

    def __getitem__(self, written: str) -> str:
        """The id here, up to 64 characters."""
        code = f"{self._scope}:{written}"
        plain = len(canonical(code)) <= CODE_LIMIT and written == written.strip()
        if plain and self._alike[canonical(written)] == 1:
            return code
        return short(code)


def short(code: str, limit: int = CODE_LIMIT) -> str:
    """The beginning of a text and a digest of the whole, together `limit` characters at most."""
    mark = sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
    return f"{code[: limit - _MARK - 1].rstrip()}~{mark}"
