"""Flags: what an honest record shows to be odd. Computed when read, never a reason to refuse.

A fact that breaks a rule only in the light of other facts is evidence; it is kept and marked. Each
code stands once in `FLAGS` with its texts; the rules that need more than a few lines stand in
`foodtrace.flag_rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foodtrace.codes import GRAMMARS, canonical
from foodtrace.effects import Role
from foodtrace.quantity import UNITS


@dataclass(frozen=True, slots=True)
class FlagText:
    """The meaning of a flag in both languages."""

    zh: str
    en: str


FLAGS: Mapping[str, FlagText] = {
    "date.younger": FlagText(
        "转手后生产日期变晚或到期日延后，疑似篡改日期",
        "The dates grow younger on the way out: printed later than they came in",
    ),
    "lot.never-received": FlagText(
        "售出了无来源记录的货", "Sold by one who has no record of ever having it"
    ),
    "lot.oversold": FlagText("出库多于入库", "More left than came in"),
    "lot.sold-unreleased": FlagText(
        "退回未放行的货被再次售出", "Returned goods were sold again before they were released"
    ),
    "lot.sold-after-expiry": FlagText("售出时已过期", "Sold after it had expired"),
    "lot.sold-after-failure": FlagText(
        "检验确认不合格后仍售出", "Sold after an inspection confirmed that it fails"
    ),
    "lot.sold-while-suspended": FlagText(
        "快检不合格待复检期间售出", "Sold while a failed screening suspended it"
    ),
    "pool.negative": FlagText(
        "无批次库存账面为负：售出多于进货",
        "Stock without lot codes is less than nothing by the books: more left than came in",
    ),
    "parent.unknown": FlagText("来源批次无记录", "Where the goods come from isn't recorded"),
    "code.never-issued": FlagText(
        "所引凭证号或追溯码从未签发", "Cites a voucher or trace code that nobody issued"
    ),
    "trade.reports-differ": FlagText(
        "买卖双方报送的数量不一致，两份均保留",
        "The two reports of one trade differ; both are kept",
    ),
    "return.never-sold": FlagText(
        "退回的货从未由对方售出，或退多于购",
        "More came back than was ever sold there, or nothing was sold at all",
    ),
    "transfer.foreign-location": FlagText(
        "调入其他主体占用的场所", "Moved to a location that another party occupies"
    ),
    "paper.overdrawn": FlagText(
        "证明覆盖数量不足：凭其售出多于证载数量",
        "More was sold under a paper than it covers",
    ),
    "paper.expired": FlagText("证明已过有效期", "The paper had expired"),
    "paper.wrong-scope": FlagText(
        "仅限省内的证明用于省外销售", "A paper good inside one province was used in another"
    ),
    "paper.two-species": FlagText("一张证明用于两个品种", "One paper was used for two species"),
    "paper.missing": FlagText("缺少应有的证明", "A paper that is due is missing"),
    "paper.rejected": FlagText("证明已被签发方否认", "The issuer rejects the paper"),
    "yield.out-of-range": FlagText(
        "出成率超出申报范围", "What came out of a process lies outside of the declared yield"
    ),
    "unit.incomparable": FlagText(
        "计量单位无法换算，数量不可比", "The units can't be compared, so the sums can't either"
    ),
    "party.merge-circle": FlagText(
        "主体合并成环", "Parties were merged into each other in a circle"
    ),
    "party.unidentified": FlagText(
        "交易对方身份不明，已记录线索", "A side isn't identified; what is known of it is kept"
    ),
    "unit.unknown": FlagText("未知计量单位", "The unit isn't in the table of units"),
    "party.unknown": FlagText("主体未登记", "The party isn't registered"),
    "code.check-character": FlagText("代码校验位不正确", "The code's check character is wrong"),
    "event.two-contents": FlagText(
        "同一事件号有两种内容，均保留", "One event id came with two contents; both are kept"
    ),
    "lineage.cycle": FlagText("谱系成环", "The lineage runs in a circle"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One oddity: its code, the lot's public id, the event that shows it, and the facts at hand.

    `day` is the business day of that event; `product` the key of the goods, where they have one.
    """

    code: str
    lot_id: UUID | None = None
    holder: str | None = None
    location: str | None = None
    event_id: UUID | None = None
    detail: str = ""
    day: date | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The dates one line prints for a lot, and whether the goods came in or went out by it."""

    event_id: UUID
    role: Role
    production_date: date | None
    expiry_date: date | None


_INCOMING = (Role.OPENED, Role.ORIGIN)


def younger_dates(printed: Iterable[Printed]) -> Iterator[tuple[UUID, str, date, date]]:
    """Dates of one lot that went out later than they came in.

    Yields (event that printed it, field, latest date that came in, date that went out). The holder
    of the lot is where the dates changed: both sides of every sale print into the giver's lot.
    """
    known = tuple(printed)
    for name in ("production_date", "expiry_date"):
        came_in = [day for each in known if each.role in _INCOMING and (day := getattr(each, name))]
        if not came_in:
            continue
        latest = max(came_in)
        for each in sorted(known, key=lambda p: str(p.event_id)):
            day = getattr(each, name)
            if each.role is Role.TAKEN and day is not None and day > latest:
                yield each.event_id, name, latest, day


def unknown_units(dimensions: Iterable[str]) -> tuple[str, ...]:
    """The dimensions that come from units outside the table."""
    known = {unit.dimension for unit in UNITS.values()}
    return tuple(sorted(set(dimensions) - known))


def broken_check_character(code: str, scheme: str) -> bool:
    """Whether a code that claims a scheme with a check character fails it."""
    grammar = GRAMMARS.get(scheme)
    if grammar is None:
        return False
    form = canonical(code)
    return not (grammar.pattern.fullmatch(form) and grammar.holds(form))
