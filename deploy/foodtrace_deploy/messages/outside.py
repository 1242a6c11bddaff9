"""What the commands about a cluster of one's own say: init, topics."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "help-init": Text(
        "准备自有集群与数据库：建表、升级、创建并核对主题；可反复执行",
        "Make a cluster and a database of your own ready: tables, upgrades, topics; may run again",
    ),
    "help-init-wait": Text(
        "等待数据库和全部节点的最长秒数", "Seconds to wait for the database and all brokers"
    ),
    "help-init-keys": Text(
        "生成并显示初始 API 密钥（每个数据库一次）",
        "Make the first API keys and show them (once a database)",
    ),
    "init-database": Text("数据库……", "database ..."),
    "init-brokers": Text("消息集群……", "brokers ..."),
    "init-tables": Text("账本与登记库的表……", "tables of ledger and office ..."),
    "init-topics": Text("主题……", "topics ..."),
    "init-keys": Text("密钥……", "keys ..."),
    "init-done": Text(
        "已就绪：账本结构 {ledger}，登记库结构 {office}，新建主题 {made} 个，已有 {there} 个",
        "ready: ledger at {ledger}, office at {office}, {made} topics made, {there} there already",
    ),
    "init-keys-made": Text(
        "初始密钥此前已生成，仅显示一次；--new-keys 可撤销并重新生成",
        "the first keys were made before and are shown only once; --new-keys makes others",
    ),
    # Topics
    "help-topics": Text(
        "主题：分区、副本、设置；增加分区", "Topics: partitions, copies, settings; more partitions"
    ),
    "help-topics-list": Text(
        "列出全部主题；有设置不符或缺少同步副本时退出码为 1",
        "List all topics; exit code 1 while one differs or lacks a copy",
    ),
    "help-topics-grow": Text(
        "把主题的分区增加到 N 个；运行中的工作进程半分钟内开始读取",
        "Give a topic N partitions in all; running workers read the new ones within half a minute",
    ),
    "help-topic-name": Text("主题名，可省略前缀", "Topic, with or without the prefix"),
    "help-topic-count": Text(
        "增加后的分区总数，只能变多", "Partitions in all; never fewer than now"
    ),
    "topics-name": Text("主题", "topic"),
    "topics-partitions": Text("分区", "partitions"),
    "topics-copies": Text("同步副本", "in sync"),
    "topics-records": Text("记录", "records"),
    "topics-state": Text("状态", "state"),
    "topics-differs": Text("{count} 项设置不符", "{count} settings differ"),
    "topics-behind": Text("副本落后", "a copy is behind"),
    "topic-grown": Text(
        "{topic}：分区由 {before} 增至 {after}，工作进程半分钟内开始读取",
        "{topic}: {before} partitions became {after}; workers read them within half a minute",
    ),
    "topic-as-wished": Text(
        "{topic} 已有 {after} 个分区，未作改动", "{topic} has {after} partitions already"
    ),
}
