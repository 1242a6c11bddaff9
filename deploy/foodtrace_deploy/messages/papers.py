"""What papers, inspections and vouchers say in the terminal."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    # Commands
    "help-papers": Text(
        "批次有哪些证明、从何处沿用、缺什么，能否销售",
        "Which papers goods have, from where, what is missing, and whether they may be sold",
    ),
    "help-papers-party": Text("只看该主体持有的", "Only what this party holds"),
    "help-voucher": Text(
        "凭上市凭证编号关联进货、库存、加工、检验、去向与证明",
        "What a voucher's number joins: purchase, stock, processing, inspections, flow, papers",
    ),
    "help-voucher-number": Text("上市凭证编号", "Number of the voucher"),
    "help-voucher-issuer": Text(
        "多家签发同一编号时选定签发方", "Whose voucher, where several issuers number alike"
    ),
    # Papers of a lot
    "papers-of": Text("{code}  持有方 {holder}", "{code}  held by {holder}"),
    "papers-none": Text("没有证明", "no papers"),
    "papers-unknown": Text("没有符合的在手批次", "nobody holds it"),
    "papers-more-lots": Text(
        "……另有 {count} 个在手批次，用 --party 选定",
        "... and {count} more hands, choose by --party",
    ),
    "papers-limited": Text("仅显示本方可见部分", "only what you may see"),
    "paper-column-paper": Text("证明", "paper"),
    "paper-column-number": Text("编号", "number"),
    "paper-column-verification": Text("核验", "verified"),
    "paper-column-until": Text("有效至", "valid until"),
    "paper-column-use": Text("已用 / 证载", "used / covers"),
    "paper-column-from": Text("来自", "from"),
    "paper-column-remarks": Text("说明", "remarks"),
    "paper-own": Text("本批", "its own"),
    "paper-hidden": Text("上游", "farther up"),
    "paper-possible": Text("可能", "possible"),
    "paper-note-repack": Text("分装后沿用，须注明", "passed repacking with a note"),
    "paper-note-cut": Text("分割后沿用，须注明", "passed cutting with a note"),
    "paper-note-slaughter": Text("屠宰后沿用，须注明", "passed slaughter with a note"),
    "paper-note-other": Text("沿用，须注明（{operation}）", "passed with a note ({operation})"),
    "missing-not_shown": Text(
        "缺：{papers}，{holder} 未出示", "missing: {papers}, not shown by {holder}"
    ),
    "missing-new_due": Text(
        "缺：{papers}，{holder} 经{operation}后须重新开具",
        "missing: {papers}, due anew after {operation} at {holder}",
    ),
    "missing-own": Text("（销售前须出具）", " (due before it is sold)"),
    "missing-possible": Text("（仅为可能）", " (only possible)"),
    "operation-repack": Text("分装", "repacking"),
    "operation-mix": Text("混装", "mixing"),
    "operation-cut": Text("分割", "cutting"),
    "operation-slaughter": Text("屠宰", "slaughter"),
    "operation-process": Text("加工", "processing"),
    # Inspections
    "state-open": Text("未检验", "not examined"),
    "state-suspended": Text("快检不合格，暂停销售", "suspended: a screening failed"),
    "state-cleared": Text("检验合格", "cleared: the last examination passed"),
    "state-condemned": Text("检验确认不合格，不得销售", "condemned: confirmed to fail"),
    "state-from": Text("含有不合格批次：{lots}", "goods of condemned lots are in it: {lots}"),
    "state-perhaps-from": Text(
        "可能含有不合格批次：{lots}", "goods of condemned lots may be in it: {lots}"
    ),
    "context-product": Text("同产品 {subject}", "product {subject}"),
    "context-location": Text("同场所 {subject}", "place {subject}"),
    "context-receipt": Text("小票 {subject}", "receipt {subject}"),
    "context-sample": Text("样品 {subject}", "sample {subject}"),
    "context-lot": Text("批次 {subject}", "lot {subject}"),
    # Vouchers
    "voucher-title": Text(
        "上市凭证 {number}  {issuer} → {receiver}  {day}",
        "voucher {number}  {issuer} → {receiver}  {day}",
    ),
    "voucher-title-own": Text(
        "上市凭证 {number}  {issuer}  {day}", "voucher {number}  {issuer}  {day}"
    ),
    "voucher-stock": Text("进销存", "stock"),
    "voucher-movements": Text("其他单据（{count}）", "other documents ({count})"),
    "voucher-more": Text("……另有 {count} 笔，见 --json", "... and {count} more, see --json"),
    "voucher-makings": Text("加工", "processing"),
    "voucher-making": Text("{document}（{process}）→ {lots}", "{document} ({process}) → {lots}"),
    "voucher-inspections": Text("检验", "inspections"),
    "voucher-papers": Text("证明", "papers"),
    "voucher-cited": Text("引用本凭证的单据（{count}）", "documents that cite it ({count})"),
    "voucher-nothing": Text("无", "none"),
    "direction-opened": Text("收入", "received"),
    "direction-sold": Text("售出", "sold"),
    "direction-used": Text("使用", "used"),
    "direction-disposed": Text("处置", "disposed of"),
    "direction-moved": Text("调出", "moved"),
    "direction-adjusted": Text("调整", "adjusted"),
    "direction-returned": Text("退回", "returned"),
}
