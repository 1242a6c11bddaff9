"""What answers of recalls and traces say in the terminal."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    # Commands
    "help-affected": Text(
        "查询受某批次或代码影响的经营者", "Whom a lot or batch affects, found by any code"
    ),
    "help-trace": Text(
        "上溯来源、下追去向；也可查小票",
        "Where goods came from and where they went; a receipt's code does too",
    ),
    "help-code": Text(
        "追溯码、批号、小票码等任何代码", "Any code: trace code, batch code, receipt"
    ),
    "help-batch-id": Text("代码对应多个批次时选定其一", "Which batch, where the code has several"),
    "help-lot-id": Text("只查某一在手批次", "Only this one lot"),
    "help-all": Text("显示全部批次", "Show all lots"),
    "help-depth": Text("最多显示几层", "Levels shown at most"),
    "help-amount": Text(
        "小票金额（凭票号查询时需要）", "Amount of the receipt, beside a till's number"
    ),
    "help-date": Text("小票日期（凭票号查询时需要）", "Day of the receipt, beside a till's number"),
    # Candidates
    "trace-till-number": Text(
        "若是小票上的票号，请同时给出 --amount 或 --date。",
        "If it is the number a till printed, give --amount or --date with it.",
    ),
    "no-code": Text("请给出代码，或用 --batch、--lot", "give a code, or --batch or --lot"),
    "column-choose": Text("选定方式", "choose with"),
    "named-party": Text("经营主体 {name}（{id}）", "party {name} ({id})"),
    "named-product": Text("产品 {name}（{id}）", "product {name} ({id})"),
    "named-location": Text("场所 {name}（{id}）", "place {name} ({id})"),
    "column-manufacturer": Text("生产者", "manufacturer"),
    "column-product": Text("产品", "product"),
    "column-lots": Text("在手批次", "lots"),
    # Affected
    "affected-title": Text(
        "涉事经营者 {sellers} 家（其中确认 {confirmed} 家），批次 {lots} 个，用时 {milliseconds} 毫秒",
        "{sellers} affected sellers, {confirmed} of them confirmed, {lots} lots, {milliseconds} ms",
    ),
    "affected-confirmed": Text("确认（{count}）", "confirmed ({count})"),
    "affected-possible": Text(
        "可能（{count}）：仅经由未分批的库存相连",
        "possible ({count}): joined only through stock without lot codes",
    ),
    "column-seller": Text("经营者", "seller"),
    "column-location": Text("场所", "location"),
    "column-opened": Text("收入", "received"),
    "column-sold": Text("批发售出", "sold"),
    "column-retail": Text("零售", "retail"),
    "column-used": Text("用于加工", "used"),
    "column-disposed": Text("处置", "disposed"),
    "column-moved": Text("调出", "moved"),
    "column-returned": Text("退回", "returned"),
    "column-adjusted": Text("调整", "adjusted"),
    "column-book_stock": Text("账面结存", "book stock"),
    "column-receipts": Text("小票", "receipts"),
    "column-days": Text("起止", "days"),
    "column-figures": Text("数量", "figures"),
    "column-path": Text("路径与单据", "path and document"),
    "sign-made_with": Text("含有该货的制成品", "products with the goods inside"),
    "sign-mixed": Text(
        "与他货混存，至多含该货若干", "stock with the goods among others, so much of it at most"
    ),
    "sign-minus": Text(
        "− 账面为负：据已报单据，出库多于入库",
        "− less than nothing: by the documents more left than came in",
    ),
    "in-unit": Text("单位：{unit}", "in {unit}"),
    "receipts-possible": Text("另可能 {count}", "+{count} possible"),
    "path-more": Text("……{count} 步……", "... {count} more ..."),
    "path-none": Text("同批次，无路径：{documents}", "same batch, no path: {documents}"),
    "unidentified": Text("未识别（{known}）", "unidentified ({known})"),
    "where-opened": Text("召回总量 {amount}", "{amount} in all"),
    "where-appeared": Text("来路不明 {amount}", "{amount} nobody sold"),
    "where-book_stock": Text("账面结存 {amount}", "{amount} in book stock"),
    "where-retail": Text("已零售 {amount}", "{amount} sold to consumers"),
    "where-used": Text("已用于加工 {amount}", "{amount} used"),
    "where-disposed": Text("已处置 {amount}", "{amount} disposed of"),
    "where-adjusted": Text("盘点调整 {amount}", "{amount} adjusted"),
    "where-into_mixed": Text("进入混存 {amount}", "{amount} into mixed stock"),
    "where-unexplained": Text("去向不明 {amount}", "{amount} unexplained"),
    "totals-made_with": Text("其制成品：{told}", "made with it: {told}"),
    "totals-mixed": Text(
        "混存（至多含其一部分）：{told}", "mixed stock, part of it at most: {told}"
    ),
    "source-is": Text("来源：{party}（{documents}）", "source: {party} ({documents})"),
    "source-more": Text("另有 {count} 个来源", "and {count} more sources"),
    # Trace
    "chain-upstream": Text("▲ 来源（{count} 个批次）", "▲ came from ({count} lots)"),
    "chain-downstream": Text("▼ 去向（{count} 个批次）", "▼ went to ({count} lots)"),
    "chain-more": Text(
        "……另有 {count} 个批次，见 --all 或 --json",
        "... and {count} more lots, see --all or --json",
    ),
    "chain-itself": Text("其中 {count} 个在手批次{told}", "{count} of its lots: {told}"),
    "chain-nothing-upstream": Text("此前无记录", "nothing recorded before"),
    "chain-nothing-downstream": Text("此后无记录", "nothing recorded after"),
    "chain-deeper": Text(
        "……其下还有 {count} 个，见 --depth", "... {count} more below, see --depth"
    ),
    "chain-circle": Text("谱系成环：{lots}", "the lineage runs in a circle: {lots}"),
    "chain-carried_over": Text(
        "库存结转 {delivered} → {drawn}", "carried over in stock {delivered} → {drawn}"
    ),
    "reason-same_party": Text("同一主体的另一编号或场所", "the same party under another id"),
    "reason-named_again": Text("拆单元后仍为原码", "out of its unit under its own code"),
    "reason-same_batch": Text("同批次，无路径", "same batch, no path"),
    "reason-pool": Text("售出时未注明批次", "sold without a lot code"),
    "reason-carried_over": Text("库存结转", "carried over in stock"),
    "reason-returned": Text("退货后去向未注明", "returned, and not said what became of it"),
    "reason-unallocated": Text("单据未分清来自哪一批", "the document leaves open which lot"),
    "chain-possible": Text("可能", "possible"),
    "subject-lot": Text("批次 {code}，持有方 {holder}", "lot {code}, held by {holder}"),
    "subject-batch": Text(
        "生产批次 {code}  {product}（生产者 {maker}）", "batch {code}  {product} (made by {maker})"
    ),
    # Receipts
    "receipt-paper": Text("{kind} {number}（{verification}）", "{kind} {number} ({verification})"),
    "receipt-one-of": Text(
        "您买的{product}来自以下 {count} 批之一",
        "{product} you bought came from one of these {count} lots",
    ),
    "candidate-goods": Text("货品", "the goods"),
    "candidate-uncoded": Text("无批次码", "no lot code"),
    "candidate-giver": Text("供货：{giver}", "from {giver}"),
    "candidate-delivered": Text("{day} 到货", "delivered {day}"),
    "candidate-more": Text("……另有 {count} 批", "... and {count} more"),
    "receipt-batch": Text("批号 {code}", "batch {code}"),
    "paper-declared": Text("自行申报", "declared"),
    "paper-seen": Text("已查看", "seen"),
    "paper-confirmed_by_issuer": Text("出具方已确认", "confirmed by its issuer"),
    "paper-rejected": Text("已否认", "rejected"),
    "origin-more": Text("……另有 {count} 处来源", "... and {count} more origins"),
    "origin-none": Text("来源无记录", "nothing is recorded of where it comes from"),
    "origin-unnamed": Text("未登记名称者", "one whose name isn't registered"),
    "origin-unknown": Text("更早的来源无记录", "nothing recorded before"),
    "produced-on": Text("生产于 {days}", "produced {days}"),
    # Flags and completeness
    "flags-title": Text("疑点 {count} 处", "flags: {count}"),
    "flags-more": Text("……另有 {count} 处，见 --json", "... and {count} more, see --json"),
    "complete-as-of": Text("截至 {at}", "as of {at}"),
    "complete-in_flight": Text("在途未入账事件：{count}", "events not yet in the ledger: {count}"),
    "complete-unknown": Text("未知", "unknown"),
    "complete-unknown_parents": Text("来源不明的批次：{count}", "lots of unknown origin: {count}"),
    "complete-possible_links": Text("仅为可能的谱系边：{count}", "links that only may be: {count}"),
    "complete-dead_letters": Text(
        "无法入账而隔离的记录：{count}", "records put aside because they can't be read: {count}"
    ),
    "complete-heard": Text("最久未报送的来源：{sources}", "longest silent sources: {sources}"),
    # Kinds of documents
    "kind-of-voucher": Text("上市凭证", "voucher"),
    "kind-of-trade": Text("交易", "trade"),
    "kind-of-receipt": Text("小票", "receipt"),
    "kind-of-transformation": Text("加工", "transformation"),
    "kind-of-commissioning": Text("首次登记", "commissioning"),
    "kind-of-disposal": Text("处置", "disposal"),
    "kind-of-transfer": Text("调拨", "transfer"),
    "kind-of-return": Text("退货", "return"),
    "kind-of-release": Text("放行", "release"),
    "kind-of-adjustment": Text("库存调整", "adjustment"),
    "kind-of-stocktake": Text("盘点", "stocktake"),
    "kind-of-consumption": Text("自用", "consumption"),
    "kind-of-packing": Text("装拆单元", "packing"),
    "kind-of-inspection": Text("检验", "inspection"),
    "kind-of-party": Text("主体登记", "party"),
    "kind-of-product": Text("产品登记", "product"),
    "kind-of-location": Text("场所登记", "location"),
    "kind-of-merge": Text("主体合并", "merge"),
    "kind-of-void": Text("作废", "void"),
    "kind-of-resolution": Text("死信处置", "resolution of a dead letter"),
}
