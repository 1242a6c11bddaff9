"""GET /v1/events: what a source sent; /v1/events/{id}: what an id says, and whether it still holds."""
