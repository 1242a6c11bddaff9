"""GET /v1/stock and /v1/lots/{lot}/stock: 进销存, what should be there and what doesn't add up."""
