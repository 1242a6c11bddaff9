"""The embedded stack: broker, PostgreSQL, workers and API under one supervisor."""
