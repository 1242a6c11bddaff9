"""/v1/dead-letters: records that went aside, with the reason and the original bytes. For ops."""
