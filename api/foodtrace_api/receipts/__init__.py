"""GET /v1/receipts/{code}: what a consumer may know of the food on a receipt."""
