"""The documents of the documentation's examples, with changes by path."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from foodtrace_api.push.examples import RECEIPT, TRADE

Doc = dict[str, Any]


def trade(number: str, **more: Any) -> Doc:
    """The example's trade; `lines__0__count__amount="0"` changes a field, `...` takes it out."""
    made = deepcopy(TRADE)
    made["envelope"]["source_event_id"] = number
    return _deep(made, more)


def receipt(number: str, **more: Any) -> Doc:
    """The example's receipt, changed in the same way."""
    made = deepcopy(RECEIPT)
    made["envelope"]["source_event_id"] = number
    return _deep(made, more)


def _deep(made: Doc, changes: Doc) -> Doc:
    for path, value in changes.items():
        *way, last = path.split("__")
        inner: Any = made
        for step in way:
            inner = inner[int(step) if step.isdigit() else step]
        if value is ...:
            del inner[last]
        else:
            inner[last] = value
    return made
