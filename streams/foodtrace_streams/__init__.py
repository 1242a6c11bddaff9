"""The Faust app: chunks of one partition in, facts and read position into the ledger."""
