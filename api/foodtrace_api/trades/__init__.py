"""GET /v1/trades: one trade as both parties report it."""
