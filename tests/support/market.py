"""A market as documents: stalls whose tenants change, a party renamed and merged, a stranger."""

from __future__ import annotations

from typing import Any

from support.cheese import CODE, DEALER, MAKER, SHOPS, Doc, bags, document, sale

MARKET, CHAIN, STORE, STALLS = "M17", "CHAIN-1", "STORE-1", ("M17-A1", "M17-A2")
GLN = "6291041500213"
RENAMED_ON = "2026-06-10"
STRANGER: Doc = {"claimed_name": "张记水产", "vehicle_plate": "闽D12345"}
STRANGERS_KEY = "?张记水产|闽D12345"


def _on(day: str) -> Doc:
    return {"occurred_at": f"{day}T05:30:00Z", "business_date": day}


def _stall(number: str, location: str, **more: Any) -> Doc:
    return document("location", number, location=location, location_kind="stall", **more)


def market() -> list[Doc]:
    """M17 (in 厦门思明) with two stalls: SHOP-1, after it SHOP-2; SHOP-3 has a store of a chain."""
    return [*_places(), *_tenants()]


def _places() -> list[Doc]:
    return [
        document("location", "l-0", location="350203", name="思明区", location_kind="region"),
        document(
            "location",
            "l-1",
            location=MARKET,
            name="第十七市场",
            location_kind="market",
            region="350203",
        ),
        _stall(
            "l-2",
            STALLS[0],
            name="A1 号摊",
            parent=MARKET,
            occupant=SHOPS[0],
            occupied_from="2026-01-01",
            aliases=[{"scheme": "gln", "code": GLN}],
        ),
        _stall(
            "l-3",
            STALLS[1],
            name="A2 号摊",
            parent=MARKET,
            occupant=SHOPS[1],
            occupied_from="2026-01-01",
            occupied_to="2026-05-31",
        ),
        _stall(
            "l-4",
            STALLS[0],
            name="A1 号摊",
            occupant=SHOPS[1],
            occupied_from="2026-06-01",
            envelope=_on("2026-06-01"),
        ),
        document("location", "l-5", location=CHAIN, name="大食品连锁", location_kind="chain"),
        document(
            "location",
            "l-6",
            location=STORE,
            name="一店",
            location_kind="store",
            parent=CHAIN,
            occupant=SHOPS[2],
            occupied_from="2026-01-01",
        ),
    ]


def _tenants() -> list[Doc]:
    return [
        document(
            "party",
            "p-8",
            party=SHOPS[0],
            name="老李干酪",
            party_kind="individual_business",
            aliases=[{"scheme": "stall", "code": "A1", "valid_to": "2026-05-31"}],
        ),
        document(
            "party",
            "p-9",
            party=SHOPS[0],
            name="李记奶酪",
            party_kind="individual_business",
            envelope=_on(RENAMED_ON),
        ),
        document(
            "party",
            "p-7",
            party=SHOPS[1],
            name="阿二食品",
            party_kind="individual_business",
            aliases=[{"scheme": "stall", "code": "A1", "valid_from": "2026-06-01"}],
        ),
        document("party", "p-6", party="BIG", name="大食品集团", party_kind="enterprise"),
        document(
            "merge",
            "g-1",
            party=SHOPS[0],
            into="BIG",
            merged_on="2026-07-01",
            envelope=_on("2026-07-01"),
        ),
    ]


def sold_there() -> list[Doc]:
    """40 bags each to both stalls, 20 to the store, 10 to a shop without a place, and a stranger."""

    def to(number: str, buyer: Doc, amount: int, seller: str = DEALER) -> Doc:
        made = sale(number, seller, "-", bags(amount))
        return {**made, "buyer": buyer}

    return [
        document(
            "voucher",
            "v-1",
            envelope={"document_number": "SZ-1"},
            issuer={"party": MAKER},
            lines=[bags(200)],
        ),
        to("t-0", {"party": DEALER}, 150, MAKER),
        to("t-1", {"party": SHOPS[0], "location": STALLS[0].lower()}, 40),
        to("t-2", {"party": SHOPS[1], "location": STALLS[1]}, 40),
        to("t-3", {"party": SHOPS[2], "location": STORE}, 20),
        to("t-4", {"party": "NOWHERE"}, 10),
        to("t-5", STRANGER, 5),
        # Says only who buys: by the register he sits at the first stall.
        to("t-6", {"party": SHOPS[0]}, 3),
    ]


__all__ = [
    "CHAIN",
    "CODE",
    "DEALER",
    "GLN",
    "MAKER",
    "MARKET",
    "RENAMED_ON",
    "SHOPS",
    "STALLS",
    "STORE",
    "STRANGERS_KEY",
    "market",
    "sold_there",
]
