"""GET /v1/inspections: what was found of a lot, product, place, receipt or sample."""
