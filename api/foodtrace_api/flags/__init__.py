"""GET /v1/flags: what is odd in the ledger, and what each flag's code means."""
