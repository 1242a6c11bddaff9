"""`foodtrace`, also as `python -m foodtrace_deploy` where it isn't on the path."""

from __future__ import annotations

import os
import sys

from foodtrace_deploy.program import build

#: Set by a shell that asks how a line goes on: any command may be the one that is being typed.
_COMPLETE = "_FOODTRACE_COMPLETE"


def main() -> None:
    """Run what the arguments of this process say."""
    build(() if _COMPLETE in os.environ else sys.argv[1:])(prog_name="foodtrace")


if __name__ == "__main__":
    main()
