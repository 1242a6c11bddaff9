"""The envelope every event comes in: who says it, when it happened, which document it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from foodtrace.problems import InvalidValue
from foodtrace.text import CODE_LIMIT, NOTE_LIMIT, checked, optional

SOURCE_EVENT_ID_LIMIT = 128
EXTRA_LIMIT = 50
# A business day may begin the evening before and a ledger day may close the morning after.
BUSINESS_DAY_SLACK = timedelta(days=2)
FIRST_DAY = date(1990, 1, 1)
_SHORT = ("mandate", "trade_no", "order_reference", "payment_digest", "invoice_reference", "region")


class Precision(StrEnum):
    """How exactly the moment is known."""

    INSTANT = "instant"
    DAY = "day"


class Aspect(StrEnum):
    """Which side of a deal the document reports; only shipped and received move goods."""

    ORDERED = "ordered"
    PAID = "paid"
    SHIPPED = "shipped"
    RECEIVED = "received"

    @property
    def moves_goods(self) -> bool:
        """Whether lots change by it."""
        return self in (Aspect.SHIPPED, Aspect.RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Identity, time and references of an event.

    (source, kind, source_event_id, revision) is the identity from which `event_id` derives.
    `reporter` is in whose name the source speaks; `occurred_at` is UTC, with the offset in minutes
    it was written in; `reported_at` is the source's clock. When it was received is the broker's
    append time and travels with the record, not in it.
    """

    event_id: UUID
    source: str
    source_event_id: str
    revision: int = 0
    reporter: str | None = None
    mandate: str | None = None
    occurred_at: datetime
    occurred_offset_minutes: int = 480
    occurred_precision: Precision = Precision.INSTANT
    business_date: date
    reported_at: datetime | None = None
    document_type: str | None = None
    document_number: str | None = None
    trade_no: str | None = None
    aspect: Aspect = Aspect.RECEIVED
    voucher_numbers: tuple[str, ...] = ()
    order_reference: str | None = None
    payment_digest: str | None = None
    invoice_reference: str | None = None
    region: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise InvalidValue for what can't be, with the field's path."""
        self._check_texts()
        self._check_times()
        if not 0 <= self.revision < 2**31:
            raise InvalidValue("quantity.too-large", str(self.revision), "revision")
        if len(self.extra) > EXTRA_LIMIT:
            raise InvalidValue("text.too-long", f"{len(self.extra)} entries", "extra")

    def _check_texts(self) -> None:
        checked(self.source, "source", CODE_LIMIT)
        checked(self.source_event_id, "source_event_id", SOURCE_EVENT_ID_LIMIT)
        optional(self.reporter, "reporter", CODE_LIMIT)
        optional(self.document_type, "document_type", CODE_LIMIT)
        optional(self.document_number, "document_number", CODE_LIMIT)
        for name in _SHORT:
            optional(getattr(self, name), name, SOURCE_EVENT_ID_LIMIT)
        for index, number in enumerate(self.voucher_numbers):
            checked(number, f"voucher_numbers[{index}]", CODE_LIMIT)
        for key, value in self.extra.items():
            checked(key, "extra", CODE_LIMIT)
            checked(value, f"extra.{key}", NOTE_LIMIT)

    def _check_times(self) -> None:
        for name in ("occurred_at", "reported_at"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise InvalidValue("date.naive", str(moment), name)
        if self.business_date < FIRST_DAY:
            raise InvalidValue("event.too-old", str(self.business_date), "business_date")
        if not -14 * 60 <= self.occurred_offset_minutes <= 14 * 60:
            raise InvalidValue(
                "date.impossible", str(self.occurred_offset_minutes), "occurred_offset_minutes"
            )
        day = self.occurred_at.astimezone(UTC).date()
        if abs(day - self.business_date) > BUSINESS_DAY_SLACK:
            detail = f"occurred_at {day}, business_date {self.business_date}"
            raise InvalidValue("date.impossible", detail, "business_date")
