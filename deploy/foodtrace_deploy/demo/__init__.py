"""The demo: a city's day through the real door, two recalls, and an oracle that checks them."""
