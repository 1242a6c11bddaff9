"""Answers as people read them in a terminal; nothing here asks anybody anything."""
