"""What `foodtrace status` says."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "status-help": Text(
        "各部分的进程、端口、就绪与积压；退出码 0 全部就绪，1 有未就绪者，4 未在运行。",
        "Processes, ports, readiness and lag of each part; exit code 0 all ready, 1 some aren't, "
        "4 nothing runs.",
    ),
    "status-none": Text(
        "数据目录 {folder} 上没有 foodtrace 在运行；用 foodtrace up 启动。",
        "Nothing runs on the data folder {folder}; start it with foodtrace up.",
    ),
    "status-starting": Text("正在启动，尚未就绪。", "It is starting and isn't ready yet."),
    "status-part": Text("部分", "part"),
    "status-stage": Text("状态", "stage"),
    "status-pid": Text("进程号", "pid"),
    "status-ports": Text("端口", "ports"),
    "status-memory": Text("内存", "memory"),
    "status-restarts": Text("重启", "restarts"),
    "status-why": Text("上次结束原因", "how it last ended"),
    "status-behind": Text("尚未入账的事件：{behind}", "Events not yet in the ledger: {behind}"),
    "status-unknown": Text("无法得知", "unknown"),
    "status-flow-topic": Text("主题", "topic"),
    "status-flow-partitions": Text("分区", "partitions"),
    "status-flow-owned": Text("有工作进程", "with a worker"),
    "status-flow-read": Text("已读", "read"),
    "status-flow-behind": Text("尚未入账", "behind"),
    "status-part-behind": Text("{part}：还有 {behind} 条", "{part}: {behind} records to go"),
    "status-part-ledger": Text("入账", "ledger"),
    "status-part-intake": Text("外部主题接入", "intake of outside topics"),
    "status-part-relay": Text("死信转发", "relay of dead letters"),
    "status-part-signer": Text("检查点签名", "signing of checkpoints"),
    "status-disk": Text(
        "消息节点 {broker} 的磁盘：剩余 {free} / {total} GiB",
        "Disk of broker {broker}: {free} of {total} GiB left",
    ),
    "status-api-away": Text("接口无应答", "the API doesn't answer"),
    "stage-starting": Text("启动中", "starting"),
    "stage-ready": Text("就绪", "ready"),
    "stage-not-ready": Text("未就绪", "not ready"),
    "stage-pausing": Text("等待重启", "pausing"),
    "stage-stopped": Text("已停止", "stopped"),
    "stage-failed": Text("已失败", "failed"),
}
