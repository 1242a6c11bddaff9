"""Bundles changed by somebody who has everything but the key."""

from __future__ import annotations

import io
from collections.abc import Mapping

from foodtrace_formats.evidence.container import Container, Opened


def edited(bundle: bytes, members: Mapping[str, bytes | None]) -> bytes:
    """The bundle with other members (None: without) in a container that fits them.

    The manifest is as it was unless it is among them: whoever changed it would need the key.
    """
    opened, file = Opened(io.BytesIO(bundle)), io.BytesIO()
    container = Container(file)
    for name, member in opened.members.items():
        data = members.get(name, opened.source(name).take(member.size))
        if data is not None:
            container.add(name, data)
    container.finish()
    return file.getvalue()
