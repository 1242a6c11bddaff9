"""GET /v1/lots/{lot_id}/papers: which papers a lot has, and which are missing."""
