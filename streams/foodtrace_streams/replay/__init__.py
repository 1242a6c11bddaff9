"""The ledger built anew from Kafka beside the live one, compared, and put in its place."""
