"""What `foodtrace flags` and `foodtrace trade` say."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    # Flags
    "help-flags": Text(
        "账上的疑点：无来源、多卖、改日期、过期、报数不一等",
        "What is odd in the records: sold but never received, younger dates, reports that differ",
    ),
    "help-flag-code": Text(
        "只看这类疑点，如 lot.oversold；可多次给出",
        "Only flags of this code, such as lot.oversold; may be given several times",
    ),
    "help-flag-party": Text("只看此经营主体", "Only at this party's"),
    "help-flag-location": Text(
        "只看此场所及其下属场所", "Only this place and all that stands in it"
    ),
    "help-flag-product": Text("只看此产品", "Only of this product"),
    "help-flag-from": Text(
        "从此业务日期起；缺省为账上最近七天", "First business day; by default the last seven"
    ),
    "help-flag-to": Text("到此业务日期止", "Last business day"),
    "help-flag-limit": Text("最多列出多少条", "Flags that are listed at most"),
    "flag-list-title": Text(
        "疑点 {count} 条（{first} 至 {last}）", "flags: {count} ({first} to {last})"
    ),
    "flag-list-none": Text("未见疑点（{first} 至 {last}）", "nothing is odd ({first} to {last})"),
    "flag-list-more": Text(
        "……仅列出前 {count} 条，见 --limit 或缩小范围",
        "... only the first {count} are listed, see --limit or ask for less",
    ),
    "flag-group": Text("{meaning}：{count} 条  [{code}]", "{meaning}: {count}  [{code}]"),
    "flag-day": Text("业务日期", "day"),
    "flag-holder": Text("经营者", "party"),
    "flag-location": Text("场所", "place"),
    "flag-lot": Text("批次或产品", "lot or product"),
    "flag-detail": Text("事实", "facts"),
    "flag-field-production_date": Text("生产日期", "production date"),
    "flag-field-expiry_date": Text("到期日", "expiry date"),
    "flag-document": Text("单据", "document"),
    # Trades
    "help-trade": Text("一笔交易的各方报送并列对照", "One trade with all its reports side by side"),
    "help-trade-seller": Text("卖方（报送时所写的编号）", "The seller, as written"),
    "help-trade-no": Text("交易号", "The trade's number"),
    "trade-title": Text(
        "交易 {number}：{seller} → {buyers}", "trade {number}: {seller} → {buyers}"
    ),
    "trade-reports": Text("报送 {count} 份", "reports: {count}"),
    "trade-report": Text(
        "{teller}  {aspect}  来源 {source}  {day}  {document}",
        "{teller}  {aspect}  source {source}  {day}  {document}",
    ),
    "teller-seller": Text("卖方", "seller"),
    "teller-buyer": Text("买方", "buyer"),
    "teller-shipped": Text("第三方（发货）", "a third party, as shipped"),
    "teller-received": Text("第三方（收货）", "a third party, as received"),
    "aspect-ordered": Text("订购", "ordered"),
    "aspect-paid": Text("付款", "paid"),
    "aspect-shipped": Text("发货", "shipped"),
    "aspect-received": Text("收货", "received"),
    "trade-goods": Text("货物", "goods"),
    "trade-out": Text("卖方出库", "out"),
    "trade-in": Text("买方入库", "in"),
    "trade-differs": Text("不一致", "differs"),
    "trade-joined": Text("凭编号关联，不移动货物：", "joined by reference, moving nothing:"),
    "trade-part": Text("仅显示有权查看的报送", "only the reports that this key may read are shown"),
}
