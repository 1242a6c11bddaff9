"""`python -m foodtrace_api`: the door as a process, configured by the environment alone."""

from __future__ import annotations

import uvicorn

from foodtrace_api.app import create_app
from foodtrace_ops import logs
from foodtrace_ops.settings import Settings

#: Seconds that open requests get to end after a signal.
GRACE_S = 10


def main() -> None:
    """Serve until a signal."""
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
