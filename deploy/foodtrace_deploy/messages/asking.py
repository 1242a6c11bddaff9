"""What the commands that talk to a server say: push, import, trace, affected, keys."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    # Help of options
    "help-url": Text(
        "服务地址；缺省为 FOODTRACE_URL，或本机数据目录上正在运行的服务",
        "Address of the server; by default FOODTRACE_URL, or the stack running on --data",
    ),
    "help-key": Text(
        "API 密钥；缺省为 FOODTRACE_KEY，或该服务自己的密钥",
        "API key; by default FOODTRACE_KEY, or that stack's own key",
    ),
    "help-after": Text(
        "报送得到的凭据：等到该次报送入账后再回答",
        "Token of a push: answer once that push is in the ledger",
    ),
    # Push
    "help-push": Text(
        "报送文件中的事件（NDJSON、JSON、CSV、ZIP；- 表示标准输入）",
        "Push the events of files (NDJSON, JSON, CSV, ZIP; - is standard input)",
    ),
    "help-files": Text("文件，或 - 表示标准输入", "Files, or - for standard input"),
    "help-kind": Text("CSV 文件的单据类型", "Kind of document of a CSV file"),
    "help-source": Text(
        "CSV 中未写明时的数据来源", "Source of the data, where a CSV file doesn't say"
    ),
    "help-form": Text(
        "文件格式；缺省依扩展名和内容判断", "Form of the files; by default by name and content"
    ),
    "help-batch": Text("每次请求的事件数", "Events in one request"),
    "help-template": Text(
        "打印该类型的空 CSV 模板后退出", "Print an empty CSV template of this kind and exit"
    ),
    "help-wait": Text("等到全部入账后再返回", "Wait until everything is in the ledger"),
    "not-one-of": Text("{value} 不可用，请从中选择：{choices}", "{value} isn't one of {choices}"),
    "several-fit": Text(
        "有 {count} 条以 {given} 开头，请多给几位",
        "{count} of them begin with {given}; give more of it",
    ),
    "no-files": Text("请给出文件，或用 - 表示标准输入", "name a file, or - for standard input"),
    "pushing": Text("报送 {file}", "pushing {file}"),
    "pushed": Text(
        "{file}：共 {events} 条，接受 {accepted}，重复 {duplicates}，"
        "拒绝 {refused}（{seconds} 秒，{rate} 条/秒）",
        "{file}: {events} events, {accepted} accepted, {duplicates} duplicates, "
        "{refused} refused ({seconds} s, {rate} a second)",
    ),
    "refused-item": Text("{place}  {path}：{title}", "{place}  {path}: {title}"),
    "refused-more": Text("……另有 {count} 条，见 {file}", "... and {count} more, see {file}"),
    "refused-file": Text(
        "被拒绝的事件已写入 {file}，修改后可直接重新报送该文件",
        "refused events are in {file}; correct them there and push that file",
    ),
    "visible": Text("已全部入账（{seconds} 秒）", "all of it is in the ledger ({seconds} s)"),
    "token": Text("查询时可用 --after {token}", "ask with --after {token}"),
    "place-line": Text("第 {number} 行", "line {number}"),
    "place-row": Text("第 {number} 行", "row {number}"),
    "place-item": Text("第 {number} 项", "item {number}"),
    "place-entry": Text("第 {number} 条", "entry {number}"),
    # Import
    "help-import": Text("导入外部格式的数据", "Import data in outside formats"),
    "help-import-fcl": Text(
        "导入 FoodChain-Lab 的 JSON 文件（站点、交付、关系）",
        "Import a JSON file of FoodChain-Lab (stations, deliveries, relations)",
    ),
    "help-fcl-file": Text("FoodChain-Lab 的 JSON 文件", "JSON file of FoodChain-Lab"),
    "help-scope": Text(
        "站点与交付编号的前缀，用以区分不同文件",
        "Prefix of the ids of stations and deliveries, to keep two files apart",
    ),
    "help-import-source": Text("事件的数据来源", "Source of the events"),
    "help-revision": Text(
        "修订号；更正后的文件须用更高的修订号",
        "Revision; a corrected file goes in with a higher one",
    ),
    "help-stop-at": Text(
        "在此站点（编号或名称）处污染不再传递；可多次给出",
        "Contamination ends at this station (id or name); may be given several times",
    ),
    "help-out": Text(
        "不报送，只把事件写入该 NDJSON 文件", "Don't push, write the events to this NDJSON file"
    ),
    "fcl-found": Text(
        "{stations} 个站点，{deliveries} 笔交付，{relations} 条关系",
        "{stations} stations, {deliveries} deliveries, {relations} relations",
    ),
    "fcl-assumed": Text(
        "{count} 笔交付缺少日期，已按说明推定并在 extra 中标明",
        "{count} deliveries lack a date; it was assumed as documented and is marked in extra",
    ),
    "fcl-amounts": Text(
        "{count} 笔交付缺少数量，按 1 笔计并在 extra 中标明",
        "{count} deliveries lack an amount; each counts as 1 and is marked in extra",
    ),
    "fcl-stops": Text(
        "文件标明污染止于：{stations}；如需照办请加 --stop-at",
        "the file says that contamination ends at: {stations}; add --stop-at to follow it",
    ),
    "written": Text("{count} 条事件已写入 {file}", "{count} events written to {file}"),
    # Problems
    "interrupted": Text(
        "已中断；重复报送不会重复计数", "interrupted; pushing again counts nothing twice"
    ),
    # Keys and mandates
    "help-keys": Text("密钥与报送委托", "API keys, and mandates to report for others"),
    "help-keys-list": Text("列出全部密钥（不含密钥本身）", "List all keys, without their secrets"),
    "help-keys-issue": Text("签发密钥，只显示这一次", "Issue a key; it is shown this once"),
    "help-keys-revoke": Text("立即撤销密钥", "End a key at once"),
    "help-key-party": Text("party 密钥所属的经营主体", "The party of a party key"),
    "help-key-reporter": Text("reporter 密钥的报送方", "The reporter of a reporter key"),
    "help-key-source": Text("该密钥报送的数据来源", "The source under which the key reports"),
    "help-key-label": Text("备注", "A note to know it by"),
    "help-key-expires": Text(
        "到期时间，如 2026-12-31T00:00:00+08:00", "When it ends, such as 2026-12-31T00:00:00+08:00"
    ),
    "help-key-role": Text("密钥的角色", "What kind of key"),
    "help-key-id": Text(
        "密钥的可见部分或编号（见 keys list）", "Shown part of the key, or its id (see keys list)"
    ),
    "key-id": Text("编号", "id"),
    "key-prefix": Text("密钥", "key"),
    "key-for": Text("主体", "for"),
    "key-source": Text("来源", "source"),
    "key-label": Text("备注", "label"),
    "key-created": Text("签发", "issued"),
    "key-ends": Text("到期", "ends"),
    "key-revoked": Text("{at} 撤销", "revoked {at}"),
    "key-once": Text("密钥只显示这一次，请妥善保存。", "The key is shown this once; keep it safe."),
    "help-mandates": Text("报送委托", "Mandates to report for others"),
    "help-mandates-list": Text("列出委托", "List mandates"),
    "help-mandates-grant": Text(
        "准许报送方代某主体或某市场全部摊位报送",
        "Let a reporter report for a party, or for all stalls of a market",
    ),
    "help-mandates-revoke": Text(
        "撤销委托，已报送的事件保留", "End a mandate; what was reported stays"
    ),
    "help-mandate-reporter": Text("报送方", "The reporter"),
    "help-mandate-party": Text("被代报的经营主体", "The party reported for"),
    "help-mandate-market": Text(
        "被代报的市场（场所编号）", "The market reported for (its location)"
    ),
    "help-mandate-from": Text("第一个业务日期", "First business day"),
    "help-mandate-to": Text("最后一个业务日期；缺省不限", "Last business day; none by default"),
    "help-mandate-note": Text("依据，如协议编号", "What it rests on, such as a contract's number"),
    "help-mandate-id": Text("委托编号", "Id of the mandate"),
    "mandate-reporter": Text("报送方", "reporter"),
    "mandate-for": Text("代报对象", "for"),
    "mandate-market": Text("市场 {market}", "market {market}"),
    "mandate-days": Text("业务日期", "business days"),
    "mandate-note": Text("依据", "note"),
}
