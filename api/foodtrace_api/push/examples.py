"""Worked examples of a push for the documentation; a test pushes each of them."""

from __future__ import annotations

from typing import Any

from foodtrace.events import KINDS
from foodtrace.identity import event_id
from foodtrace_api.push.shapes import PushAnswer
from foodtrace_api.web.problem import PROBLEM_RESPONSES

TRADE: dict[str, Any] = {
    "kind": "trade",
    "envelope": {
        "source": "market-17-erp",
        "source_event_id": "T-20260521-0007",
        "occurred_at": "2026-05-21T05:30:00Z",
        "business_date": "2026-05-21",
        "document_type": "销售凭证",
        "document_number": "XS-0007",
        "trade_no": "JY-20260521-0007",
        "voucher_numbers": ["SZ-20260521-0001"],
    },
    "seller": {"party": "91350200MA2XN1AB4C", "location": "M17-A03"},
    "buyer": {"party": "92350200MA31X9YT2E", "location": "SHOP-8"},
    "lines": [
        {
            "line_no": 1,
            "product": {"name": "白条猪", "local_code": "10101"},
            "manufacturer": "91350200705400000X",
            "batch_code": "20260521",
            "lot_codes": [{"code": "3502000010000451"}],
            "production_date": "2026-05-21",
            "count": {"amount": "2", "unit": "片"},
            "net_mass": {"amount": "96.40", "unit": "kg"},
            "price_amount": "2024.40",
            "currency": "CNY",
            "papers": [{"kind": "肉品品质检验合格证", "number": "35020026052100451"}],
        }
    ],
}

RECEIPT: dict[str, Any] = {
    "kind": "receipt",
    "envelope": {
        "source": "market-17-erp",
        "source_event_id": "R-20260521-0912",
        "occurred_at": "2026-05-21T09:12:00Z",
        "business_date": "2026-05-21",
        "document_number": "0912",
    },
    "seller": {"party": "92350200MA31X9YT2E", "location": "SHOP-8"},
    "receipt_code": "k7Qm2tXv9bWcR4Lh",
    "total_amount": "31.50",
    "currency": "CNY",
    "lines": [
        {
            "line_no": 1,
            "product": {"name": "猪肉", "local_code": "10105"},
            "lot_codes": [{"code": "3502000010000451"}],
            "net_mass": {"amount": "1.5", "unit": "斤"},
        }
    ],
}

VOID: dict[str, Any] = {
    "kind": "void",
    "envelope": {
        "source": "market-17-erp",
        "source_event_id": "V-20260521-0001",
        "occurred_at": "2026-05-21T10:00:00Z",
        "business_date": "2026-05-21",
    },
    "target_event_id": "0b54a4cb-7c7e-8d0a-9a41-5a7f0f8f2c11",
    "reason": "did_not_occur",
}

_PORK: dict[str, Any] = {
    "line_no": 1,
    "product": {"name": "白条猪", "local_code": "10101"},
    "lot_codes": [{"code": "3502000010000451"}],
    "count": {"amount": "1", "unit": "片"},
    "net_mass": {"amount": "48.20", "unit": "kg"},
}

RETURN: dict[str, Any] = {
    "kind": "return",
    "envelope": {
        "source": "market-17-erp",
        "source_event_id": "TH-20260521-0002",
        "occurred_at": "2026-05-21T08:10:00Z",
        "business_date": "2026-05-21",
    },
    "returner": {"party": "92350200MA31X9YT2E", "location": "SHOP-8"},
    "receiver": {"party": "91350200MA2XN1AB4C", "location": "M17-A03"},
    "reason": "质量异议",
    "lines": [
        {
            **_PORK,
            "refers_to": {
                "event_id": str(event_id("market-17-erp", "trade", "T-20260521-0007", 0)),
                "line_no": 1,
            },
        }
    ],
}

TRANSFER: dict[str, Any] = {
    "kind": "transfer",
    "envelope": {
        "source": "market-17-erp",
        "source_event_id": "DB-20260521-0001",
        "occurred_at": "2026-05-21T06:20:00Z",
        "business_date": "2026-05-21",
    },
    "origin": {"party": "92350200MA31X9YT2E", "location": "SHOP-8"},
    "destination": {"party": "92350200MA31X9YT2E", "location": "SHOP-9"},
    "lines": [_PORK],
}

STOCKTAKE: dict[str, Any] = {
    "kind": "stocktake",
    "envelope": {
        "source": "market-17-erp",
        "source_event_id": "PD-20260521-0001",
        "occurred_at": "2026-05-21T13:00:00Z",
        "business_date": "2026-05-21",
    },
    "holder": {"party": "92350200MA31X9YT2E", "location": "SHOP-9"},
    "counts": [
        {
            "line_no": 1,
            "product": {"name": "白条猪", "local_code": "10101"},
            "lot_code": "3502000010000451",
            "found": "0",
            "unit": "片",
        }
    ],
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "one trade": {"summary": "One event: a trade of two pork halves", "value": TRADE},
    "a list": {
        "summary": "A list: a receipt, and a void of an earlier event",
        "value": [RECEIPT, VOID],
    },
    "stock": {
        "summary": "What moves without a sale: goods back to the seller, to another shop, a count",
        "value": [RETURN, TRANSFER, STOCKTAKE],
    },
}

_EVENT = {
    "type": "object",
    "required": ["kind", "envelope"],
    "properties": {"kind": {"type": "string", "enum": list(KINDS)}, "envelope": {"type": "object"}},
    "description": "The fields of each kind are those of its Avro contract (`/registry/subjects`)",
}

#: The body, which is read as a stream and therefore documented by hand.
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [_EVENT, {"type": "array", "items": _EVENT}]},
                "examples": EXAMPLES,
            },
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "One event a line"},
            },
        },
    }
}

_ANSWER = {
    "received": 3,
    "accepted": 1,
    "duplicate": 1,
    "refused": 1,
    "failed": 0,
    "after": "kgGBpXRyYWRlgQDNA_I",
    "answers": [
        {"index": 0, "status": "accepted", "event_id": "d4b0f0f6-53f9-8a4b-9f1e-3f1b2a6c7d8e"},
        {"index": 1, "status": "duplicate", "event_id": "5b1d0a52-0c1f-8e59-8a37-9a8c1f0e4b21"},
        {
            "index": 2,
            "status": "refused",
            "code": "quantity.not-positive",
            "path": "lines[0].count.amount",
            "detail": "-1",
            "zh": "数量必须大于零",
            "en": "The quantity must be greater than zero",
        },
    ],
}

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": PushAnswer,
        "description": "One answer for each event",
        "content": {"application/json": {"example": _ANSWER}},
    },
    **PROBLEM_RESPONSES,
}
