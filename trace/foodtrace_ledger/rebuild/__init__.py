"""A ledger built anew beside the live one: made, loaded, indexed, compared, and put in its place."""
