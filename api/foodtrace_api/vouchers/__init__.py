"""GET /v1/vouchers/{no}: what a voucher's number ties together."""
