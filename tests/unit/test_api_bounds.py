"""Small bodies, whoever sends them, are bounded all together before any of them is read."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from foodtrace_api.web.guard import SMALL_BODIES, SMALL_BODY, Guard


def scope(length: int | None) -> dict[str, Any]:
    """A request that announces so many bytes, or none and sends as it likes."""
    told = (b"content-length", str(length).encode()) if length is not None else None
    return {
        "type": "http",
        "method": "POST",
        "path": "/v1/keys",
        "raw_path": b"/v1/keys",
        "query_string": b"",
        "headers": [told or (b"transfer-encoding", b"chunked")],
    }


@given(st.lists(st.none() | st.integers(0, SMALL_BODY), min_size=1, max_size=150))
def test_what_is_read_at_once_stays_below_the_bound_and_the_rest_is_told_to_come_again(
    lengths: list[int | None],
) -> None:
    async def story() -> None:
        gate = asyncio.Event()
        inside: list[int] = []
        told: dict[int, Any] = {}

        async def app(of: Any, receive: Any, send: Any) -> None:
            inside.append(of["number"])
            await gate.wait()

        async def nothing() -> Any:
            raise AssertionError("no body is read by the guard")

        guard = Guard(app)

        async def ask(number: int, length: int | None) -> None:
            async def send(message: Any) -> None:
                told.setdefault(number, []).append(message)

            await guard(scope(length) | {"number": number}, nothing, send)

        asked = [asyncio.ensure_future(ask(n, length)) for n, length in enumerate(lengths)]
        for _ in range(5):
            await asyncio.sleep(0)
        sizes = [SMALL_BODY if length is None else length for length in lengths]
        assert sum(sizes[number] for number in inside) <= SMALL_BODIES
        assert sorted([*inside, *told]) == list(range(len(lengths)))
        for start, body in told.values():
            assert start["status"] == 503
            assert (b"retry-after", b"2") in start["headers"]
            assert json.loads(body["body"])["code"] == "push.busy"
        gate.set()
        await asyncio.gather(*asked)
        # What was held is given back: the largest there may be is taken again.
        before = len(inside)
        await ask(len(lengths), None)
        assert len(inside) == before + 1

    asyncio.run(story())
