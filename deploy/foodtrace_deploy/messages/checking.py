"""What `foodtrace check-source` and `open-topic` say to those who connect a source.

The sentences of the rules stand in `foodtrace.readiness`.
"""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "help-check": Text(
        "检查样本日：缺什么、会拒收什么、召回为何会含糊",
        "Check a sample day: what is missing, would be refused, or makes a recall vague",
    ),
    "help-check-files": Text(
        "样本文件，可多个；省略则读取该密钥来源已报送的事件",
        "Files of a sample day; without any, the events that the key's source has sent",
    ),
    "help-check-source": Text("数据来源", "The source"),
    "help-check-from": Text(
        "首个业务日；缺省为七天前", "First business day; by default a week ago"
    ),
    "help-check-to": Text("末个业务日；缺省为今天", "Last business day; by default today"),
    "help-strict": Text(
        "召回不能精确时也以退出码 1 结束", "End with exit code 1 also where a recall can't be exact"
    ),
    "check-files-and-days": Text(
        "文件与 --from、--to 不能同用", "Files don't go together with --from and --to"
    ),
    "check-sample": Text("样本：{name}", "sample: {name}"),
    "check-server": Text("来源 {source}，{first} – {last}", "source {source}, {first} – {last}"),
    "check-any-source": Text("（该密钥可见的全部）", "(all that this key sees)"),
    "check-events": Text(
        "有效事件 {events} 个，{first} – {last}：{kinds}",
        "{events} events that hold, {first} – {last}: {kinds}",
    ),
    "check-repeated": Text("重复报送 {count} 个，只计一次", "{count} sent again, counted once"),
    "check-void": Text("已作废或被修订取代 {count} 个", "{count} void or superseded"),
    "check-refused": Text("将被拒收：{count} 份单据", "would be refused: {count} documents"),
    "check-none-refused": Text("没有会被拒收的单据", "nothing would be refused"),
    "check-refusal": Text("{count} 处  {field}  {title}", "{count} ×  {field}  {title}"),
    "check-lacking": Text("缺什么", "what is lacking"),
    "check-fine": Text("其余 {count} 项检查无缺失", "{count} other checks found nothing lacking"),
    "check-example": Text("如 {places}", "such as {places}"),
    "effect-possible": Text("只能得出“可能涉及”", "sellers only possible"),
    "effect-broken": Text("链条中断或重复计数", "the chain breaks or counts twice"),
    "effect-loose": Text("数量只是上限", "amounts only bounds"),
    "effect-unchecked": Text("无法核对", "can't be checked"),
    "check-verdict-exact": Text(
        "结论：就此样本而言，召回可以精确到经营者和数量",
        "verdict: as far as this sample goes, a recall can name sellers and amounts exactly",
    ),
    "check-verdict-unchecked": Text(
        "结论：召回可以精确，但日期或证明无从核对",
        "verdict: a recall can be exact, but dates or papers can't be checked",
    ),
    "check-verdict-vague": Text(
        "结论：召回会含糊，见上列各项", "verdict: a recall would be vague, for the reasons above"
    ),
    "check-verdict-empty": Text("结论：没有事件可查", "verdict: there is no event to check"),
    "check-limits": Text(
        "未检查：密钥是否有权代报（以报送时为准）",
        "not checked: whether a key may report for these parties (the door says so)",
    ),
    # Topics of sources
    "help-open-topic": Text(
        "为一个数据来源开通 Kafka 主题 in.来源（运维）",
        "Open the Kafka topic in.SOURCE of a source (ops)",
    ),
    "help-topic-source": Text("数据来源", "The source"),
    "topic-made": Text(
        "已开通主题 {topic}，地址 {brokers}", "opened the topic {topic} at {brokers}"
    ),
    "topic-there": Text(
        "主题 {topic} 已存在，地址 {brokers}", "the topic {topic} is there, at {brokers}"
    ),
    "topic-user": Text(
        "用户 {user} 现可写入该主题（未授予其他权限）",
        "user {user} may write it now (no other right was granted)",
    ),
    "topic-everybodys": Text(
        "该集群未启用访问控制（ACL），任何人都可写入",
        "these brokers have no rules (ACL), so everybody may write it",
    ),
    "option-topic-user": Text(
        "消息集群中的用户名（默认与来源同名；客户端证书则为其主体，如 CN=my-erp）",
        "Its user at the brokers (default: the source's name; for a client certificate its subject,"
        " as CN=my-erp)",
    ),
}
