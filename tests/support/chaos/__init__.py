"""Chaos: a city plays while parts are killed, frozen and cut off; then its oracle gives a verdict.

`python -m support.chaos --events 200000 --kills 30 --seed 7` (with `tests` on the path) is
`make chaos`. What is done when follows from the seed alone (`plan`).
"""
