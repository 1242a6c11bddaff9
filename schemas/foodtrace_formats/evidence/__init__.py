"""Evidence bundles: stretches of the log that anybody can check without a server."""
