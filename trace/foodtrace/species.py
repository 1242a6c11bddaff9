"""Which species a product's category belongs to: a certificate of animals covers just one.

Version 1 of the table. A category that isn't listed has no species, so nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from foodtrace.codes import canonical

_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "pig": ("生猪", "猪", "猪肉", "猪副产品", "pig", "pork"),
    "cattle": ("肉牛", "牛", "牛肉", "牛副产品", "cattle", "beef"),
    "sheep": ("羊", "羊肉", "羊副产品", "sheep", "mutton", "lamb"),
    "poultry": ("活禽", "禽", "禽肉", "鸡", "鸡肉", "鸭", "鸭肉", "poultry", "chicken", "duck"),
    "fish": ("水产", "水产品", "鱼", "虾", "贝类", "aquatic", "fish", "shrimp"),
    "vegetable": ("蔬菜", "vegetable"),
    "fruit": ("水果", "fruit"),
}

#: Category in canonical form -> species.
SPECIES: Mapping[str, str] = MappingProxyType(
    {canonical(name): species for species, names in _CATEGORIES.items() for name in names}
)


def species_of(category: str | None) -> str | None:
    """The species of a category, None where the table doesn't know it."""
    return None if category is None else SPECIES.get(canonical(category))
