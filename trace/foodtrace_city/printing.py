"""What a firm's documents print of goods: all codes, or none where its books keep no lots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from foodtrace_city.desk import Printed
from foodtrace_city.model import Body, Cell, Portion, Site


@dataclass(frozen=True, slots=True)
class Item:
    """A portion that changes hands. `label` is a new trace code printed for the sale, `typo` the
    code as a clerk mistyped it, `printed` a younger production date that the seller prints,
    `batch_only` drops the trace code, `free` makes it a gift."""

    part: Portion
    label: str | None = None
    typo: str | None = None
    printed: date | None = None
    batch_only: bool = False
    papers: tuple[Body, ...] = ()
    free: bool = False
    state: str | None = None


def states_codes(writer: Site, cell: Cell, *, buying: bool = False) -> bool:
    """Whether a document of that writer bears the goods' codes.

    Nobody can state codes that it was never told. A system without lots states none either, but may
    note those on the goods that it is buying.
    """
    if cell.tidy:
        return True
    lots = writer.books.lots or (buying and writer.books.codes_in)
    return lots and cell.known and (cell.label is not None or cell.batch is not None)


def printed(
    writer: Site, part: Portion, item: Item | None = None, *, buying: bool = False
) -> Printed:
    """The line that a document of that writer has for the portion."""
    if not states_codes(writer, part.cell, buying=buying):
        return _uncoded(writer, part, item, dated=buying)
    cell = part.cell
    made = (item.printed if item else None) or cell.printed
    label = cell.label
    source: str | None = None
    if item is not None and item.typo:
        label = item.typo
    elif item is not None and label is not None and (item.label or item.batch_only):
        source, label = label, item.label
    return Printed(
        product=cell.product,
        count=part.count,
        grams=part.grams,
        label=label,
        source_label=source,
        batch=cell.batch,
        maker=cell.maker,
        made=made,
        expires=made + timedelta(days=cell.product.shelf_days),
        origin=cell.origin,
        papers=item.papers if item else (),
        jin=writer.books.market_units,
        cases=writer.books.market_units and not cell.tidy,
        free=item.free if item else False,
        scanned=label is not None,
        state=item.state if item else None,
    )


def _uncoded(writer: Site, part: Portion, item: Item | None, *, dated: bool) -> Printed:
    """A line without codes. A buyer notes the dates of what comes in; what goes out bears none,
    unless somebody prints one of his own making."""
    cell, made = part.cell, item.printed if item else None
    if dated and made is None:
        made = cell.printed
    return Printed(
        product=cell.product,
        count=part.count,
        grams=part.grams,
        maker=cell.maker,
        made=made,
        expires=made + timedelta(days=cell.product.shelf_days) if made else None,
        origin=cell.origin,
        papers=item.papers if item else (),
        jin=writer.books.market_units,
        cases=writer.books.market_units,
        own_code=writer.books.own_code and cell.product.unit is None and not dated,
        free=item.free if item else False,
        state=item.state if item else None,
    )


def retail(site: Site, part: Portion, *, coded: bool) -> Printed:
    """The line that a till prints: no dates or origin, loose goods in 斤."""
    cell = part.cell
    known = coded and states_codes(site, cell)
    return Printed(
        product=cell.product,
        count=part.count,
        grams=part.grams,
        label=cell.label if known else None,
        batch=cell.batch if known else None,
        maker=cell.maker if known else None,
        jin=cell.product.unit is None,
        scanned=known and cell.product.unit is not None,
    )
