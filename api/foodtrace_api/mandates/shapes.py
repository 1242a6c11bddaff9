"""Mandates as they are asked for and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from foodtrace_office.mandates import Mandate, MandateRequest


class NewMandate(BaseModel):
    """Exactly one of `party` and `market`; a market stands for all its stalls."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reporter": "market-17",
                    "market": "M17",
                    "valid_from": "2026-01-01",
                    "note": "入场协议第 8 条",
                }
            ]
        },
    )

    reporter: str
    party: str | None = None
    market: str | None = Field(default=None, description="The market's location id")
    valid_from: date
    valid_to: date | None = Field(default=None, description="Last business day; null: open-ended")
    note: str = ""

    def request(self) -> MandateRequest:
        """The same for the office; raises InvalidValue where it can't be."""
        return MandateRequest(**self.model_dump())


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateShown:
    """A mandate as kept; party and market in canonical form."""

    id: UUID
    reporter: str
    party: str | None
    market: str | None
    valid_from: date
    valid_to: date | None
    note: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandatePage:
    """A page of mandates; `next` null says that it is the last one."""

    mandates: list[MandateShown]
    next: str | None


def shown(mandate: Mandate) -> MandateShown:
    """A mandate for the answer."""
    return MandateShown(**{name: getattr(mandate, name) for name in MandateShown.__slots__})
