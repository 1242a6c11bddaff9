"""Keys as they are asked for and shown; the key itself is shown once, when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from foodtrace.access import Role
from foodtrace_office.keys import Key, KeyRequest

KeyRole = Literal[Role.PARTY, Role.REPORTER, Role.INSPECTOR, Role.OPS, Role.ADMIN]


class NewKey(BaseModel):
    """A party key names party and source, a reporter key reporter and source."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "role": "reporter",
                    "reporter": "market-17",
                    "source": "market-17-erp",
                    "label": "ERP of market 17",
                }
            ]
        },
    )

    role: KeyRole
    party: str | None = None
    source: str | None = None
    reporter: str | None = None
    label: str = ""
    expires_at: datetime | None = Field(default=None, description="RFC 3339 with offset")

    def request(self) -> KeyRequest:
        """The same for the office; raises InvalidValue where it can't be."""
        return KeyRequest(
            role=Role(self.role),
            party=self.party,
            source=self.source,
            reporter=self.reporter,
            label=self.label,
            expires_at=self.expires_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown:
    """What may be shown of a key."""

    id: UUID
    prefix: str
    role: Role
    party: str | None
    source: str | None
    reporter: str | None
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMade:
    """A new key; `key` is its only copy in clear."""

    key: str
    about: KeyShown


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPage:
    """A page of keys; `next` null says that it is the last one."""

    keys: list[KeyShown]
    next: str | None


def shown(key: Key) -> KeyShown:
    """A key without anything that would open a door."""
    return KeyShown(**{name: getattr(key, name) for name in KeyShown.__slots__})
