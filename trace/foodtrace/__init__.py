"""The domain of food traceability: events, lots, lineage, balance and flags.

Values and functions over the standard library only; nothing here reads a clock, a file or a network.
"""
