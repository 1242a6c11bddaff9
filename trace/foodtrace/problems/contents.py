"""What can be wrong with an event: its values, its form, its bytes."""

from __future__ import annotations

from foodtrace.problems.text import Blame, ProblemText

_T = Blame.THEIRS

CONTENTS: dict[str, ProblemText] = {
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
    "transfer.other-party": ProblemText(
        _T,
        "调拨双方须为同一主体；不同主体之间请报交易",
        "A transfer stays with one party; report a trade between two",
    ),
    "transfer.same-location": ProblemText(
        _T, "调出与调入场所相同", "The goods are at that location already"
    ),
    "return.cites-nothing": ProblemText(
        _T,
        "退货明细须在 refers_to 写明原交易的事件号与行号",
        "A returned line names the line by which the goods came, in refers_to",
    ),
    "release.cites-nothing": ProblemText(
        _T,
        "放行明细须在 refers_to 写明退货单的事件号与行号",
        "A released line names the line of the return, in refers_to",
    ),
    "slaughter.too-many-halves": ProblemText(
        _T, "白条片数多于屠宰头数的两倍", "More halves come out than twice the heads that went in"
    ),
    "paper.two-species": ProblemText(
        _T, "一张证明不能覆盖两个品种的动物或产品", "One paper can't cover two species"
    ),
    "packing.into-itself": ProblemText(
        _T, "物流单元不能装入自身", "A logistic unit can't be packed into itself"
    ),
    "merge.into-itself": ProblemText(
        _T, "主体不能与自身合并", "A party can't be merged into itself"
    ),
    "dead-letter.no-place": ProblemText(
        _T,
        "死信位置须写作 日志/主题/分区/偏移",
        "A dead letter is named LOG/TOPIC/PARTITION/OFFSET",
    ),
    "dead-letter.no-reason": ProblemText(
        _T, "不予处理须说明理由", "Whoever dismisses a dead letter has to say why"
    ),
    "dead-letter.corrected-event": ProblemText(
        _T,
        "更正须指明更正后的事件，其他处置不得指明",
        "A fix names the corrected event, and nothing else does",
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
    "quantity.negative": ProblemText(
        _T, "盘点数量不能为负", "What was counted can't be less than nothing"
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
}
