"""Becomes a part of the stack: drops rights, ties its life to the supervisor's, then executes.

Run as a file by a bare interpreter (`-I -S`), never imported by it: it has to be quick. A function
run between fork and exec would do the same, but is unsafe beside threads.

    launch.py SUPERVISOR_PID SIGNAL UID:GID|- COMMAND...
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Replace this process by the command; ends with 127 when that is impossible."""
    supervisor, signal_number, account, *command = arguments
    if account != "-":
        uid, gid = (int(part) for part in account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After the change of user, because that clears the request.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    if os.getppid() != int(supervisor):
        sys.exit("the supervisor ended before its part started")
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
