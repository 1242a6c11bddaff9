"""/v1/lots: what a code may mean, the search over batches, and all that is known of one lot."""
