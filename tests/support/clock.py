"""A clock that a test may set for the processes it starts, by libfaketime.

Only the time of day jumps, as on a machine whose clock is corrected: what measures durations goes on
as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import libfaketime

_LIBRARY = Path(libfaketime.__file__).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"


class FalseClock:
    """How far the clock is off, for every process with its `environment`."""

    def __init__(self, file: Path) -> None:
        """`file` holds the offset; it is right at first."""
        assert _LIBRARY.exists(), "libfaketime was installed without its library"
        self._file = file
        self.jump("+0")

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs to follow it."""
        return {
            "LD_PRELOAD": str(_LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def jump(self, offset: str) -> None:
        """Set the clock off by `offset`, such as +1d or -1d; at once for all who look at it."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{offset}\n")
        # Nobody may see half of it.
        draft.rename(self._file)
