"""`python -m foodtrace_api`: the door as a process, configured by the environment alone."""

from __future__ import annotations

import gc

import uvicorn

from foodtrace_api.app import create_app
from foodtrace_ops import logs
from foodtrace_ops.settings import Settings

#: Seconds that open requests get to end after a signal.
GRACE_S = 10
#: New objects after which Python looks for garbage in circles. An answer makes tens of thousands that
#: are no garbage: at its usual 700 a third of the time of a large recall goes into looking.
GARBAGE_AFTER = 20_000


def main() -> None:
    """Serve until a signal."""
    gc.set_threshold(GARBAGE_AFTER)
    settings = Settings()
    logs.configure("api", level=settings.log_level, form=settings.log_format)
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


if __name__ == "__main__":
    main()
