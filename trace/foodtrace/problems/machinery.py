"""What can be wrong with ledger, bus and the machine: ours to mend."""

from __future__ import annotations

from foodtrace.problems.text import Blame, ProblemText

_O = Blame.OURS

MACHINERY: dict[str, ProblemText] = {
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
    "ledger.too-many-asides": ProblemText(
        _O,
        "分区中被隔离的记录过多，工作进程停止：请查看死信（foodtrace deadletters），排除原因后设置"
        " FOODTRACE_ASIDES_SEEN 为所示位置并重新启动",
        "Too many records of a partition went aside, so the worker stops: look at foodtrace"
        " deadletters, mend the cause, set FOODTRACE_ASIDES_SEEN to the place shown, start again",
    ),
    "ledger.dead-letters-open": ProblemText(
        _O,
        "有未处置的死信，请查看 foodtrace deadletters",
        "Dead letters wait to be dealt with; see foodtrace deadletters",
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
    "bus.empty": ProblemText(
        _O,
        "消息总线中没有账本已读过的任何主题：地址有误，或其磁盘已丢失；请核对 FOODTRACE_BROKERS 与"
        " FOODTRACE_TOPIC_PREFIX，或先恢复备份，勿新建主题",
        "The brokers hold none of the topics that the ledger has read: another cluster, or a lost"
        " disk. Check FOODTRACE_BROKERS and FOODTRACE_TOPIC_PREFIX, or restore a backup; don't make"
        " the topics anew",
    ),
    "bus.too-old": ProblemText(
        _O,
        "消息集群版本过旧，无法区分重建的主题：请升级到 Apache Kafka 3.0 或更新版本",
        "The brokers are too old to tell a topic from one made anew: upgrade them to Apache Kafka"
        " 3.0 or newer",
    ),
    "bus.too-few-partitions": ProblemText(
        _O,
        "主题的分区少于账本已读过的或 FOODTRACE_PARTITIONS 要求的：若账本已读过，请恢复该主题的备份；"
        "否则用 foodtrace topics 增加分区，或改该设置",
        "A topic has fewer partitions than the ledger has read, or than FOODTRACE_PARTITIONS asks"
        " for: restore the topic in the first case, else grow it (foodtrace topics) or change the"
        " setting",
    ),
    "ledger.access-refused": ProblemText(
        _O,
        "数据库拒绝登录：请核对 FOODTRACE_DATABASE_URL 中的用户与口令，以及服务器的访问规则",
        "The database refuses us: check user and password in FOODTRACE_DATABASE_URL, and the"
        " server's rules for access",
    ),
    "ledger.no-database": ProblemText(
        _O,
        "数据库不存在：请核对 FOODTRACE_DATABASE_URL 中的库名，或先建立该库（foodtrace init）",
        "The database isn't there: check its name in FOODTRACE_DATABASE_URL, or make it first"
        " (foodtrace init)",
    ),
    "worker.folder-denied": ProblemText(
        _O,
        "工作进程目录无法建立或写入：请核对 FOODTRACE_DATA_FOLDER 及其权限",
        "The worker's folder can't be made or written: check FOODTRACE_DATA_FOLDER and its rights",
    ),
    "bus.topic-differs": ProblemText(
        _O,
        "外部集群的主题设置不符合要求",
        "A topic of the cluster isn't configured as the evidence needs it",
    ),
    "bus.topic-missing": ProblemText(
        _O, "缺少主题，请先创建", "A topic is missing; let foodtrace create it"
    ),
    "bus.access-refused": ProblemText(
        _O,
        "消息集群拒绝登录：请核对 FOODTRACE_BROKER_SECURITY、_MECHANISM、_USERNAME、_PASSWORD"
        "（或客户端证书）",
        "The brokers refuse us: check FOODTRACE_BROKER_SECURITY, _MECHANISM, _USERNAME, _PASSWORD"
        " (or the client certificate)",
    ),
    "bus.untrusted": ProblemText(
        _O,
        "消息集群的证书不可信：请核对 FOODTRACE_BROKER_CA，以及地址与证书中的名称是否一致",
        "The brokers' certificate isn't trusted: check FOODTRACE_BROKER_CA, and that the address"
        " stands in the certificate",
    ),
    "bus.certificate-unreadable": ProblemText(
        _O,
        "证书或私钥文件无法读取：请核对 FOODTRACE_BROKER_CA、_CERTIFICATE、_PRIVATE_KEY",
        "A certificate or key can't be read: check FOODTRACE_BROKER_CA, _CERTIFICATE, _PRIVATE_KEY",
    ),
    "bus.not-allowed": ProblemText(
        _O,
        "消息集群的访问控制不允许该操作：请由集群管理员授权（见 docs/connect.zh.md）",
        "The cluster's ACLs don't allow this: have its keeper grant the rights in docs/connect.md",
    ),
    "ledger.away": ProblemText(
        _O, "数据库暂不可用，请稍后重试", "The database is away; try again shortly"
    ),
    "ledger.disk-full": ProblemText(
        _O,
        "数据库磁盘已满，入账暂停，事件仍在消息总线中；请为其腾出或增加磁盘空间，之后自动继续",
        "The database's disk is full, so the ledger stands still while events stay on the bus; give"
        " it room, then it goes on by itself",
    ),
    "ledger.held": ProblemText(
        _O,
        "账本被另一会话占用，入账稍后自动继续；若长时间如此，请在 PostgreSQL 中查看该会话",
        "Another session holds the ledger, which goes on by itself after that; if it lasts, look for"
        " that session in PostgreSQL",
    ),
    "bus.disk-low": ProblemText(
        _O,
        "消息总线磁盘余量偏低，达到预留下限后将停止接收；请及早扩容（FOODTRACE_BROKER_RESERVE_BYTES）",
        "The brokers' disks come near the reserve at which the door stops taking events; give them"
        " room in time (FOODTRACE_BROKER_RESERVE_BYTES)",
    ),
    "worker.no-owner": ProblemText(
        _O,
        "有分区无工作进程读取，其中的事件不会入账；请检查工作进程是否在运行（foodtrace status）",
        "Partitions have no worker, so what comes into them isn't taken into the ledger; see whether"
        " the workers run (foodtrace status)",
    ),
    "worker.folder-full": ProblemText(
        _O,
        "工作进程目录无法写入（磁盘已满或只读），不影响入账，但反复致其崩溃的记录将无法识别；请腾出空间后重启",
        "The worker's folder can't be written (disk full or read-only): events go in all the same,"
        " but a record that kills the worker can't be found out; give it room and start it again",
    ),
    "worker.sources-changed": ProblemText(
        _O,
        "来源主题有增减，工作进程重新启动后读取",
        "A source got or lost its topic; the worker starts again to read the right ones",
    ),
    "worker.failed": ProblemText(
        _O,
        "工作进程遇到未预见的错误而停止，将重新启动",
        "The worker met an error nobody foresaw; it stops and is started again",
    ),
    "registry.not-ready": ProblemText(
        _O,
        "事件模式尚未登记完毕，请稍后重试",
        "The contracts of events aren't registered yet; try again shortly",
    ),
    "registry.contradiction": ProblemText(
        _O,
        "登记库与模式主题不一致，请核对备份",
        "Office and schemas topic disagree on a schema; compare them with a backup",
    ),
    "spool.full": ProblemText(
        _O,
        "本地暂存已满（达到上限或磁盘已满），该事件未收下；请腾出空间或等待发送后再交",
        "The local spool is full (its limit or the disk); this event wasn't taken, hand it in later",
    ),
    "spool.busy": ProblemText(
        _O,
        "另一进程正在使用该暂存目录，请为每个进程各设一个",
        "Another process uses this spool; give each process its own",
    ),
    "spool.damaged": ProblemText(
        _O,
        "暂存文件已损坏（非断电残尾），未作改动；请保留该目录并核对其中的单据",
        "The spool is damaged in its middle; nothing was changed, keep it and check its documents",
    ),
    "spool.unwritable": ProblemText(
        _O,
        "暂存目录无法读写，请检查磁盘和权限",
        "The spool can't be read or written; check disk and rights",
    ),
    "spool.failed": ProblemText(
        _O,
        "发送线程因程序错误停止；已收下的事件仍在暂存中，重新启动后继续发送",
        "The sending thread met an error nobody foresaw; the spool keeps all, start again to go on",
    ),
}
