"""/v1/batches: one batch with the lots of it in all hands."""
