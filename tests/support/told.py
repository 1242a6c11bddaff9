"""Parts of answers as the door tells them, and what a terminal shows of them."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from rich.console import Console

Json = dict[str, Any]
Show = Callable[[Console], None]


def shown(show: Show, width: int = 120) -> str:
    out = StringIO()
    show(Console(file=out, width=width, highlight=False, soft_wrap=True))
    return out.getvalue()


COMPLETE: Json = {
    "as_of": "2026-05-21T08:00:00Z",
    "positions": [],
    "in_flight": 0,
    "heard": [],
    "dead_letters": 0,
    "unknown_parents": 0,
    "possible_links": 0,
}


def lot(lot_id: str, holder: str, code: str = "C", kind: str = "trace") -> Json:
    return {
        "lot_id": lot_id,
        "holder": holder,
        "location": "",
        "kind": kind,
        "product": "",
        "code": code,
    }


def document(number: str | None = "T-1", kind: str = "trade") -> Json:
    return {
        "event_id": "0123456789abcdef",
        "kind": kind,
        "source": "erp",
        "document_type": None,
        "document_number": number,
        "business_date": "2026-05-21",
        "received_at": "2026-05-21T08:00:00Z",
    }
