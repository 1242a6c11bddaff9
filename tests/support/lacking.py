"""What a machine may lack, and CI must not."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def lacking(why: str) -> NoReturn:
    """Skip the test; with CI=true it fails instead, or nobody would ever see that it isn't run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI has to have it: {why}", pytrace=False)
    pytest.skip(why)
