"""A door of a test's own (`ops` asks it with the key of ops), and one for all tests of a module.

A file that needs other limits overrides the fixture `limits`: settings by name.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from foodtrace_bus.topics import ensure_topics
from foodtrace_ops.settings import Settings
from support.door import asking, keys_of, ready, serving, settings_for
from support.fixtures import Broker


@pytest.fixture
def limits() -> dict[str, Any]:
    """Settings of the door that aren't the usual ones."""
    return {}


@pytest.fixture
def settings(
    database: str, broker: Broker, topic_prefix: str, tmp_path: Path, limits: dict[str, Any]
) -> Settings:
    """Settings of a door with topics of one partition."""
    ensure_topics(broker.bootstrap, topic_prefix, partitions=1)
    return settings_for(database, broker, topic_prefix, tmp_path, **limits)


@pytest.fixture
def door(settings: Settings) -> Iterator[str]:
    """The address of a door that is ready."""
    with serving(settings) as address:
        ready(address)
        yield address


@pytest.fixture
def keys(database: str) -> dict[str, str]:
    """The first keys, by role."""
    return keys_of(database)


@pytest.fixture
def ops(door: str, keys: dict[str, str]) -> Iterator[httpx.Client]:
    """A client with the key of ops."""
    with asking(door, keys["ops"]) as client:
        yield client


@pytest.fixture(scope="module")
def module_settings(
    module_database: str, broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of a door that the tests of a module share."""
    prefix = f"t{secrets.token_hex(6)}."
    ensure_topics(broker.bootstrap, prefix, partitions=1)
    return settings_for(module_database, broker, prefix, tmp_path_factory.mktemp("door"))


@pytest.fixture(scope="module")
def module_door(module_settings: Settings) -> Iterator[str]:
    """Its address."""
    with serving(module_settings) as address:
        ready(address)
        yield address


@pytest.fixture(scope="module")
def module_keys(module_database: str) -> dict[str, str]:
    """Its first keys, by role."""
    return keys_of(module_database)
