"""Two reports of one trade that differ: both stay, and the difference is told.

Tellers are compared, not documents: one may send a trade in several. Goods are the same where the
product or batch is and no code differs, wherever the reports say that they lay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from foodtrace.flag_rules.groups import Groups
from foodtrace.quantity import amount_of, unit_of

#: Product, batch and trade code; "" where none is stated.
Goods = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What one document says that left the giver, in one dimension; codes "" where none is stated.

    `line` and `event_id` tell one statement from its copy.
    """

    event_id: UUID
    line: int
    teller: str
    product: str
    batch: str
    code: str
    dimension: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Goods of which reports say different amounts; a teller who doesn't name them says None."""

    product: str
    dimension: str
    told: tuple[tuple[str, int | None], ...]

    @property
    def detail(self) -> str:
        """Who says what."""
        unit = unit_of(self.dimension)
        words = ("-" if said is None else f"{amount_of(said)} {unit}" for _, said in self.told)
        pairs = zip((teller for teller, _ in self.told), words, strict=True)
        return "; ".join(f"{teller}: {word}" for teller, word in pairs)


def differences(reports: Iterable[Reported]) -> Iterator[Difference]:
    """What the reports of one trade don't agree on, in a fixed order; nothing for a single teller.

    Where one measures what the other doesn't (cases beside kilograms), that isn't compared.
    """
    known = sorted(set(reports), key=_order)
    tellers = sorted({each.teller for each in known})
    if len(tellers) < 2:
        return
    for goods in same_goods(known):
        yield from _compared(goods, tellers)


def _order(each: Reported) -> tuple[str, str, str, str, str, str, int]:
    goods = (each.product, each.batch, each.code, each.dimension)
    return (*goods, each.teller, str(each.event_id), each.line)


def _compared(goods: Sequence[Reported], tellers: Sequence[str]) -> Iterator[Difference]:
    naming = {each.teller for each in goods}
    sums: Mapping[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in goods:
        sums[each.dimension][each.teller] += each.amount
    for dimension, told in sorted(sums.items()):
        # One who names the goods in another unit says nothing about this one.
        said = [(t, told.get(t)) for t in tellers if t in told or t not in naming]
        if len({amount for _, amount in said}) > 1:
            yield Difference(product=goods[0].product, dimension=dimension, told=tuple(said))


def same_goods(reports: Sequence[Reported]) -> list[list[Reported]]:
    """Groups of statements about the same goods: one without codes joins all of its product's."""
    groups = Groups[Goods]()
    by_name: dict[str, set[Goods]] = defaultdict(set)
    for each in reports:
        goods = (each.product, each.batch, each.code)
        by_name["product " + each.product].add(goods)
        if each.batch:
            by_name["batch " + each.batch].add(goods)
    for named in by_name.values():
        _join(groups, sorted(named))
    found: dict[Goods, list[Reported]] = defaultdict(list)
    for each in reports:
        found[groups.first((each.product, each.batch, each.code))].append(each)
    return sorted(found.values(), key=lambda group: _order(group[0]))


def _join(groups: Groups[Goods], named: Sequence[Goods]) -> None:
    """Join goods of one name whose batches and codes agree, where "" agrees with anything.

    Each list is joined once, so that ten thousand lines cost no more than sorting them.
    """
    by_batch: dict[str, list[Goods]] = defaultdict(list)
    by_code: dict[str, list[Goods]] = defaultdict(list)
    exact: dict[tuple[str, str], list[Goods]] = defaultdict(list)
    for goods in named:
        _, batch, code = goods
        by_batch[batch].append(goods)
        by_code[code].append(goods)
        exact[batch, code].append(goods)
    lists = list(exact.values())
    for batch, code in exact:
        if not batch and not code:
            lists.append(list(named))
        elif not code:
            lists += [by_batch[batch], by_batch[""], by_batch[""][:1] + by_batch[batch][:1]]
        elif not batch:
            lists += [by_code[code], by_code[""], by_code[""][:1] + by_code[code][:1]]
    for joined in {id(each): each for each in lists}.values():
        for goods in joined[1:]:
            groups.join(joined[0], goods)
