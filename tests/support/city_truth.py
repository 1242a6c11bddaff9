"""The oracle's incidents in the words of the lineage, and how an answer is held against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foodtrace.lots import BatchKey, LotKey, LotKind
from foodtrace_city import Document, Incident
from foodtrace_city.oracle import Root, SellerKey


def root_lots(incident: Incident) -> tuple[LotKey, ...]:
    """The lots that an inspector starts from, where the incident isn't a batch's."""
    return tuple(_lot(root) for root in incident.roots)


def batch_of(incident: Incident) -> BatchKey:
    """The batch that an inspector recalls."""
    return BatchKey(incident.manufacturer, incident.product, incident.code)


def _lot(root: Root) -> LotKey:
    holder, place = root.site
    if root.label is not None:
        return LotKey(holder, place, LotKind.TRACE, "", root.label)
    if root.batch is not None:
        return LotKey(holder, place, LotKind.BATCH, root.product, root.batch)
    assert root.day is not None
    return LotKey(holder, place, LotKind.POOL, root.product, root.day.isoformat())


def other_ids(documents: Iterable[Document]) -> Mapping[str, str]:
    """Ids of parties that the register knows under another one."""
    names: dict[str, str] = {}
    for document in documents:
        body = document.body
        if document.kind == "merge":
            names[body["party"]] = body["into"]
        if document.kind == "party":
            names |= {alias["code"]: body["party"] for alias in body.get("aliases", ())}
    return names


@dataclass(frozen=True, slots=True)
class Told:
    """Whom an answer names, by (party under its one id, location): surely, possibly only, and as
    the source of the goods, who is no seller to it."""

    confirmed: frozenset[SellerKey]
    possible: frozenset[SellerKey]
    sources: frozenset[SellerKey]

    @classmethod
    def of(
        cls,
        named: Iterable[tuple[str, str, bool]],
        names: Mapping[str, str],
        sources: Iterable[tuple[str, str]] = (),
    ) -> Told:
        """From (party, location, confirmed) of every lot or seller that was found."""
        each = {((names.get(party, party), place), sure) for party, place, sure in named}
        confirmed = frozenset(key for key, sure in each if sure)
        possible = frozenset(key for key, _ in each) - confirmed
        return cls(confirmed, possible, frozenset(sources))


def check(told: Told, incident: Incident) -> str:
    """Hold an answer against the oracle; the share of possible ones in words, to be printed."""
    true = frozenset(incident.everybody) - told.sources
    documented = incident.documented() - told.sources
    more, less = told.confirmed - documented, documented - told.confirmed
    assert not more, (incident.name, sorted(more))
    assert not less, (incident.name, sorted(less))
    missed = true - told.confirmed - told.possible
    assert not missed, (incident.name, missed)
    hidden = len(true - documented)
    ratio = f"{len(told.possible) / hidden:.1f}" if hidden else "-"
    return (
        f"{incident.name}: {len(told.confirmed)} confirmed, {len(told.possible)} possible for "
        f"{hidden} true ones that no document joins by code: {ratio} per true one"
    )
