"""/v1/evidence and /v1/events/{id}/proof: that the log holds what was received, and only grows."""
