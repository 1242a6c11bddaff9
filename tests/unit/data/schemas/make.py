"""Writes one record and its JSON of every kind, once per version of the contracts, with all fields.

Run once when a version is made: `python tests/unit/data/schemas/make.py`. It never touches the files
of a version that is there: they stand for what is in Kafka.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[3]))

from foodtrace.effects import Basis
from foodtrace.events import Event
from foodtrace.events.adjustment import Adjustment, Change
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.consumption import Consumption
from foodtrace.events.disposal import Disposal
from foodtrace.events.envelope import Aspect, Envelope, Precision
from foodtrace.events.goods_return import Return
from foodtrace.events.inspection import Inspection, InspectionResult, Stage, Subject, Verdict
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.location import Location
from foodtrace.events.master import Alias
from foodtrace.events.merge import Merge
from foodtrace.events.packing import Action, Packing
from foodtrace.events.paper import Paper, Verification
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.product import Conversion, Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.resolution import Resolution, ResolutionAction
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.events.transformation import Transformation
from foodtrace.events.void import Void, VoidReason
from foodtrace.events.voucher import Voucher
from foodtrace.quantity import Quantity
from foodtrace_schemas.codec import encode
from foodtrace_schemas.contracts import latest
from foodtrace_schemas.json_form import write
from support.events import an_envelope, kg

HERE = Path(__file__).parent
OTHER = UUID("00000000-0000-8000-8000-00000000abcd")


def envelope(kind: str) -> Envelope:
    return an_envelope(
        kind,
        "市场-7/000123",
        source="erp-market-7",
        revision=2,
        reporter="M-7",
        mandate="W-2026-1",
        occurred_at=datetime(2026, 5, 20, 20, 30, 0, 123456, tzinfo=UTC),
        occurred_offset_minutes=480,
        occurred_precision=Precision.INSTANT,
        business_date=date(2026, 5, 21),
        reported_at=datetime(2026, 5, 20, 20, 31, tzinfo=UTC),
        document_type="销售凭证",
        document_number="D-000123",
        trade_no="T-9",
        aspect=Aspect.SHIPPED,
        voucher_numbers=("V-1", "V-2"),
        order_reference="O-1",
        payment_digest="sha256:00ff",
        invoice_reference="I-1",
        region="350203",
        extra={"till": "4", "备注": "冷链"},
    )


def side(party: str, location: str = "") -> Side:
    return Side(
        party=party,
        claimed_name="张记",
        phone_digest="sha256:01",
        vehicle_plate="闽D12345",
        document_digest="sha256:02",
        owner="O-9",
        location=location or f"{party}-L",
        role="slaughterhouse",
    )


PAPER = Paper(
    kind="quarantine_product",
    number="3502000001",
    issuer="厦门市动物卫生监督所",
    issued_on=date(2026, 5, 20),
    valid_until=date(2026, 5, 22),
    covered_quantity=Quantity(Decimal("2"), "片"),
    scope="in-province",
    destination="厦门",
    image_digest="sha256:03",
    verification=Verification.SEEN,
)


PRODUCT = ProductRef(
    product_id="P-1",
    gtin="06901234567892",
    local_code="2012345",
    name="猪后腿肉",
    category="pork",
    specification="带皮",
)


def line(number: int) -> Line:
    return Line(
        line_no=number,
        product=PRODUCT,
        origin_code="350200",
        origin_text="福建厦门",
        manufacturer="91350200MA2XXXXX1A",
        batch_code="20260520-1",
        lot_codes=(LotCode(code="3502000000000000001", quantity=kg("12.500001")),),
        source_lot_codes=(LotCode(code="3502000000000000000", quantity=kg(13)),),
        lot_code_source="M-7",
        production_date=date(2026, 5, 20),
        expiry_date=date(2026, 5, 24),
        basis=Basis.SCANNED,
        count=Quantity(Decimal(2), "片"),
        net_mass=kg("123456.654321"),
        gross_mass=kg("123457"),
        tare_mass=kg("0.3"),
        deduction=Quantity(Decimal("0.1"), "斤"),
        price_amount=Decimal("999999999999.999999"),
        currency="CNY",
        papers=(PAPER,),
        state="normal",
        refers_to=LineRef(event_id=OTHER, line_no=2**31 - 1),
    )


ALIASES = (
    Alias(scheme="gln", code="6901234567892", valid_from=date(2020, 1, 1), valid_to=date(2027, 1, 1)),
)  # fmt: skip
RESULT = InspectionResult(
    analyte="克伦特罗",
    value="0.4",
    unit="µg/kg",
    limit="0.5",
    standard="GB 31650",
    verdict=Verdict.PASSED,
)
LINES = (line(1), line(2))
GOODS: dict[str, Any] = {"lines": LINES}
COUNTED = Counted(
    line_no=1,
    product=PRODUCT,
    batch_code="20260520-1",
    lot_code="3502000000000000001",
    found=Decimal(0),
    unit="kg",
)

EVENTS: tuple[Event, ...] = (
    Voucher(envelope=envelope("voucher"), issuer=side("A"), receiver=side("B"), **GOODS),
    Trade(envelope=envelope("trade"), seller=side("A"), buyer=side("B"), **GOODS),
    Receipt(
        envelope=envelope("receipt"),
        seller=side("B"),
        receipt_code="R-x9",
        total_amount=Decimal("625.00"),
        currency="CNY",
        **GOODS,
    ),
    Transformation(
        envelope=envelope("transformation"),
        holder=side("A"),
        process="cutting",
        inputs=(line(1),),
        outputs=(line(2),),
        minimum_yield=Decimal("0.7"),
        maximum_yield=Decimal("0.825"),
    ),
    Commissioning(envelope=envelope("commissioning"), holder=side("A"), cause="slaughter", **GOODS),
    Disposal(envelope=envelope("disposal"), holder=side("B"), reason="rendered", **GOODS),
    Transfer(
        envelope=envelope("transfer"), origin=side("A"), destination=side("A", "A-L2"), **GOODS
    ),
    Return(
        envelope=envelope("return"), returner=side("B"), receiver=side("A"), reason="smell", **GOODS
    ),
    Release(envelope=envelope("release"), holder=side("A"), reason="re-tested", **GOODS),
    Adjustment(
        envelope=envelope("adjustment"),
        holder=side("B"),
        change=Change.GAIN,
        reason="stocktake",
        **GOODS,
    ),
    Stocktake(envelope=envelope("stocktake"), holder=side("B"), counts=(COUNTED,)),
    Consumption(envelope=envelope("consumption"), holder=side("B"), purpose="meal", **GOODS),
    Packing(
        envelope=envelope("packing"),
        holder=side("A"),
        action=Action.UNPACK,
        unit_code="00069012345678900015",
        **GOODS,
    ),
    Inspection(
        envelope=envelope("inspection"),
        holder=side("B"),
        method="rapid",
        stage=Stage.RE_TEST,
        verdict=Verdict.INCONCLUSIVE,
        laboratory="厦门市食品药品质量检验研究院",
        results=(RESULT,),
        subject=Subject.RECEIPT,
        receipt_reference="R-x9",
        sample_number="S-1",
        retest_of=OTHER,
        **GOODS,
    ),
    Party(
        envelope=envelope("party"),
        party="A",
        name="张记肉铺",
        party_kind=PartyKind.INDIVIDUAL_BUSINESS,
        node_kind="retail_market",
        aliases=ALIASES,
        region="350203",
    ),
    Product(
        envelope=envelope("product"),
        product="P-1",
        name="猪后腿肉",
        category="pork",
        specification="带皮",
        gtin="06901234567892",
        manufacturer="A",
        aliases=ALIASES,
        conversions=(Conversion(unit="箱", equals=Quantity(Decimal(24), "袋")),),
    ),
    Location(
        envelope=envelope("location"),
        location="M-7",
        name="八市",
        location_kind="wet_market",
        parent="350203",
        occupant="A",
        occupied_from=date(2020, 1, 1),
        occupied_to=date(2027, 1, 1),
        region="350203",
        aliases=ALIASES,
    ),
    Merge(envelope=envelope("merge"), party="A", into="B", merged_on=date(2026, 5, 21)),
    Void(
        envelope=envelope("void"),
        target_event_id=OTHER,
        target_line=3,
        reason=VoidReason.INCORRECT_DATA,
        corrective_event_ids=(OTHER,),
    ),
    Resolution(
        envelope=envelope("resolution"),
        letter="q7Yt-w/foodtrace.in.erp/2/12345678901",
        action=ResolutionAction.FIXED,
        reason="改正数量",
        corrected_event_id=OTHER,
        actor="ops:ft_0a1b",
    ),
)


def make(folder: Path) -> None:
    """Write the files of a version that has none yet."""
    folder.mkdir(exist_ok=False)
    for event in EVENTS:
        (folder / f"{event.kind}.bin").write_bytes(encode(event, 1))
        told = json.dumps(write(event), ensure_ascii=False, indent=1)
        (folder / f"{event.kind}.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    make(HERE / f"v{latest()}")
