"""/v1/dead-letters: records that went aside, why, and what is done about them."""
