"""What each rule looks at: True where something is lacking, None where it isn't asked for."""

from __future__ import annotations

from foodtrace.events.goods_return import Return
from foodtrace.events.line import Line
from foodtrace.events.trade import Trade
from foodtrace.papers import IMPORTED, Proof, due, kind_of
from foodtrace.pools import stated_days
from foodtrace.quantity import is_known_unit
from foodtrace.readiness.sample import Sample, Spot
from foodtrace.species import species_of

#: Documents that bring goods into the chain or into a business: their lines show the papers.
_SHOWING = frozenset({"voucher", "commissioning", "trade"})


def _trace_coded(line: Line) -> bool:
    return bool(line.lot_codes or line.source_lot_codes)


def no_code(_sample: Sample, spot: Spot) -> bool:
    """Goods of it are a pool."""
    return not _trace_coded(spot.item) and spot.item.batch_code is None


def no_trace_code(_sample: Sample, spot: Spot) -> bool:
    """No lot of its own."""
    return not _trace_coded(spot.item)


def no_batch_code(_sample: Sample, spot: Spot) -> bool:
    """No batch that it claims."""
    return spot.item.batch_code is None


def no_manufacturer(_sample: Sample, spot: Spot) -> bool | None:
    """A batch code stands alone."""
    return None if spot.item.batch_code is None else spot.item.manufacturer is None


def days_unstated(sample: Sample, spot: Spot) -> bool | None:
    """Nobody says how long such a pool is kept."""
    if not no_code(sample, spot):
        return None
    day = spot.event.envelope.business_date
    stated = sample.categories(spot.item.product)
    return all(stated_days(category, day) is None for category in stated)


def codes_unsplit(_sample: Sample, spot: Spot) -> bool | None:
    """Several codes share one quantity."""
    codes = spot.item.lot_codes
    return None if len(codes) < 2 else any(code.quantity is None for code in codes)


def unit_unknown(sample: Sample, spot: Spot) -> bool:
    """A quantity that compares with nothing."""
    units = {quantity.unit for quantity in spot.item.measures()}
    return any(not is_known_unit(each) and not sample.declares(spot.item, each) for each in units)


def no_product_id(_sample: Sample, spot: Spot) -> bool:
    """Neither id nor GTIN."""
    return not (spot.item.product.product_id or spot.item.product.gtin)


def name_only(_sample: Sample, spot: Spot) -> bool:
    """No code of any kind."""
    return not (
        spot.item.product.product_id or spot.item.product.gtin or spot.item.product.local_code
    )


def category_unknown(sample: Sample, spot: Spot) -> bool:
    """No table has a category that is stated of it."""
    day = spot.event.envelope.business_date
    return not any(
        stated_days(category, day) is not None or species_of(category) or due(category, day)
        for category in sample.categories(spot.item.product)
    )


def no_production_date(_sample: Sample, spot: Spot) -> bool:
    """Not printed."""
    return spot.item.production_date is None


def no_expiry_date(_sample: Sample, spot: Spot) -> bool:
    """Not printed."""
    return spot.item.expiry_date is None


def paper_missing(sample: Sample, spot: Spot) -> bool | None:
    """Of what its category needs, something is neither shown nor left to a cited voucher."""
    if spot.event.kind not in _SHOWING:
        return None
    day = spot.event.envelope.business_date
    groups = {group for each in sample.categories(spot.item.product) for group in due(each, day)}
    if not groups:
        return None
    if spot.event.envelope.voucher_numbers:
        return False
    shown = _proofs(spot.item)
    return any(not shown & (group | IMPORTED) for group in groups)


def _proofs(line: Line) -> frozenset[Proof]:
    kinds = (kind_of(paper.kind) for paper in line.papers)
    return frozenset(proof for kind in kinds if kind is not None for proof in kind.proves)


def paper_unknown(_sample: Sample, spot: Spot) -> bool:
    """It proves nothing that we know of."""
    return kind_of(spot.item.kind) is None


def unidentified(_sample: Sample, spot: Spot) -> bool:
    """Known by a name or plate alone."""
    return spot.item.party is None


def no_location(_sample: Sample, spot: Spot) -> bool:
    """Somewhere at the party's."""
    return spot.item.location is None


def no_trade_number(_sample: Sample, spot: Spot) -> bool | None:
    """Two reports of it would be two deals; a voucher is both sides' record in one."""
    event = spot.item
    return event.envelope.trade_no is None if isinstance(event, Trade | Return) else None


def two_contents(sample: Sample, spot: Spot) -> bool:
    """Its id came with another content as well."""
    return spot.item.envelope.event_id in sample.contradicted


def no_incoming(sample: Sample, spot: Spot) -> bool:
    """Sold, and never came in."""
    return spot.item.holder not in sample.supplied
