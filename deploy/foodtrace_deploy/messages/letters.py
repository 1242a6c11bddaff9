"""What `foodtrace deadletters` says."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "help-letters": Text(
        "死信：被隔离的记录，原因与处置",
        "Dead letters: records that were put aside, why, what then",
    ),
    "help-letters-list": Text("列出死信，最近的在前", "List dead letters, the latest first"),
    "help-letters-show": Text(
        "解释一条死信：原因、该怎么办、原内容",
        "Explain one: what is wrong, what to do, what it says",
    ),
    "help-letters-fix": Text(
        "以更正后的事件（JSON 文件，- 为标准输入）补报",
        "Push a corrected event in its place (a JSON file, - is standard input)",
    ),
    "help-letters-requeue": Text(
        "原样重新投递（登记模式或排除故障之后）",
        "Push it again as it was, once a schema is registered or a fault mended (ops)",
    ),
    "help-letters-dismiss": Text(
        "不予处理，须说明理由", "Leave it aside for good, with a reason (ops)"
    ),
    "help-letter": Text(
        "死信位置，见 list：日志/主题/分区/偏移", "Its name, see list: LOG/TOPIC/PARTITION/OFFSET"
    ),
    "help-letter-file": Text("更正后的事件", "The corrected event"),
    "help-letter-reason": Text("理由", "Why"),
    "help-letter-code": Text("只看此原因", "Only those with this problem code"),
    "help-letter-source": Text("只看此来源", "Only what this source sent"),
    "help-letter-topic": Text("只看此主题（全名）", "Only those of this topic, by its full name"),
    "help-letter-state": Text("只看此状态", "Only those in this state"),
    "help-letter-limit": Text("最多列出多少条", "Dead letters that are listed at most"),
    "letters-none": Text("没有死信", "no dead letters"),
    "letters-title": Text("死信 {count} 条", "dead letters: {count}"),
    "letters-more": Text(
        "……仅列出前 {count} 条，见 --limit", "... only the first {count} are listed, see --limit"
    ),
    "letter-state": Text("状态", "state"),
    "letter-received": Text("接收时间", "received"),
    "letter-source": Text("来源", "source"),
    "letter-code": Text("原因", "problem"),
    "letter-name": Text("死信位置", "letter"),
    "letter-detail": Text("事实", "facts"),
    "letter-field": Text("字段", "field"),
    "letter-todo": Text("怎么办", "what to do"),
    "letter-from": Text("由此重新投递", "requeued from"),
    "letter-back": Text("重新投递后又成为", "came back as"),
    "letter-done": Text("处置", "dealt with"),
    "letter-settled": Text(
        "{state}，{moment}，{actor}；理由：{reason}",
        "{state} at {moment} by {actor}; why: {reason}",
    ),
    "letter-corrected": Text("更正后事件", "corrected event"),
    "letter-key": Text("键", "key"),
    "letter-is-open": Text("未处置", "open"),
    "letter-is-requeued": Text("已重新投递", "requeued"),
    "letter-is-fixed": Text("已更正", "fixed"),
    "letter-is-dismissed": Text("不予处理", "dismissed"),
    "seen-event": Text(
        "原内容（是有效事件，此前未能入账）", "what it says (a valid event that didn't get in)"
    ),
    "seen-fields": Text("原内容（按事件模式读出，未通过校验）", "what it says (it breaks a rule)"),
    "seen-json": Text("原内容（JSON，不是 Avro）", "what it says (JSON, not Avro)"),
    "seen-text": Text("原内容（文本）", "what it says (a text)"),
    "seen-bytes": Text("原内容无法读出，开头字节", "it can't be read; its first bytes"),
    "letter-acted": Text("{letter}：{state}", "{letter}: {state}"),
    "letter-not-yet": Text(
        "已存入总线，尚未入账；稍后可用 --after {after} 查看",
        "It is stored, but not in the ledger yet; ask with --after {after}",
    ),
    "letter-not-json": Text(
        "文件须为一个 JSON 事件", "The file has to hold one event as a JSON object"
    ),
}
