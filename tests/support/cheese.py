"""A small recall as documents: 100 bags of cheese over a dealer to three shops, and a namesake."""

from __future__ import annotations

from typing import Any

Doc = dict[str, Any]
MAKER, DEALER, SHOPS, OTHER = "MAKER", "DEALER", ("SHOP-1", "SHOP-2", "SHOP-3"), "OTHER"
CODE = "20260521"
OTHERS = {"product_id": "BRIE", "name": "另一种干酪"}


def document(kind: str, number: str, source: str = "erp", **more: Any) -> Doc:
    """An event in its JSON form."""
    envelope = {
        "source": source,
        "source_event_id": number,
        "occurred_at": "2026-05-21T05:30:00Z",
        "business_date": "2026-05-21",
        **more.pop("envelope", {}),
    }
    return {"kind": kind, "envelope": envelope, **more}


def bags(amount: int, **more: Any) -> Doc:
    """A line of so many bags of the cheese."""
    line = {
        "line_no": 1,
        "product": {"product_id": "CHEESE", "name": "再制干酪"},
        "manufacturer": MAKER,
        "batch_code": CODE,
        "production_date": "2026-05-20",
        "count": {"amount": str(amount), "unit": "袋"},
    }
    return {**line, **more}


def sale(number: str, seller: str, buyer: str, *lines: Doc, **more: Any) -> Doc:
    """A trade."""
    return document(
        "trade",
        number,
        seller={"party": seller},
        buyer={"party": buyer},
        lines=list(lines),
        **more,
    )


def receipt(number: str, seller: str, *lines: Doc, **more: Any) -> Doc:
    """A receipt with the code `code/{number}` and the number `N-{number}`."""
    return document(
        "receipt",
        number,
        envelope={"document_number": f"N-{number}"},
        seller={"party": seller},
        receipt_code=f"code/{number}",
        total_amount="12.5",
        currency="CNY",
        lines=list(lines),
        **more,
    )


def city() -> list[Doc]:
    """100 bags from the maker over a dealer to three shops; a namesake batch of another maker."""
    made = document(
        "voucher",
        "v-1",
        envelope={"document_number": "SZ-1"},
        issuer={"party": MAKER},
        lines=[bags(100)],
    )
    cited = {"voucher_numbers": ["sz-1"], "document_number": "T-0"}
    trades = [sale("t-0", MAKER, DEALER, bags(100), envelope=cited)]
    trades += [sale(f"t-{n}", DEALER, shop, bags(20)) for n, shop in enumerate(SHOPS, 1)]
    return [
        document("party", "p-1", party=MAKER, name="乳品厂", party_kind="enterprise"),
        document("party", "p-2", party=DEALER, name="批发商", party_kind="enterprise"),
        made,
        *trades,
        receipt("r-1", SHOPS[0], bags(3)),
        receipt("r-2", SHOPS[0], bags(2)),
        sale("t-9", OTHER, SHOPS[2], bags(7, manufacturer=OTHER, product=OTHERS)),
    ]
