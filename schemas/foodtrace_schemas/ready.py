"""msgspec made ready for the events before any thread can use it.

msgspec builds what it knows of a class at its first use and keeps it with the class before it is
whole; another thread that finds it then crashes the process (msgspec 0.22; eight threads with
nothing prepared: 4 of 30 processes died). An import happens once and in one thread.
"""

from __future__ import annotations

import msgspec

from foodtrace.events import KINDS

for _kind in KINDS.values():
    try:
        msgspec.convert({}, _kind)
    except msgspec.ValidationError:
        # Nothing can be made of nothing; by now the class is known.
        continue
