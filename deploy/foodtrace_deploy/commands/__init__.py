"""The commands of `foodtrace`, one file each with a function `register(app)`."""
