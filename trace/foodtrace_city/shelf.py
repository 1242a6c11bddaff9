"""What stands on a site's shelf: goods come in, go out, and nothing leaves that wasn't there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from foodtrace_city.model import Cell, Craft, Portion, Product, Site

# A shelf with more kinds of goods than this gets cleared, which bounds the city's memory; makers
# and importers hold one batch of each of their products.
SHELF_LIMIT = 12
OPENER_LIMIT = 300
_OPENERS = (Craft.MAKER, Craft.IMPORTER)
# So many products that a site has run out of are remembered.
_GONE_LIMIT = 6
# On which day after they came goods of a category are thrown away at the latest, as traders do.
KEPT = {
    "活畜": 2,
    "猪肉": 4,
    "蔬菜": 6,
    "水果": 14,
    "豆制品": 6,
    "糕点": 3,
    "餐饮食品": 1,
    "肉制品": 25,
    "乳制品": 25,
}


Wanted = Callable[[Cell], bool]


def put(site: Site, goods: Cell) -> Cell:
    """Put goods on the shelf, beside those of the same code if there are any; the cell they lie in.

    Raises ValueError when goods of one code have two histories, which would be a bug of the city.
    """
    for cell in site.shelf:
        if _same(cell, goods):
            if cell.marks != goods.marks:
                raise ValueError(f"{goods.label or goods.batch} at {site.name} has two histories")
            cell.count += goods.count
            cell.grams += goods.grams
            # Where some of it came without codes nobody can tell which bears one.
            cell.known = cell.known and goods.known
            cell.since = min(filter(None, (cell.since, goods.since)), default=None)
            return cell
    site.shelf.append(goods)
    site.gone.pop(goods.product.product, None)
    return goods


def portion(cell: Cell, *, count: int = 0, grams: int = 0) -> Portion:
    """An amount of what is in a cell: so many counted units, or so many grams of goods by weight.

    Counted goods that are weighed too take their share of the weight along.
    """
    if cell.product.unit is None:
        return Portion(cell, 0, min(grams, cell.grams))
    count = min(count, cell.count)
    return Portion(cell, count, cell.grams * count // cell.count if cell.count else 0)


def whole(cell: Cell) -> Portion:
    """All that is in a cell."""
    return Portion(cell, cell.count, cell.grams)


def take(site: Site, part: Portion) -> None:
    """Take a portion off the shelf. Raises ValueError when it isn't there."""
    cell = part.cell
    if part.count > cell.count or part.grams > cell.grams or part.count + part.grams <= 0:
        raise ValueError(f"{site.name} has no {part.count}/{part.grams} of {cell.product.name}")
    cell.count -= part.count
    cell.grams -= part.grams
    if cell.empty:
        site.shelf.remove(cell)
        _remember_gone(site, cell.product)


def on_sale(site: Site, wanted: Wanted = lambda _cell: True) -> list[Cell]:
    """What the site may sell: not what is set aside for a planted incident."""
    return [c for c in site.shelf if not c.reserved and not c.waiting and wanted(c)]


def surplus(site: Site) -> list[Cell]:
    """The oldest goods above the shelf's limit; planted ones stay."""
    free = [cell for cell in site.shelf if not cell.reserved and not cell.marks]
    limit = OPENER_LIMIT if site.craft in _OPENERS else SHELF_LIMIT
    return free[: max(0, len(site.shelf) - limit)]


def stale(site: Site, day: date) -> list[Cell]:
    """Goods that have lain here for as long as their kind is kept; tidy cases are left alone."""
    return [cell for cell in site.shelf if not cell.tidy and _old(cell, day)]


def _old(cell: Cell, day: date) -> bool:
    kept = KEPT.get(cell.product.category)
    return kept is not None and cell.since is not None and (day - cell.since).days >= kept


def _remember_gone(site: Site, product: Product) -> None:
    if all(cell.product.product != product.product for cell in site.shelf):
        site.gone[product.product] = product
        while len(site.gone) > _GONE_LIMIT:
            del site.gone[next(iter(site.gone))]


def _same(cell: Cell, goods: Cell) -> bool:
    if (cell.reserved, cell.waiting) != (goods.reserved, goods.waiting):
        return False
    if cell.product.product != goods.product.product:
        return False
    if cell.label is not None or goods.label is not None:
        return cell.label == goods.label
    return cell.batch == goods.batch
