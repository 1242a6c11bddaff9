"""Blocking steps run beside the event loop, never on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")


async def in_thread(threads: Executor, steps: Callable[[], T]) -> T:
    """Run `steps` in one of the threads and wait for its result without blocking the loop."""
    return await asyncio.get_running_loop().run_in_executor(threads, steps)
