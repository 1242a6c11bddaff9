"""/v1/keys: issue, list and revoke API keys."""
