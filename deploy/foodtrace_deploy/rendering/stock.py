"""The book of stock as a table: one row a product, place and unit, then what doesn't add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.texts import current, say

Json = Mapping[str, Any]
#: The terms of the equation in their order; those nobody has a figure for are left out.
TERMS = (
    "opening",
    "opened",
    "implied",
    "sold",
    "retail",
    "used",
    "disposed",
    "moved",
    "returned",
    "adjusted",
)
COMING = frozenset({"opening", "opened", "implied"})
#: Goods for sale, in logistic units, returned: tables of their own.
KEEPINGS = ("shelf", "unit", "waiting")
#: Lines of what doesn't add up; `--json` has them all.
SHOWN = 20
MEASURED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One equation of a line, with what was counted in its unit."""

    party: str
    location: str
    product: str
    figures: Json
    found: str


def show_stock(console: Console, answer: Json, title: str) -> None:
    """The book of a party or a place."""
    lines = answer["lines"]
    names = places.Names(lines)
    _head(console, answer, title)
    if not lines:
        console.print(Text("  " + say("stock-none"), style="yellow"))
    for keeping in KEEPINGS:
        some = [line for line in lines if line["keeping"] == keeping]
        rows = [row for line in some for row in _rows(line, names)]
        if rows:
            heading = say(f"stock-keeping-{keeping}") if keeping != "shelf" else None
            _show_rows(console, rows, heading)
    told = [(_where(line, names), line) for line in lines]
    _show_odd(console, told)
    show_completeness(console, answer["completeness"])


def show_lots(console: Console, answers: Sequence[Json], title: str, more: int) -> None:
    """The books of the lots under one code, in all hands or some."""
    _head(console, answers[0] if answers else {"at": None, "since": None}, title)
    books = [each["stock"] for each in answers]
    holders = [{"party": b["lot"]["holder"], "party_name": b["holder_name"]} for b in books]
    names = places.Names(holders)
    rows = []
    for book in books:
        lot = book["lot"]
        line = {
            **book,
            "party": lot["holder"],
            "location": lot["location"],
            "product": lot["code"],
            "product_name": None,
            "kept_by": (),
            "partial": False,
        }
        rows += _rows(line, names)
    if rows:
        _show_rows(console, rows, None, what="lot")
    else:
        console.print(Text("  " + say("stock-none"), style="yellow"))
    if more:
        console.print(Text("  " + say("stock-more-lots", count=more), style="yellow"))
    _show_odd(console, [(names.of(b["lot"]["holder"]), b) for b in books])
    if answers:
        show_completeness(console, answers[0]["completeness"])


def _head(console: Console, answer: Json, title: str) -> None:
    days = [say(f"stock-{key}", day=answer[name]) for key, name in _DAYS if answer[name]]
    console.print(Text("  ".join([title, *days]), style="bold"))
    console.print(Text("  " + say("stock-equation"), style="dim"))


_DAYS = (("since", "since"), ("until", "at"))


def _rows(line: Json, names: places.Names) -> list[Row]:
    """A row a unit, the converted total, then counts in units that the books don't know."""
    counts = {each["unit"]: _count(each) for each in line["found"] if each["lot"] is None}
    counts |= {each["unit"]: _count(each) for each in line["found"] if each["lot"] is not None}
    product = line["product_name"] or line["product"]
    told = [(product, each) for each in line["equations"]]
    if line["comparable"] is not None:
        told.append((say("stock-together", product=product), line["comparable"]))
    rows = [
        Row(
            party=_party(line, names),
            location=line.get("location_name") or line["location"],
            product=name,
            figures=figures,
            found=counts.pop(figures["unit"], "") if name == product else "",
        )
        for name, figures in told
    ]
    for unit, found in counts.items():
        nothing = dict.fromkeys((*TERMS, "book_stock"), "0")
        rows.append(
            Row(
                party=_party(line, names),
                location=line.get("location_name") or line["location"],
                product=product,
                figures={**nothing, "unit": unit},
                found=found,
            )
        )
    return rows


def _party(line: Json, names: places.Names) -> str:
    party = names.of(line["party"])
    if line["partial"]:
        return say("stock-partial", party=party)
    if line["kept_by"]:
        keepers = ", ".join(names.of(each) for each in line["kept_by"])
        return say("stock-kept-by", party=party, keepers=keepers)
    return party


def _count(found: Json) -> str:
    book = quantities.number(found["book_stock"])
    amount = quantities.number(found["found"])
    return say("stock-count", found=amount, day=found["day"][5:], book=book)


def _show_rows(
    console: Console, rows: Sequence[Row], heading: str | None, what: str = "product"
) -> None:
    """A table, or where the screen is too narrow for one, a line of the equation for each row."""
    if heading is not None:
        console.print(Text("  " + heading, style="bold"))
    table = _table(rows, what)
    measured = console.options.update(max_width=MEASURED)
    if Measurement.get(console, measured, table).minimum <= console.width:
        console.print(table)
        return
    for row in rows:
        console.print(Text(f"  {_place(row)}  {row.product}"))
        console.print(Text(f"    {_equation(row)}  {row.found}".rstrip(), style=_style(row)))


def _table(rows: Sequence[Row], what: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=True)
    places_differ = len({row.location for row in rows}) > 1
    parties_differ = len({row.party for row in rows}) > 1 or what == "lot"
    terms = [name for name in TERMS if quantities.any_of((row.figures for row in rows), name)]
    named = [
        *(["party"] if parties_differ else []),
        *(["location"] if places_differ else []),
        what,
    ]
    for name in named:
        table.add_column(say(f"column-{name}"), overflow="fold", min_width=8)
    for name in (*terms, "book_stock"):
        table.add_column(say(f"column-{name}"), justify="right", no_wrap=True)
    table.add_column(say("column-unit"), no_wrap=True)
    counted = any(row.found for row in rows)
    if counted:
        table.add_column(say("column-found"), no_wrap=True)
    for row in rows:
        texts = {"party": row.party, "location": row.location, what: row.product}
        cells = [Text(texts[name]) for name in named]
        cells += [Text(_shown(row.figures[name])) for name in terms]
        cells.append(Text(quantities.number(row.figures["book_stock"]), style=_style(row)))
        cells.append(Text(row.figures["unit"]))
        table.add_row(*cells, *([Text(row.found)] if counted else []))
    return table


def _shown(amount: str) -> str:
    return quantities.number(amount) if Decimal(amount) else ""


def _style(row: Row) -> str:
    return "bold red" if Decimal(row.figures["book_stock"]) < 0 else ""


def _place(row: Row) -> str:
    return "  ".join(part for part in (row.party, row.location) if part)


def _equation(row: Row) -> str:
    """received 48 − retail 50 = book stock −2 袋."""
    told = ""
    for name in TERMS:
        amount = Decimal(row.figures[name])
        if amount:
            sign = ("− ", "+ ")[name in COMING] if told else ""
            told += f"{sign}{say(f'column-{name}')} {quantities.number(amount)} "
    book = quantities.quantity(row.figures["book_stock"], row.figures["unit"])
    return f"{told or '0 '}= {say('column-book_stock')} {book}"


def _where(line: Json, names: places.Names) -> str:
    place = line.get("location_name") or line["location"]
    product = line["product_name"] or line["product"]
    return "  ".join(part for part in (_party(line, names), place, product) if part)


def _show_odd(console: Console, lines: Iterable[tuple[str, Json]]) -> None:
    """What doesn't add up, line by line, and the trades whose reports differ."""
    told = [
        f"{where}: {text}"
        for where, line in lines
        for text in (*map(_odd, line["odd"]), *map(_differing, line["differing"]), *_more(line))
    ]
    if not told:
        return
    console.print(Text(say("stock-odd-title", count=len(told)), style="bold yellow"))
    for each in told[:SHOWN]:
        console.print(Text("  " + each, style="yellow"))
    if len(told) > SHOWN:
        console.print(Text("  " + say("stock-more", count=len(told) - SHOWN)))


def _odd(odd: Json) -> str:
    facts = [odd["zh"] if current() == "zh" else odd["en"]]
    if odd["first"] and odd["until"]:
        facts.append(say("stock-odd-between", first=odd["first"], until=odd["until"]))
    elif odd["first"]:
        facts.append(say("stock-odd-since", first=odd["first"]))
    if odd["lowest"] is not None:
        lowest = quantities.quantity(odd["lowest"], odd["unit"])
        facts.append(say("stock-odd-lowest", amount=lowest))
    elif odd["detail"]:
        facts.append(odd["detail"])
    return "  ".join([*facts, f"[{odd['code']}]"])


def _differing(trade: Json) -> str:
    told = "; ".join(
        say(
            "stock-report",
            voice=say(f"voice-{each['voice']}"),
            amount=quantities.quantity(each["amount"], trade["unit"]),
            document=places.document(each["document"]),
        )
        for each in trade["reports"]
    )
    return say("stock-differing", told=told)


def _more(line: Json) -> list[str]:
    count = line["differing_count"] - len(line["differing"])
    return [say("stock-more", count=count)] if count else []
