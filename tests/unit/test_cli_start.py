"""What every start of the command waits for."""

from __future__ import annotations

import subprocess
import sys

#: Libraries that take longer to load than the whole rest of the command, each for some commands only.
_HEAVY = ("alembic", "sqlalchemy", "kafka", "aiokafka", "cryptography")


def test_no_start_loads_the_libraries_of_single_commands() -> None:
    program = f"""
import sys, foodtrace_deploy.main
print(*(name for name in {_HEAVY!r} if name in sys.modules))
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == []
