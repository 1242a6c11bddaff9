"""What else happens to goods: sent back, released, moved, used, counted, corrected, packed.

Like the floor, every move here takes goods off one shelf, puts them on another, tells the oracle
and writes the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from foodtrace_city import shelf
from foodtrace_city.desk import Printed, kilograms, lines, reference, side, uuid_of
from foodtrace_city.floor import Floor
from foodtrace_city.model import Body, Cell, Document, Portion, Product, Site
from foodtrace_city.oracle import Parent, Way
from foodtrace_city.printing import Item, printed, states_codes


def give_back(
    floor: Floor, site: Site, part: Portion, reason: str, when: datetime
) -> tuple[Document, Cell]:
    """Goods go back to who sold them, citing the line by which they came, and wait there.

    Gives the cell in which they wait too. Raises ValueError for goods that weren't bought.
    """
    cell = part.cell
    if cell.supplier is None or cell.came_by is None:
        raise ValueError(f"{cell.product.name} at {site.name} wasn't bought")
    supplier, cited = cell.supplier, cell.came_by
    line = replace(printed(site, part), came_by=cited, state="returned")
    parent = (cell.node, states_codes(site, cell))
    floor.take(site, part, when, Way.RETURNED)
    back = _same_goods(part)
    back.waiting = True
    payload = {
        "returner": side(site),
        "receiver": side(supplier),
        "reason": reason,
        "lines": lines([line]),
    }
    document = floor.desk.write(site.source, "return", when, payload, document_type="return_slip")
    # Every return waits by itself: the release names the line by which it came.
    back.came_by, back.supplier = (uuid_of(document), 1), site
    return document, _lay(floor, supplier, back, when, parent)


def release(floor: Floor, site: Site, cell: Cell, reason: str, when: datetime) -> Document:
    """Goods that came back are sound and go on sale again."""
    part = shelf.whole(cell)
    line = replace(printed(site, part), came_by=cell.came_by)
    floor.take(site, part, when, Way.MOVED)
    payload = {"holder": side(site), "reason": reason, "lines": lines([line])}
    again = _same_goods(part)
    again.known = states_codes(site, cell)
    floor.put(site, again, when, [(cell.node, True)])
    return floor.desk.write(site.source, "release", when, payload, document_type="release_note")


def transfer(
    floor: Floor, origin: Site, destination: Site, parts: Sequence[Portion], when: datetime
) -> Document:
    """Goods move between two places of one party."""
    handed = [
        floor.hand_over(origin, destination, Item(part), when, origin, way=Way.MOVED)
        for part in parts
    ]
    payload = {
        "origin": side(origin),
        "destination": side(destination),
        "lines": lines([each.line for each in handed]),
    }
    return floor.desk.write(origin.source, "transfer", when, payload, document_type="transfer_slip")


def consume(
    floor: Floor, site: Site, parts: Sequence[Portion], purpose: str, when: datetime
) -> Document:
    """Goods are used without a sale: a meal, own use, a sample."""
    used = [printed(site, part) for part in parts]
    for part in parts:
        floor.take(site, part, when, Way.USED)
    payload = {"holder": side(site), "purpose": purpose, "lines": lines(used)}
    return floor.desk.write(
        site.source, "consumption", when, payload, document_type="consumption_record"
    )


def lose(floor: Floor, site: Site, part: Portion, reason: str, when: datetime) -> Document:
    """There is less than the books say: dried out, broken, stolen."""
    line = printed(site, part)
    floor.take(site, part, when, Way.LOST)
    return _adjustment(floor, site, "loss", reason, line, when)


def gain(floor: Floor, site: Site, more: Portion, when: datetime) -> Document:
    """There is more than the books say: the supplier packed more than he wrote down."""
    line = printed(site, more)
    more.cell.count += more.count
    more.cell.grams += more.grams
    return _adjustment(floor, site, "gain", "count_surplus", line, when)


def count_stock(
    floor: Floor, site: Site, cells: Sequence[Cell], gone: Sequence[Product], when: datetime
) -> Document:
    """A person counts: these goods by lot, or all of a product where no lots are kept; and finds
    nothing of what is gone."""
    found = list(_found(site, cells))
    found += [{"product": reference(product), **_nothing(product)} for product in gone]
    counts = [{"line_no": number, **each} for number, each in enumerate(found, start=1)]
    payload = {"holder": side(site), "counts": counts}
    return floor.desk.write(site.source, "stocktake", when, payload, document_type="count_sheet")


def pack(
    floor: Floor, site: Site, parts: Sequence[Portion], unit: str, when: datetime
) -> tuple[Document, list[Cell]]:
    """Goods go onto a pallet; gives what now lies there, which nobody may take from."""
    contents = [printed(site, part) for part in parts]
    packed = []
    for part in parts:
        parent = (part.cell.node, states_codes(site, part.cell))
        floor.take(site, part, when, Way.MOVED)
        goods = _same_goods(part)
        goods.label, goods.batch, goods.reserved = unit, None, True
        goods.known = True
        packed.append(_lay(floor, site, goods, when, parent))
    document = _packing(floor, site, "pack", unit, contents, when)
    return document, packed


def unpack(
    floor: Floor,
    site: Site,
    unit: Sequence[Cell],
    contents: Sequence[Cell],
    when: datetime,
) -> Document:
    """A pallet that came is taken apart: what lies on it has the codes of `contents` again."""
    parts = [shelf.whole(cell) for cell in unit]
    code = unit[0].label or ""
    out = []
    for part, before in zip(parts, contents, strict=True):
        goods = _same_goods(part)
        goods.label, goods.batch, goods.known = before.label, before.batch, before.known
        goods.reserved = before.reserved
        out.append(printed(site, shelf.whole(goods)))
        floor.take(site, part, when, Way.MOVED)
        coded = states_codes(site, goods)
        goods.known = coded
        floor.put(site, goods, when, [(part.cell.node, coded)])
    return _packing(floor, site, "unpack", code, out, when)


def _packing(
    floor: Floor, site: Site, action: str, unit: str, contents: Sequence[Printed], when: datetime
) -> Document:
    payload = {
        "holder": side(site),
        "action": action,
        "unit_code": unit,
        "lines": lines(contents),
    }
    return floor.desk.write(site.source, "packing", when, payload, document_type="pallet_list")


def _adjustment(
    floor: Floor, site: Site, change: str, reason: str, line: Printed, when: datetime
) -> Document:
    payload = {"holder": side(site), "change": change, "reason": reason, "lines": lines([line])}
    return floor.desk.write(
        site.source, "adjustment", when, payload, document_type="adjustment_note"
    )


def _lay(floor: Floor, site: Site, goods: Cell, when: datetime, parent: Parent) -> Cell:
    """Put goods down apart from all others."""
    goods.since = when.date()
    site.shelf.append(goods)
    floor.oracle.came(site, shelf.whole(goods), when.date(), goods.marks, [parent])
    return goods


def _same_goods(part: Portion) -> Cell:
    """What the portion is, without a place yet."""
    return replace(
        part.cell,
        count=part.count,
        grams=part.grams,
        node=None,
        since=None,
        waiting=False,
        came_by=None,
        supplier=None,
    )


def _found(site: Site, cells: Sequence[Cell]) -> Iterator[Body]:
    """What is there, lot by lot, and of each product what bears no code in these books."""
    sums: dict[tuple[str, str | None, str | None], list[Cell]] = {}
    for cell in cells:
        coded = states_codes(site, cell)
        label, batch = (cell.label, cell.batch) if coded else (None, None)
        sums.setdefault((cell.product.product, label, batch), []).append(cell)
    for (_product, label, batch), same in sums.items():
        body: Body = {"product": reference(same[0].product)}
        if label is not None:
            body["lot_code"] = label
        elif batch is not None:
            body["batch_code"] = batch
        yield {**body, **_amount(same)}


def _amount(cells: Sequence[Cell]) -> Body:
    unit = cells[0].product.unit
    if unit is not None:
        return {"found": str(sum(cell.count for cell in cells)), "unit": unit}
    mass = kilograms(sum(cell.grams for cell in cells))
    return {"found": mass["amount"], "unit": mass["unit"]}


def _nothing(product: Product) -> Body:
    return {"found": "0", "unit": product.unit or "kg"}
