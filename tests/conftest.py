"""What every test can ask for: see `support.fixtures`."""

import os

from hypothesis import HealthCheck, settings

# Tests in parallel processes are told a width of 80, in one process none: commands fold the same.
os.environ.pop("COLUMNS", None)

pytest_plugins = ["support.fixtures"]

# Machines are noisy, so no example is judged by its time. CI draws the same examples every time;
# whoever runs the tests by hand draws new ones.
settings.register_profile(
    "house",
    deadline=None,
    max_examples=60,
    derandomize=os.environ.get("CI") == "true",
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
