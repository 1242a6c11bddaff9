"""What every test can ask for: see `support.fixtures`."""

pytest_plugins = ["support.fixtures"]
