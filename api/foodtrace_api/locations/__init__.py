"""/v1/locations: a place in its tree, who sat there when, and what stands in it."""
