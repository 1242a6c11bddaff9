"""Under which id the registry has the contract that we write, asked over HTTP or read from Kafka."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx

from foodtrace.problems import OurFault
from foodtrace_bus.access import Access
from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_client.client import connection
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.topics import DEFAULT_PREFIX, schemas_topic, subject_of

#: The schema id of our contract of a kind. Raises OurFault when it can't be told now: nobody
#: answers, or the server is older than this kit.
SchemaIds = Callable[[str], int]

_MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"


class RegistryIds:
    """Asks a registry that speaks Confluent's REST, once for each kind."""

    def __init__(
        self, base_url: str, *, path: str = "/registry", http: httpx.Client | None = None
    ) -> None:
        """`base_url` is foodtrace's address; reading needs no key. `http` replaces the connection."""
        self._http = http or connection(base_url, 20.0)
        self._path = path.rstrip("/")
        self._known: dict[str, int] = {}

    def __call__(self, kind: str) -> int:
        """The id; raises OurFault `api.unreachable` or `registry.not-ready`."""
        if kind not in self._known:
            self._known[kind] = self._ask(kind)
        return self._known[kind]

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _ask(self, kind: str) -> int:
        path = f"{self._path}/subjects/{quote(subject_of(kind), safe='')}"
        wanted = json.dumps({"schema": schema_text(kind)})
        try:
            answer = self._http.post(path, content=wanted, headers={"Content-Type": _MEDIA_TYPE})
        except httpx.RequestError as error:
            detail = f"{self._http.base_url}: {error or type(error).__name__}"
            raise OurFault("api.unreachable", detail) from error
        try:
            told: Any = answer.json()
            return int(told["id"])
        except (ValueError, KeyError, TypeError) as error:
            detail = f"{subject_of(kind)}: HTTP {answer.status_code} {answer.text[:200]}"
            raise OurFault("registry.not-ready", detail) from error


class TopicIds:
    """Reads the compacted topic of schemas; needs the right to read it."""

    def __init__(self, brokers: Access | str, *, prefix: str = DEFAULT_PREFIX) -> None:
        """Remember how to reach the brokers."""
        self._topic = SchemasTopic(brokers, schemas_topic(prefix))
        self._known: dict[tuple[str, str], int] = {}

    def __call__(self, kind: str) -> int:
        """The id; raises BusAway, TopicMissing, or OurFault `registry.not-ready`."""
        wanted = (subject_of(kind), schema_text(kind))
        if wanted not in self._known:
            rows = self._topic.read()
            self._known = {
                (row.subject, row.schema): row.schema_id for row in rows if not row.deleted
            }
        if wanted not in self._known:
            raise OurFault("registry.not-ready", subject_of(kind))
        return self._known[wanted]

    def close(self) -> None:
        """Disconnect."""
        self._topic.close()
