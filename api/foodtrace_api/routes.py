"""Every feature of the door, in the order of the documentation."""

from __future__ import annotations

from fastapi import FastAPI

from foodtrace_api.batches.routes import router as batches
from foodtrace_api.deadletters.routes import router as deadletters
from foodtrace_api.events.routes import router as events
from foodtrace_api.evidence.routes import router as evidence
from foodtrace_api.flags.routes import router as flags
from foodtrace_api.health.routes import router as health
from foodtrace_api.inspections.routes import router as inspections
from foodtrace_api.keys.routes import router as keys
from foodtrace_api.lineage.routes import questions
from foodtrace_api.locations.routes import router as locations
from foodtrace_api.lots.routes import router as lots
from foodtrace_api.mandates.routes import router as mandates
from foodtrace_api.papers.routes import router as papers
from foodtrace_api.parties.routes import router as parties
from foodtrace_api.problems.routes import router as problems
from foodtrace_api.push.routes import router as push
from foodtrace_api.receipts.routes import router as receipts
from foodtrace_api.registry.routes import router as registry
from foodtrace_api.stock.routes import router as stock
from foodtrace_api.trades.routes import router as trades
from foodtrace_api.vouchers.routes import router as vouchers

_ROUTERS = (
    push,
    lots,
    batches,
    stock,
    questions("lot", "lots"),
    questions("batch", "batches"),
    papers,
    inspections,
    receipts,
    vouchers,
    trades,
    parties,
    locations,
    flags,
    events,
    evidence,
    deadletters,
    keys,
    mandates,
    registry,
    problems,
    health,
)


def include_all(app: FastAPI) -> None:
    """Put every feature's routes on `app`."""
    for router in _ROUTERS:
        app.include_router(router)
