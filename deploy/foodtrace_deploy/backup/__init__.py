"""A copy of everything an installation can't make again, and the way back from it."""
