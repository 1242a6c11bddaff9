"""foodtrace."""
