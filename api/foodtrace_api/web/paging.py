"""Pages: a limit, a cursor to the next one, never a silent cap."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

DEFAULT_LIMIT = 100
MOST = 1000

Limit = Annotated[int, Query(ge=1, le=MOST, description="Entries of one page at most")]
Cursor = Annotated[
    str | None,
    Query(description="`next` of the page before; null there says that nothing is left out"),
]
