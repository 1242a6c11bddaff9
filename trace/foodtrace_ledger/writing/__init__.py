"""The steps of writing a chunk, in the fixed order of tables that keeps two writers from deadlock.

event, event_content, voiding, lot, batch, names, facts, retail sums, heard, dead letters, position.
"""
