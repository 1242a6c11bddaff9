"""How often Python looks for circles of objects that nothing refers to any more.

A chunk is some hundred thousand values, none of them in a circle, that all go at once. Python's own
measure, a look after every 700, was a fifth of what an event costs: it went over them again and again.
"""

from __future__ import annotations

import gc

#: Objects more than at the last look before the next one; every so many looks go further back. Some
#: ten megabytes may wait for it.
OBJECTS = 50_000
LOOKS = 20


def look_seldom() -> None:
    """For a process that takes in chunks; whatever is loaded already is never looked at again."""
    gc.freeze()
    gc.set_threshold(OBJECTS, LOOKS, LOOKS)
