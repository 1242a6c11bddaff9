"""The command `foodtrace` with all its commands, for whoever looks at them as a whole."""

from __future__ import annotations

from foodtrace_deploy.program import build

app = build()
