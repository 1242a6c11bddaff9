"""Worked examples of answers for the documentation: a small recall, as the door told it.

A test plays the recall and holds each file to what the door says; `FOODTRACE_UPDATE_EXAMPLES=1`
lets it write them anew.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def example(name: str) -> Any:
    """The example of that name; raises FileNotFoundError when there is none."""
    return json.loads((files(__package__) / f"{name}.json").read_text(encoding="utf-8"))


def answered(shape: type, name: str, description: str) -> dict[int | str, dict[str, Any]]:
    """The documentation of a 200 with its example."""
    content = {"application/json": {"example": example(name)}}
    return {200: {"model": shape, "description": description, "content": content}}
