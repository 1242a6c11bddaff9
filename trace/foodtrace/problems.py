"""What can be wrong, whose fault it is, and what to tell them.

Every code stands once in `PROBLEMS` with its Chinese and English text. A door (HTTP, Kafka, command
line) maps the blame to its own dialect and never invents a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Blame(StrEnum):
    """Whose fault a problem is; decides status, exit code and whether a retry can help."""

    THEIRS = "theirs"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class ProblemText:
    """The meaning of one code in both languages, as a sentence that says what to do."""

    blame: Blame
    zh: str
    en: str


class FoodtraceError(Exception):
    """Base of every named error: a code of `PROBLEMS`, the field's path and the fact at hand."""

    def __init__(self, code: str, detail: str = "", path: str = "") -> None:
        """Name the problem; raises KeyError when the code isn't in the table."""
        self.text = PROBLEMS[code]
        self.code = code
        self.detail = detail
        self.path = path
        super().__init__(f"{path + ': ' if path else ''}{code}: {detail or self.text.en}")


class TheirFault(FoodtraceError):
    """Refused at the door or put aside: the sender has to change something."""


class InvalidValue(TheirFault, ValueError):
    """A value that can't be what it claims; raised where values are made."""


class NotFound(FoodtraceError):
    """The thing asked for isn't known here."""


class Conflict(FoodtraceError):
    """It contradicts what already stands."""


class OurFault(FoodtraceError):
    """Ours: stop rather than go on with a broken promise."""


_T, _N, _C, _O = Blame.THEIRS, Blame.NOT_FOUND, Blame.CONFLICT, Blame.OURS

PROBLEMS: dict[str, ProblemText] = {
    "event.unknown-kind": ProblemText(
        _T,
        "未知的事件类型，请使用文档所列类型",
        "Unknown kind of event; use one of the listed kinds",
    ),
    "event.malformed": ProblemText(
        _T, "无法解析为事件文档", "The document can't be read as an event"
    ),
    "event.unknown-field": ProblemText(
        _T, "字段名不存在，请检查拼写", "There is no such field; check its spelling"
    ),
    "event.missing-field": ProblemText(_T, "缺少必填字段", "A required field is missing"),
    "event.wrong-type": ProblemText(_T, "字段类型不正确", "The field has the wrong type"),
    "event.too-large": ProblemText(
        _T,
        "单个事件超过大小上限，请拆分单据",
        "The event exceeds the size limit; split the document",
    ),
    "event.too-many-lines": ProblemText(
        _T, "明细行数超过上限，请拆分单据", "The document has too many lines; split it"
    ),
    "event.no-lines": ProblemText(_T, "单据没有明细行", "The document has no lines"),
    "event.duplicate-line": ProblemText(
        _T, "明细行号重复", "Two lines of the document have the same number"
    ),
    "event.duplicate-code": ProblemText(
        _T, "同一明细行内追溯码重复", "A trace code stands twice on one line"
    ),
    "event.wrong-id": ProblemText(
        _T,
        "event_id 与来源、类型、来源事件号、修订号不符，可省略由系统计算",
        "event_id doesn't follow from source, kind, source_event_id and revision; leave it out",
    ),
    "event.wrong-source": ProblemText(
        _T, "来源与密钥或主题不符", "The source isn't the one of the key or topic"
    ),
    "event.no-number": ProblemText(
        _T, "上市凭证须有单据编号", "A voucher needs its document number"
    ),
    "event.same-party": ProblemText(
        _T,
        "买卖双方为同一主体同一场所，请使用调拨",
        "Seller and buyer are one party at one location; report a transfer",
    ),
    "event.itself": ProblemText(_T, "事件不能作废自身", "An event can't void itself"),
    "event.from-the-future": ProblemText(
        _T, "业务时间晚于接收时间一天以上", "It claims to have happened over a day after it came in"
    ),
    "event.too-old": ProblemText(
        _T, "业务日期早于 1990 年", "It claims to have happened before 1990"
    ),
    "text.control-character": ProblemText(
        _T, "文本含控制字符或空字符", "The text holds a control character or NUL"
    ),
    "text.lone-surrogate": ProblemText(
        _T, "文本含不成对的代理字符", "The text holds a lone surrogate"
    ),
    "text.empty": ProblemText(_T, "文本不能为空", "The text must not be empty"),
    "text.too-long": ProblemText(_T, "文本过长", "The text is too long"),
    "code.check-character": ProblemText(
        _T, "代码校验位不正确", "The code's check character is wrong"
    ),
    "list.unknown-value": ProblemText(
        _T, "不在允许的取值之列", "The value isn't one of the allowed ones"
    ),
    "quantity.not-positive": ProblemText(
        _T, "数量必须大于零", "The quantity must be greater than zero"
    ),
    "quantity.too-precise": ProblemText(
        _T, "数量最多六位小数", "A quantity has at most six decimals"
    ),
    "quantity.too-large": ProblemText(_T, "数量超出范围", "The quantity is out of range"),
    "quantity.not-a-number": ProblemText(_T, "数量不是有效数字", "The quantity isn't a number"),
    "quantity.missing": ProblemText(
        _T, "明细行须有数量或净重", "A line needs a count or a net mass"
    ),
    "quantity.not-a-mass": ProblemText(_T, "重量须使用质量单位", "A mass needs a unit of mass"),
    "quantity.net-mass": ProblemText(_T, "净重大于毛重", "The net mass exceeds the gross mass"),
    "money.negative": ProblemText(_T, "金额不能为负", "An amount of money can't be negative"),
    "money.no-currency": ProblemText(_T, "金额缺少币种", "An amount of money needs its currency"),
    "date.impossible": ProblemText(_T, "日期不可能成立", "The date is impossible"),
    "date.expiry-before-production": ProblemText(
        _T, "到期日早于生产日期", "The expiry lies before the production date"
    ),
    "date.produced-after-event": ProblemText(
        _T, "生产日期晚于业务日期一天以上", "The production date lies after the day of the event"
    ),
    "date.naive": ProblemText(_T, "时间缺少时区", "The instant has no offset from UTC"),
    "side.unidentified": ProblemText(
        _T,
        "须写明主体，或写明已知的名称、车牌、证件摘要等",
        "Name the party, or what is known of it: name, plate, digest of a document",
    ),
    "yield.range": ProblemText(_T, "出成率上下限不成立", "The yield range is impossible"),
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
    "receipt.unknown": ProblemText(
        _N, "查无此小票", "No such receipt, or the amount or date doesn't match"
    ),
    "voucher.unknown": ProblemText(_N, "未知上市凭证", "No such voucher is known"),
    "party.unknown": ProblemText(_N, "未知主体", "No such party is known"),
    "location.unknown": ProblemText(_N, "未知场所", "No such location is known"),
    "product.unknown": ProblemText(_N, "未知产品", "No such product is known"),
    "event.unknown": ProblemText(_N, "未知事件", "No such event is known"),
    "answer.not-yet": ProblemText(
        _O,
        "所报送的事件尚未全部入账，请稍后重试",
        "What was pushed isn't in the ledger yet; try again shortly",
    ),
    "avro.too-short": ProblemText(
        _T, "记录过短，不是 Confluent 格式", "The record is too short for the Confluent format"
    ),
    "avro.wrong-magic": ProblemText(
        _T, "记录首字节不是 0，不是 Confluent 格式", "The record doesn't start with byte 0"
    ),
    "avro.unknown-schema": ProblemText(_T, "未登记的模式编号", "The schema id isn't registered"),
    "avro.broken": ProblemText(_T, "Avro 数据无法解码", "The Avro data can't be decoded"),
    "avro.trailing-bytes": ProblemText(
        _T, "Avro 数据之后有多余字节", "There are bytes left after the Avro data"
    ),
    "avro.foreign-schema": ProblemText(
        _T, "该模式不是本系统的事件", "The schema isn't one of the events known here"
    ),
    "ledger.refused": ProblemText(_O, "账本无法写入该事件", "The ledger can't take this event"),
    "ledger.crashed": ProblemText(
        _O, "处理该事件时程序出错，已隔离", "The worker failed at this event; it was put aside"
    ),
    "ledger.newer": ProblemText(
        _O,
        "账本由更新版本建立，请升级程序",
        "The ledger was made by a newer version; upgrade foodtrace",
    ),
    "ledger.older": ProblemText(
        _O,
        "账本结构较旧，请先执行升级",
        "The ledger's schema is older; run the migrations first",
    ),
    "ledger.chunk-lost": ProblemText(
        _O,
        "读取与账本之间丢失一段事件，工作进程停止",
        "Events were lost between fetcher and ledger; the worker stops and reads again",
    ),
    "bus.log-replaced": ProblemText(
        _O,
        "主题被删除重建，账本位置不再适用；请恢复主题或重建账本",
        "The topic was deleted and made anew; restore it, or rebuild the ledger from it",
    ),
    "bus.log-cut": ProblemText(
        _O,
        "主题开头已被截断，早于账本位置之后；请从备份恢复",
        "The topic no longer holds what the ledger hasn't read; restore it from a backup",
    ),
    "bus.log-behind": ProblemText(
        _O,
        "主题末尾早于账本位置，日志有丢失；请恢复主题",
        "The topic ends before the ledger's position; records are missing, restore the topic",
    ),
    "bus.topic-differs": ProblemText(
        _O,
        "外部集群的主题设置不符合要求",
        "A topic of the cluster isn't configured as the evidence needs it",
    ),
    "bus.topic-missing": ProblemText(
        _O, "缺少主题，请先创建", "A topic is missing; let foodtrace create it"
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
        "无法识别文件格式，请使用 .ndjson、.json 或 .csv",
        "The form of the file isn't known; use .ndjson, .json or .csv",
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
}
