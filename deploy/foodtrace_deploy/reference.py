"""The reference page, written from the tables in the code so that it can't say anything else.

`python -m foodtrace_deploy.reference` prints it; a test compares it with docs/reference.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from foodtrace.flags import FLAGS
from foodtrace.inspections import picture
from foodtrace.papers import DUE, PAPER_KINDS, Operation, paper_passes
from foodtrace.problems import PROBLEMS
from foodtrace.quantity import UNITS
from foodtrace_ops import metrics, settings
from foodtrace_schemas.topics import KIND_TABLE, topic_specs


def page() -> str:
    """The whole page in Markdown, English beside Chinese."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Reference · 参考"
    yield ""
    yield "Written by `make docs` from the tables in the code; a test keeps it current."
    yield from _section(
        "Settings · 设置",
        ("variable", "default", "meaning", "含义"),
        ((f"`{row.variable}`", f"`{row.default}`", row.en, row.zh) for row in settings.table()),
    )
    yield from _section(
        "Kinds of events · 事件类型",
        ("kind", "topic", "subject in the registry"),
        ((f"`{row.kind}`", f"`{row.topic}`", f"`{row.subject}`") for row in KIND_TABLE.values()),
    )
    yield from _section(
        "Topics · 主题",
        ("topic", "partitions", "must be kept so"),
        ((f"`{spec.name}`", str(spec.partitions), _config(spec.config)) for spec in topic_specs()),
    )
    yield from _section(
        "Metrics · 指标",
        ("metric", "type", "meaning", "含义"),
        ((f"`{row.name}`", row.type, row.en, row.zh) for row in metrics.METRICS),
    )
    yield from _section(
        "Error codes · 错误代码",
        ("code", "whose", "meaning", "含义"),
        ((f"`{code}`", str(t.blame), t.en, t.zh) for code, t in sorted(PROBLEMS.items())),
    )
    yield from _section(
        "Flags · 标记",
        ("flag", "meaning", "含义"),
        ((f"`{code}`", text.en, text.zh) for code, text in FLAGS.items()),
    )
    yield from _section(
        "Units · 计量单位",
        ("unit", "measures", "base units each", "English"),
        ((f"`{code}`", u.dimension, str(u.factor), u.en) for code, u in UNITS.items()),
    )
    yield from _papers()
    yield from ("", "## States of inspected goods · 检验状态", "", "```mermaid", picture(), "```")


def _papers() -> Iterator[str]:
    """Kinds of papers with what they pass, and what is due of which goods."""
    yield from _section(
        "Papers · 证明",
        ("kind", "名称", "meaning", *Operation),
        (
            (f"`{kind.code}`", kind.zh, kind.en, *(paper_passes(kind.code, o) for o in Operation))
            for kind in PAPER_KINDS.values()
        ),
    )
    table = DUE[-1].groups
    yield from _section(
        "Papers that are due · 应有的证明",
        ("categories", "one of each"),
        (
            (
                ", ".join(name for name in table if table[name] == groups),
                "; ".join(" / ".join(f"`{p}`" for p in sorted(group)) for group in groups),
            )
            for groups in dict.fromkeys(table.values())
        ),
    )


def _section(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from ("", f"## {title}", "", _row(heads), _row(["---"] * len(heads)))
    yield from (_row(row) for row in rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _config(config: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}={value}`" for name, value in sorted(config.items()))


if __name__ == "__main__":
    print(page(), end="")
