"""Which papers goods need: one proof of each group, by category and whether they were imported.

Sources: 两证一报告 per pork batch and the three papers of vegetables, any one of which will do
(食用农产品市场销售质量安全监督管理办法, 2023); 动物防疫法 for other meat and live animals; imports carry
入境货物检验检疫证明. [?] That fruit and aquatic produce are treated as vegetables, and that the import
paper stands for the domestic ones. A category that isn't listed needs nothing that we know of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from foodtrace.codes import canonical
from foodtrace.papers.kinds import Proof

#: Any one of these proofs will do.
Group = frozenset[Proof]

IMPORTED: Group = frozenset({Proof.IMPORT_QUARANTINE})
_IMPORT_CAUSES = frozenset(canonical(name) for name in ("import", "进口", "入境"))
_LIVE = (frozenset({Proof.ANIMAL_QUARANTINE}),)
_PORK = (
    frozenset({Proof.PRODUCT_QUARANTINE}),
    frozenset({Proof.MEAT_INSPECTION}),
    frozenset({Proof.ASF_TEST}),
)
_MEAT = (frozenset({Proof.PRODUCT_QUARANTINE}),)
_PRODUCE = (frozenset({Proof.CONFORMITY_PROMISE, Proof.ORIGIN_PROOF, Proof.TEST_CERTIFICATE}),)


@dataclass(frozen=True, slots=True)
class DueTable:
    """From which day it holds, and what is due by category in canonical form."""

    since: date
    groups: Mapping[str, tuple[Group, ...]]


def _table(*rows: tuple[tuple[Group, ...], str]) -> Mapping[str, tuple[Group, ...]]:
    return MappingProxyType(
        {canonical(name): groups for groups, names in rows for name in names.split()}
    )


#: Versions of the table, oldest first.
DUE: tuple[DueTable, ...] = (
    DueTable(
        date(1990, 1, 1),
        _table(
            (_LIVE, "活畜 生猪 猪 肉牛 牛 羊 活禽 pig cattle sheep"),
            (_PORK, "猪肉 猪副产品 pork"),
            (
                _MEAT,
                "牛肉 羊肉 禽肉 鸡肉 鸭肉 牛副产品 羊副产品 beef mutton lamb chicken poultry",
            ),
            (_PRODUCE, "蔬菜 水果 水产 水产品 鱼 虾 贝类 vegetable fruit aquatic fish shrimp"),
        ),
    ),
)


def due(category: str | None, day: date) -> tuple[Group, ...]:
    """The groups of proofs that goods of a category need on a day, one of each group."""
    if category is None:
        return ()
    table = next((each for each in reversed(DUE) if each.since <= day), DUE[0])
    return table.groups.get(canonical(category), ())


def is_import(cause: str | None) -> bool:
    """Whether a commissioning's cause says that the goods came from abroad."""
    return cause is not None and canonical(cause) in _IMPORT_CAUSES
