"""The first events of a process may be read by many threads at once."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

ALL_AT_ONCE = dedent(
    """
    import sys, threading
    from foodtrace_schemas import codec, json_form
    from foodtrace.problems import InvalidValue
    sys.setswitchinterval(1e-6)
    start = threading.Barrier(8)
    def first():
        start.wait()
        for kind in ("trade", "voucher", "receipt", "party", "void"):
            try:
                json_form.read(b'{"kind": "%s", "envelope": {}}' % kind.encode())
            except InvalidValue:
                pass
    threads = [threading.Thread(target=first) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    """
)


@pytest.mark.parametrize("attempt", range(4))
def test_first_use_by_eight_threads_leaves_the_process_alive(attempt: int) -> None:
    done = subprocess.run([sys.executable, "-c", ALL_AT_ONCE], capture_output=True, check=False)
    assert done.returncode == 0, (attempt, done.stderr.decode())
