"""What `foodtrace up` says, and what all commands say about themselves."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "help": Text(
        "食品追溯主干：事件进 Kafka，谱系在 PostgreSQL，召回以毫秒计。",
        "Food traceability: events in Kafka, lineage in PostgreSQL, recalls in milliseconds.",
    ),
    "help-exits": Text("退出码：{codes}", "Exit codes: {codes}"),
    "panel-arguments": Text("参数", "Arguments"),
    "panel-options": Text("选项", "Options"),
    "panel-commands": Text("命令", "Commands"),
    "panel-error": Text("错误", "Error"),
    "panel-default": Text("[默认：{{}}]", "[default: {{}}]"),
    "panel-variable": Text("[环境变量：{{}}]", "[env var: {{}}]"),
    "panel-required": Text("[必填]", "[required]"),
    "option-lang": Text(
        "界面语言：zh 或 en（默认按系统区域）", "Language: zh or en (default: by locale)"
    ),
    "option-data": Text("数据目录", "Data folder"),
    "option-json": Text("以 JSON 输出", "Print JSON"),
    "option-broker": Text(
        "消息总线：auto、kafka、memory 或 主机:端口",
        "Event bus: auto, kafka, memory or HOST:PORT",
    ),
    "option-brokers": Text(
        "Apache Kafka 节点数：1、3 或 5（默认同数据目录，新目录为 1）",
        "Brokers of Apache Kafka: 1, 3 or 5 (default: those of the data folder, 1 in a new one)",
    ),
    "option-workers": Text("工作进程数", "Number of workers"),
    "option-api-port": Text(
        "接口端口（默认 8400，被占用则另选）", "Port of the API (default 8400, else a free one)"
    ),
    "option-new-keys": Text("撤销初始密钥并重新生成", "Revoke the first keys and make new ones"),
    "up-help": Text(
        "启动并看管消息总线、PostgreSQL、工作进程与接口；Ctrl-C 结束。",
        "Start broker, PostgreSQL, workers and API and keep them running; Ctrl-C ends them.",
    ),
    "up-starting": Text("启动 foodtrace，数据目录 {data}", "Starting foodtrace on {data}"),
    "up-ready": Text("就绪，用时 {seconds} 秒", "Ready after {seconds} s"),
    "up-stopping": Text(
        "正在停止……（再按一次 Ctrl-C 立即结束）", "Stopping ... (Ctrl-C again kills)"
    ),
    "up-stopped": Text("已停止。", "Stopped."),
    "up-api": Text("接口", "API"),
    "up-docs": Text("接口文档", "API documents"),
    "up-brokers": Text("消息总线", "Event bus"),
    "up-database": Text("数据库", "Database"),
    "up-logs": Text("日志", "Logs"),
    "up-keys": Text("API 密钥（请妥善保管）", "API keys (keep them to yourself)"),
    "up-keys-unknown": Text(
        "本机未保存初始密钥；foodtrace up --new-keys 可重新生成。",
        "The first keys aren't kept on this machine; foodtrace up --new-keys makes others.",
    ),
    "up-download": Text("下载 Apache Kafka", "Fetching Apache Kafka"),
    "kind-kafka": Text("Apache Kafka，持久保存", "Apache Kafka, durable"),
    "kind-memory": Text("内存，停止后消失", "in memory, gone when it stops"),
    "kind-external": Text("自有集群", "a cluster of your own"),
}
