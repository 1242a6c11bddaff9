"""What the book of stock says in the terminal."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "help-stock": Text(
        "进销存：某主体、场所或批次的账面结存与差异",
        "The book stock of a party, a place or a lot, and what doesn't add up",
    ),
    "help-stock-code": Text(
        "追溯码或批号；不给则查主体或场所", "A trace or batch code; or leave it out"
    ),
    "help-stock-party": Text("经营主体（代码或别名）", "Whose stock: a party's id"),
    "help-stock-location": Text(
        "场所及其下属场所；单独给出时列出在场各户",
        "At this place and all that stands in it; alone: whoever is there",
    ),
    "help-stock-product": Text("只看该产品（任一代码）", "Only this product, by any of its codes"),
    "help-stock-at": Text(
        "截至该业务日（含）；默认全部", "Up to this business day; by default all"
    ),
    "help-stock-from": Text("只列该日起的进出，此前为期初", "What happened from this day on"),
    "stock-of-what": Text(
        "请给出代码，或用 --party、--location、--lot",
        "give a code, or --party, --location or --lot",
    ),
    "stock-bad-day": Text("日期须写作 2026-05-21：{given}", "not a day like 2026-05-21: {given}"),
    "stock-of": Text("进销存  {who}", "stock of {who}"),
    "stock-of-lot": Text("进销存  批次 {code}", "stock of lot {code}"),
    "stock-until": Text("截至 {day}", "up to {day}"),
    "stock-since": Text("自 {day} 起", "from {day}"),
    "stock-equation": Text(
        "期初 + 收入 − 售出 − 零售 − 其他出库 = 账面结存；实盘另列，互不替代",
        "opening + received − sold − retail − whatever else left = book stock; what was counted"
        " stands beside it, never in its place",
    ),
    "stock-none": Text("没有任何进出记录", "nothing is recorded as coming in or going out"),
    "stock-keeping-shelf": Text("可售", "for sale"),
    "stock-keeping-unit": Text(
        "在物流单元内（不可直接售出）", "inside logistic units, not for sale as such"
    ),
    "stock-keeping-waiting": Text(
        "退回待放行（不可售）", "returned and not released, not for sale"
    ),
    "stock-together": Text("{product}（折算）", "{product} (converted)"),
    "stock-kept-by": Text("{party}（存于 {keepers}）", "{party} (kept by {keepers})"),
    "stock-partial": Text("{party}（仅本方经手部分）", "{party} (only what lies here)"),
    "stock-count": Text("{found}（{day}，当日账面 {book}）", "{found} ({day}; books then {book})"),
    "stock-odd-title": Text("账不平 {count} 处", "what doesn't add up: {count}"),
    "stock-odd-since": Text("{first} 起", "from {first}"),
    "stock-odd-between": Text("{first} 起，{until} 补足", "from {first}, covered again on {until}"),
    "stock-odd-lowest": Text("最低 {amount}", "down to {amount}"),
    "stock-differing": Text(
        "两份报送不一致：{told}（采用第一份）", "reports differ: {told} (the first one counts)"
    ),
    "stock-report": Text("{voice} {amount}（{document}）", "{voice} {amount} ({document})"),
    "stock-more": Text("……另有 {count} 处，见 --json", "... and {count} more, see --json"),
    "stock-more-lots": Text(
        "……另有 {count} 个在手批次，用 --party 选定",
        "... and {count} more hands, choose by --party",
    ),
    "voice-giver": Text("卖方称", "seller says"),
    "voice-shipped": Text("发货报送", "shipped"),
    "voice-received": Text("收货报送", "received"),
    "voice-taker": Text("买方称", "buyer says"),
    "column-party": Text("主体", "party"),
    "column-unit": Text("单位", "unit"),
    "column-opening": Text("期初", "opening"),
    "column-implied": Text("源头在外", "own source"),
    "column-found": Text("实盘", "counted"),
    "column-lot": Text("批次", "lot"),
}
