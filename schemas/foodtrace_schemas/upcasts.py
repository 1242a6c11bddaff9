"""Named steps from an older version of a contract to the next one.

Most growth needs none: a new optional field is filled in by Avro's own resolution. A step is for
what resolution can't know, such as a text that is split in two. It works on the plain record that
the older schema reads, all fields as that version named them, and gives that of the next version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

#: (kind, the version it starts from) -> the step to the next version. Version 1 is the first.
UPCASTS: Mapping[tuple[str, int], Upcast] = {}


def steps(
    kind: str, version: int, latest: int, table: Mapping[tuple[str, int], Upcast] = UPCASTS
) -> tuple[Upcast, ...]:
    """The steps that bring a record of `version` to `latest`, oldest first."""
    found = (table.get((kind, each)) for each in range(version, latest))
    return tuple(step for step in found if step is not None)
