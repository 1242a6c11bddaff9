"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foodtrace_deploy.texts import say

Data = Annotated[
    Path, typer.Option("--data", envvar="FOODTRACE_DATA_FOLDER", help=say("option-data"))
]
Json = Annotated[bool, typer.Option("--json", help=say("option-json"))]
Broker = Annotated[str, typer.Option("--broker", help=say("option-broker"))]
Brokers = Annotated[int | None, typer.Option("--brokers", help=say("option-brokers"))]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help=say("option-workers"))]
ApiPort = Annotated[
    int | None, typer.Option("--api-port", min=1, max=65535, help=say("option-api-port"))
]

DATA = Path(".foodtrace")
