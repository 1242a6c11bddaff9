"""Generated master data: parties, products, places, and parties that become one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.location import Location
from foodtrace.events.master import Alias
from foodtrace.events.merge import Merge
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.product import Product
from support.ledger_parts import HOLDERS, envelopes
from support.small import DAY

_SPANS: st.SearchStrategy[tuple[date | None, date | None]] = st.sampled_from(
    [(None, None), (DAY, None), (None, DAY), (DAY + timedelta(1), DAY + timedelta(2))]
)


@st.composite
def _aliases(draw: st.DrawFn, codes: tuple[str, ...]) -> tuple[Alias, ...]:
    since, until = draw(_SPANS)
    code = draw(st.sampled_from((None, *codes)))
    if code is None:
        return ()
    return (Alias(scheme="own", code=code, valid_from=since, valid_to=until),)


@st.composite
def parties(draw: st.DrawFn) -> Event:
    """A party, perhaps under the id of another on some days."""
    return Party(
        envelope=draw(envelopes("party")),
        party=draw(HOLDERS),
        name=draw(st.sampled_from(["甲", "乙"])),
        party_kind=PartyKind.ENTERPRISE,
        aliases=draw(_aliases(("B", "D"))),
    )


@st.composite
def products(draw: st.DrawFn) -> Event:
    """A product and its category."""
    return Product(
        envelope=draw(envelopes("product")),
        product=draw(st.sampled_from(["cheese", "whey"])),
        name="奶酪",
        category=draw(st.sampled_from([None, "dairy", "fish"])),
        aliases=draw(_aliases(("curd", "whey"))),
    )


@st.composite
def locations(draw: st.DrawFn) -> Event:
    """A stall in a market, and who sits there when."""
    since, until = draw(_SPANS)
    return Location(
        envelope=draw(envelopes("location")),
        location=draw(st.sampled_from(["S1", "S2"])),
        name="一号摊",
        location_kind="stall",
        parent=draw(st.sampled_from([None, "M1"])),
        occupant=draw(st.none() | HOLDERS),
        occupied_from=since,
        occupied_to=until,
    )


@st.composite
def merges(draw: st.DrawFn) -> Event:
    """Two parties become one, perhaps in a circle with others."""
    party = draw(HOLDERS)
    into = draw(HOLDERS.filter(lambda other: other != party))
    told = draw(envelopes("merge"))
    return Merge(envelope=told, party=party, into=into, merged_on=DAY)


MASTERS = (parties(), products(), locations(), merges())
