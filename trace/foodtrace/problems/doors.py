"""What can be wrong with a request: who asks, what for, and what is not known here."""

from __future__ import annotations

from foodtrace.problems.text import Blame, ProblemText

_T, _N, _C, _O = Blame.THEIRS, Blame.NOT_FOUND, Blame.CONFLICT, Blame.OURS

DOORS: dict[str, ProblemText] = {
    "push.not-allowed": ProblemText(
        _T, "密钥无权以该主体名义报送", "The key may not report in the name of this party"
    ),
    "push.no-mandate": ProblemText(
        _T,
        "报送方在业务日期没有该主体的委托，请先登记委托",
        "The reporter holds no mandate of this party on that day; have it registered first",
    ),
    "push.too-many-events": ProblemText(
        _T, "单次报送事件过多，请分批", "Too many events in one call; send them in batches"
    ),
    "push.body-too-large": ProblemText(
        _T, "请求正文超过大小上限，请分批", "The request body is too large; send it in batches"
    ),
    "push.bus-away": ProblemText(
        _O, "消息总线暂不可用，请稍后重试", "The event bus is away; try again later"
    ),
    "push.bus-full": ProblemText(
        _O,
        "消息总线磁盘余量不足，暂停接收，已收下的不受影响；请为其腾出或增加磁盘空间，之后自动恢复",
        "The brokers' disks are nearly full, so nothing more is taken and nothing is lost; give them"
        " room, then the same call goes through",
    ),
    "push.busy": ProblemText(
        _O,
        "同时报送的数据过多，请稍后重试",
        "Too much is being pushed at once; send this again shortly",
    ),
    "request.invalid": ProblemText(_T, "请求参数不正确", "A parameter of the request is wrong"),
    "request.too-many": ProblemText(
        _T, "请求过于频繁，请稍后再试", "Too many requests; try again later"
    ),
    "request.bad-cursor": ProblemText(
        _T, "翻页游标无效，请从第一页开始", "The cursor isn't valid; start from the first page"
    ),
    "request.bad-token": ProblemText(_T, "after 凭据无效", "The after token isn't one of ours"),
    "auth.missing": ProblemText(
        _T, "缺少 API 密钥", "An API key is missing; send it as Authorization: Bearer KEY"
    ),
    "auth.unknown": ProblemText(
        _T, "API 密钥无效、过期或已撤销", "The API key is unknown, expired or revoked"
    ),
    "auth.forbidden": ProblemText(_T, "该角色无权查看或操作", "This role may not see or do that"),
    "lot.unknown": ProblemText(_N, "未知批次", "No such lot is known"),
    "batch.unknown": ProblemText(_N, "未知生产批次", "No such batch is known"),
    "code.unknown": ProblemText(
        _N,
        "未知代码；注意在途事件与久未报送的来源",
        "The code is unknown; mind events in flight and silent sources",
    ),
    "code.ambiguous": ProblemText(
        _C,
        "该代码对应多个生产批次，请选定其一",
        "The code stands for several batches; choose one of the candidates",
    ),
    "code.no-goods": ProblemText(
        _N,
        "该代码是单据、主体、产品或场所的编号，不是批次",
        "The code is that of a document, party, product or place, not of goods",
    ),
    "link.no-lot": ProblemText(
        _T,
        "该链接只指明商品，没有批号（/10/）或序列号（/21/），无法确定批次",
        "The link names a product alone; without a lot (/10/) or serial number (/21/) it is no lot",
    ),
    "receipt.unknown": ProblemText(
        _N, "查无此小票", "No such receipt, or the amount or date doesn't match"
    ),
    "voucher.unknown": ProblemText(_N, "未知上市凭证", "No such voucher is known"),
    "party.ambiguous": ProblemText(
        _C,
        "该代码对应多个主体，请指定日期（--at）或主体编号",
        "The code stands for several parties; name a day (at) or one of their ids",
    ),
    "party.unknown": ProblemText(_N, "未知主体", "No such party is known"),
    "location.ambiguous": ProblemText(
        _C,
        "该代码对应多个场所，请改用场所编号",
        "The code stands for several locations; name one by its id",
    ),
    "location.unknown": ProblemText(_N, "未知场所", "No such location is known"),
    "product.unknown": ProblemText(_N, "未知产品", "No such product is known"),
    "trade.unknown": ProblemText(_N, "未知交易", "No such trade is known"),
    "event.unknown": ProblemText(_N, "未知事件", "No such event is known"),
    "answer.not-yet": ProblemText(
        _O,
        "所报送的事件尚未全部入账，请稍后重试",
        "What was pushed isn't in the ledger yet; try again shortly",
    ),
    "key.unknown": ProblemText(_N, "未知密钥", "No such key is known"),
    "mandate.unknown": ProblemText(_N, "未知委托", "No such mandate is known"),
    "mandate.one-subject": ProblemText(
        _T, "委托须写明一个主体或一个市场", "A mandate names either one party or one market"
    ),
    "topic.illegal-source": ProblemText(
        _T,
        "来源名称不能用作主题名，只能用字母、数字、点、下划线和连字符",
        "The source can't name a topic; use letters, digits, dot, underscore and hyphen",
    ),
    "topic.not-fewer": ProblemText(
        _T,
        "分区只能增加，不能减少：其中的记录是证据",
        "Partitions can be added, never taken away: what lies in them is evidence",
    ),
    "topic.single": ProblemText(
        _T, "该主题固定为一个分区", "This topic keeps one partition: its order is read as one"
    ),
    "topic.not-ours": ProblemText(
        _T,
        "不是 foodtrace 的主题，见 foodtrace topics",
        "This isn't one of foodtrace's topics; foodtrace topics lists them",
    ),
    "registry.subject-unknown": ProblemText(
        _N,
        "注册表中没有该主题名（subject）",
        "The registry has no such subject",
    ),
    "registry.version-unknown": ProblemText(
        _N,
        "该 subject 没有此版本",
        "The subject has no such version",
    ),
    "registry.schema-unknown": ProblemText(
        _N,
        "注册表中没有该模式",
        "The registry has no such schema",
    ),
    "registry.level-unknown": ProblemText(
        _N,
        "该 subject 未单独设置兼容级别",
        "The subject has no compatibility level of its own",
    ),
    "registry.incompatible": ProblemText(
        _C,
        "新模式与已有版本不兼容",
        "The schema isn't compatible with an earlier version",
    ),
    "registry.invalid-schema": ProblemText(
        _T,
        "不是有效的 Avro 模式",
        "It isn't a valid Avro schema",
    ),
    "registry.invalid-subject": ProblemText(
        _T,
        "subject 名称无效：1 到 249 个可打印字符",
        "A subject's name has 1 to 249 printable characters",
    ),
    "registry.invalid-version": ProblemText(
        _T,
        "版本号须为正整数或 latest",
        "A version is a positive whole number or latest",
    ),
    "registry.invalid-level": ProblemText(
        _T,
        "未知的兼容级别",
        "The compatibility level isn't one of the known ones",
    ),
    "api.unreachable": ProblemText(
        _O,
        "无法连接 foodtrace，请检查地址，或先运行 foodtrace up",
        "foodtrace can't be reached; check the address, or start it with: foodtrace up",
    ),
    "api.not-ours": ProblemText(
        _O,
        "该地址有应答，但不是 foodtrace，请检查地址",
        "Something answers there, but it isn't foodtrace; check the address",
    ),
    "file.unreadable": ProblemText(
        _T,
        "文件不存在或无法读取，请检查路径和权限",
        "The file isn't there or can't be read; check its path and rights",
    ),
    "file.unknown-format": ProblemText(
        _T,
        "无法识别文件格式，请使用 .ndjson、.json、.csv 或含有它们的 .zip",
        "The form of the file isn't known; use .ndjson, .json, .csv, or a .zip of these",
    ),
    "csv.encoding": ProblemText(
        _T,
        "文件既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”",
        "The file is neither UTF-8 nor GB18030; save it again as “CSV UTF-8”",
    ),
    "csv.no-rows": ProblemText(_T, "文件没有表头或没有数据行", "The file has no header or no rows"),
    "csv.kind-needed": ProblemText(
        _T,
        "请用 --kind 或 kind 列说明单据类型",
        "Say which kind of document it is, with --kind or a column named kind",
    ),
    "csv.unknown-column": ProblemText(
        _T,
        "模板中没有此列，请检查列名（自定义内容请用 extra.名称 列）",
        "The template has no such column; check its name (own data goes into columns extra.NAME)",
    ),
    "csv.duplicate-column": ProblemText(
        _T, "表头中同一列出现两次", "The header names a column twice"
    ),
    "csv.missing-column": ProblemText(
        _T, "缺少必需的列", "A column that is always needed is missing"
    ),
    "csv.missing-value": ProblemText(_T, "必填单元格为空", "A cell that is needed is empty"),
    "csv.wrong-value": ProblemText(
        _T, "单元格内容不符合该列的格式", "The cell doesn't hold what its column is for"
    ),
    "csv.too-many-cells": ProblemText(
        _T,
        "该行单元格多于表头，含逗号的内容须加引号",
        "The row has more cells than the header; text with a comma needs quotes",
    ),
    "csv.broken-quotes": ProblemText(
        _T, "引号不成对，或行过长", "A quote isn't closed, or the line is too long"
    ),
    "csv.different-document": ProblemText(
        _T,
        "同一单据各行的单据级列内容不一致",
        "Rows of one document differ in a column that belongs to the document",
    ),
    "csv.scattered-document": ProblemText(
        _T,
        "同一单据的行不相连，请按 source_event_id 排序",
        "The rows of a document aren't together; sort the file by source_event_id",
    ),
    "csv.mangled-code": ProblemText(
        _T,
        "Excel 已将代码改为科学计数（末位已丢失），请将该列设为文本后重新导出",
        "Excel turned the code into a rounded number; format the column as text and export again",
    ),
    "csv.lost-zeros": ProblemText(
        _T,
        "代码位数不足，疑为 Excel 去掉了前导零，请将该列设为文本后重新导出",
        "The code is short of digits: Excel drops leading zeros; format the column as text",
    ),
    "fcl.not-json": ProblemText(_T, "不是有效的 JSON 文件", "The file isn't valid JSON"),
    "fcl.not-foodchainlab": ProblemText(
        _T,
        "不是 FoodChain-Lab 数据：须有 stations、deliveries 和 deliveryRelations",
        "It isn't FoodChain-Lab data: stations, deliveries and deliveryRelations are needed",
    ),
    "fcl.missing-field": ProblemText(_T, "记录缺少必需的字段", "A record lacks a field it needs"),
    "fcl.wrong-value": ProblemText(
        _T, "字段内容不符合其类型", "The field doesn't hold what it is for"
    ),
    "fcl.duplicate-id": ProblemText(_T, "两条记录的 ID 相同", "Two records have the same id"),
    "fcl.unknown-station": ProblemText(_T, "文件中没有该站点", "The file has no such station"),
    "fcl.unknown-delivery": ProblemText(
        _T, "关系指向文件中没有的交付", "A relation names a delivery that the file doesn't have"
    ),
    "fcl.broken-relation": ProblemText(
        _T,
        "关系不成立：前一交付的收货站点不是后一交付的发货站点",
        "A relation can't be: the first delivery doesn't arrive where the second one starts",
    ),
    "request.no-such-path": ProblemText(
        _N, "没有此地址，见 /docs", "There is no such address; see /docs"
    ),
    "request.wrong-method": ProblemText(
        _T, "该地址不支持此方法", "The address doesn't take this method"
    ),
    "request.wrong-media-type": ProblemText(
        _T,
        "请求正文须为 application/json 或 application/x-ndjson",
        "The body has to be application/json or application/x-ndjson",
    ),
    "server.failed": ProblemText(
        _O, "服务内部出错，已记录", "The server failed; it has been logged"
    ),
    "dead-letter.unknown": ProblemText(_N, "查无此隔离记录", "No such record was put aside"),
    "dead-letter.settled": ProblemText(
        _C,
        "该死信已处置；如处置有误，请先作废其处置事件",
        "The dead letter was dealt with already; void that resolution first if it was wrong",
    ),
    "dead-letter.busy": ProblemText(
        _C,
        "他人正在处置该死信，请稍后再看",
        "Somebody is dealing with this dead letter right now; look again shortly",
    ),
    "dead-letter.no-value": ProblemText(
        _T,
        "原记录没有内容，重新投递无意义；请更正或不予处理",
        "The record had no value, so pushing it again is of no use; fix or dismiss it",
    ),
    "key.reserved-source": ProblemText(
        _T,
        "来源 ops 保留给运维：其作废对所有来源生效",
        "The source ops is kept for the staff: its voids count for every source",
    ),
    "spool.unknown": ProblemText(
        _N,
        "该目录不是生产者套件的暂存目录",
        "The folder is no spool of the producer kit",
    ),
}
