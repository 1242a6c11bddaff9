"""What a source's sample day lets a recall say: shares of lines, sides and documents that lack something.

`readiness` is a pure function of a set of events; neither their order nor repetition matters.
"""

from __future__ import annotations

from foodtrace.readiness.judged import Example, Grade, Readiness, Share, Verdict, readiness
from foodtrace.readiness.rules import RULES, Effect, Population, Rule

__all__ = [
    "RULES",
    "Effect",
    "Example",
    "Grade",
    "Population",
    "Readiness",
    "Rule",
    "Share",
    "Verdict",
    "readiness",
]
