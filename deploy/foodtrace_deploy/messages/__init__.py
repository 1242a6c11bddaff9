"""The catalogue's rooms: one file a feature, each with a table `TEXTS`."""
