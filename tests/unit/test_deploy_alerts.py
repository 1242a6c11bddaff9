"""deploy/prometheus: rules that Prometheus can read, on metrics and labels that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest

from foodtrace_ops.metrics import METRICS, MetricRow
from support.manifests import DEPLOY, PROMETHEUS, Document, read

#: Labels that Prometheus itself puts on what it reads.
_OF_PROMETHEUS = {"job", "instance"}
_PARTS = ("_bucket", "_sum", "_count")
ROWS = {row.name: row for row in METRICS}
DOCS = DEPLOY.parent


def rules() -> list[Document]:
    return [
        rule for group in read(PROMETHEUS / "alerts.yaml")[0]["groups"] for rule in group["rules"]
    ]


RULES = rules()


def selectors(expression: Any) -> Iterator[Any]:
    """Every vector selector of a parsed expression."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
    for name in ("expr", "lhs", "rhs", "vector_selector", "param"):
        inner = getattr(expression, name, None)
        if inner is not None:
            yield from selectors(inner)
    for inner in getattr(expression, "args", None) or ():
        yield from selectors(inner)


def row_of(name: str) -> MetricRow | None:
    """The row of the table whose metric or part of a histogram this is."""
    if name in ROWS:
        return None if ROWS[name].type == "histogram" else ROWS[name]
    for part in _PARTS:
        row = ROWS.get(name.removesuffix(part))
        if name.endswith(part) and row is not None and row.type == "histogram":
            return row
    return None


def labels_of(name: str) -> set[str]:
    """Labels that a metric has; raises KeyError for one that nobody counts."""
    if name == "up":
        return _OF_PROMETHEUS
    row = row_of(name)
    if row is None:
        raise KeyError(name)
    return {*row.labels, *_OF_PROMETHEUS} | ({"le"} if row.type == "histogram" else set())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_asks_for_metrics_and_labels_that_there_are(rule: Document) -> None:
    found = list(selectors(promql_parser.parse(rule["expr"])))
    assert found
    known = set.union(*(labels_of(each.name) for each in found))
    for each in found:
        for matcher in each.matchers.matchers:
            assert matcher.name in labels_of(each.name)
    grouped = re.findall(r"\b(?:by|on) \(([^)]*)\)", rule["expr"])
    asked = {label.strip() for group in grouped for label in group.split(",")}
    assert asked <= known
    # A label that the expression dropped would stand empty in the sentence.
    shown = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    kept = (asked - {"le"}) or _OF_PROMETHEUS
    assert shown <= kept


def test_a_metric_that_nobody_counts_is_found() -> None:
    for name in (
        "foodtrace_nothing_total",
        "foodtrace_visible_seconds",
        "foodtrace_lag_records_sum",
    ):
        with pytest.raises(KeyError):
            labels_of(name)
    assert "le" in labels_of("foodtrace_visible_seconds_bucket")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_says_how_urgent_what_and_where_to_read_on(rule: Document) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert re.fullmatch(r"\d+[smh]", rule["for"])
    told = rule["annotations"]
    assert re.search("[一-鿿]", told["summary_zh"])
    assert not re.search("[一-鿿]", told["summary"])
    assert told["summary"].count("{{") == told["summary_zh"].count("{{")
    page, _, anchor = told["runbook"].partition("#")
    text = (DOCS / page).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert anchor in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}


def test_names_are_given_once() -> None:
    names = [rule["alert"] for rule in RULES]
    assert len(set(names)) == len(names)
