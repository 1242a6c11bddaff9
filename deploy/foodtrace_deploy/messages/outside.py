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
}
