"""Look-ups by any code, also by the web address on a package (GS1 Digital Link)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.digital_link import DigitalLink, parse
from foodtrace.problems import TheirFault
from foodtrace_ledger import arrays, lots, named
from foodtrace_ledger.lots import Found
from foodtrace_ledger.sqlfile import sql


def find(conn: Connection, code: str, at: date | None = None) -> Found:
    """What a code may mean, around the day `at` if it is given.

    A link means what documents printed as it stands, and the goods, unit or place that it names.
    Raises TheirFault `link.no-lot` for a link that names a product alone, if nobody printed it.
    """
    found = lots.find(conn, code, at)
    link = parse(code)
    if link is None:
        return found
    if link.code is None:
        if found.candidates:
            return found
        raise TheirFault("link.no-lot", link.uri, "code")
    meant = _meant(conn, link, lots.find(conn, link.code, at))
    return replace(
        found,
        batches=tuple({e.batch.batch_id: e for e in (*found.batches, *meant.batches)}.values()),
        traces=tuple(
            {e.lots[0].lot_id: e for e in (*found.traces, *meant.traces) if e.lots}.values()
        ),
        named=tuple(dict.fromkeys((*found.named, *meant.named))),
    )


def _meant(conn: Connection, link: DigitalLink, found: Found) -> Found:
    """Of what bears the narrowest code of a link only what the link as a whole can mean."""
    if link.gln is not None:
        return replace(found, batches=(), traces=())
    if link.gtin is None:
        return replace(found, batches=(), named=())
    products = _products(conn, link.gtin)
    asked = {"code": canonical(link.code or ""), "product": arrays.texts(sorted(products))}
    of_it = {row.lot_id for row in conn.execute(sql("traces_of_products"), asked)}
    return replace(
        found,
        batches=tuple(each for each in found.batches if each.batch.product in products),
        traces=tuple(e for e in found.traces if any(lot.lot_id in of_it for lot in e.lots)),
        named=(),
    )


def _products(conn: Connection, gtin: str) -> set[str]:
    """The keys under which lines name the product of a GTIN of 14 digits."""
    known = {each.subject for each in named.subjects(conn, gtin) if each.kind == "product"}
    return {gtin, gtin.lstrip("0"), *known}
