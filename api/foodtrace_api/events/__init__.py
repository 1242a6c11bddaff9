"""GET /v1/events/{id}: what was said under an event's id, and whether it still holds."""
