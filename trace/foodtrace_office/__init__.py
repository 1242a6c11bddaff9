"""The office: what Kafka can't give back — API keys, mandates, schema registry rows.

It lives in its own PostgreSQL schema, `office`, is backed up, and is never touched by a replay.
"""
