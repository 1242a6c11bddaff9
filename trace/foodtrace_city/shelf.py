"""What stands on a site's shelf: goods come in, go out, and nothing leaves that wasn't there."""

from __future__ import annotations

from collections.abc import Callable

from foodtrace_city.model import Cell, Craft, Portion, Site

# A shelf with more kinds of goods than this gets cleared, which bounds the city's memory; makers
# and importers hold one batch of each of their products.
SHELF_LIMIT = 12
OPENER_LIMIT = 300
_OPENERS = (Craft.MAKER, Craft.IMPORTER)


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
            return cell
    site.shelf.append(goods)
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


def on_sale(site: Site, wanted: Wanted = lambda _cell: True) -> list[Cell]:
    """What the site may sell: not what is set aside for a planted incident."""
    return [cell for cell in site.shelf if not cell.reserved and wanted(cell)]


def surplus(site: Site) -> list[Cell]:
    """The oldest goods above the shelf's limit; planted ones stay."""
    free = [cell for cell in site.shelf if not cell.reserved and not cell.marks]
    limit = OPENER_LIMIT if site.craft in _OPENERS else SHELF_LIMIT
    return free[: max(0, len(site.shelf) - limit)]


def _same(cell: Cell, goods: Cell) -> bool:
    if cell.reserved != goods.reserved:
        return False
    if cell.label is not None or goods.label is not None:
        return cell.label == goods.label
    return cell.product.product == goods.product.product and cell.batch == goods.batch
