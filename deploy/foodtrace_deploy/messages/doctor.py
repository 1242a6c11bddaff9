"""What `foodtrace doctor` says: a name, a finding and, where something is wrong, what to do."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "doctor-help": Text(
        "检查本机能否运行 foodtrace；退出码 0 可以运行，1 有必须解决的问题。",
        "Check whether foodtrace can run here; exit code 0 it can, 1 something has to be repaired.",
    ),
    "doctor-check": Text("检查项", "check"),
    "doctor-found": Text("结果", "found"),
    "doctor-good": Text("可以运行。", "foodtrace can run here."),
    "doctor-bad": Text("有 {count} 项必须解决。", "{count} of them have to be repaired."),
    "check-python": Text("Python", "Python"),
    "check-system": Text("操作系统", "system"),
    "check-packages": Text("Python 包", "packages"),
    "check-java": Text("Java", "Java"),
    "check-kafka": Text("Apache Kafka", "Apache Kafka"),
    "check-memory-broker": Text("内存消息总线", "in-memory broker"),
    "check-broker": Text("消息总线 {broker}", "broker {broker}"),
    "check-postgres": Text("PostgreSQL", "PostgreSQL"),
    "check-folder": Text("数据目录", "data folder"),
    "check-disk": Text("磁盘", "disk"),
    "check-memory": Text("内存", "memory"),
    "check-ports": Text("端口", "ports"),
    "check-clock": Text("时钟", "clock"),
    "check-language": Text("文字编码", "text encoding"),
    "system-unknown": Text(
        "{system}；内置环境支持 Linux 与 macOS，其他系统请用 --broker 与自有 PostgreSQL",
        "{system}; the embedded stack runs on Linux and macOS, use a cluster and a PostgreSQL of "
        "your own elsewhere",
    ),
    "packages-all": Text("{count} 个均已安装", "all {count} are installed"),
    "packages-missing": Text("缺少 {names}；请执行 make setup", "{names} missing; run make setup"),
    "java-found": Text("版本 {version}，{path}", "version {version}, {path}"),
    "kafka-cached": Text("已在缓存 {folder}", "cached in {folder}"),
    "kafka-reachable": Text("可从 {url} 下载", "can be fetched from {url}"),
    "kafka-unreachable": Text(
        "缓存中没有，{url} 也无法访问（{why}）；auto 将使用内存消息总线，或用 FOODTRACE_MAVEN_URL 指定镜像",
        "not cached, and {url} can't be reached ({why}); auto will use the in-memory broker, or "
        "name a mirror in FOODTRACE_MAVEN_URL",
    ),
    "broker-answers": Text("有应答", "answers"),
    "broker-refuses": Text("{why}", "{why}"),
    "program-runs": Text("{version}", "{version}"),
    "program-broken": Text(
        "{path} 无法运行（{why}）；请重新安装依赖", "{path} doesn't run ({why}); install it again"
    ),
    "folder-free": Text("{folder}：尚不存在，可创建", "{folder}: not there yet, can be made"),
    "folder-ours": Text("{folder}：未在使用", "{folder}: nothing runs on it"),
    "folder-runs": Text("{folder}：正在运行", "{folder}: a stack runs on it"),
    "disk-free": Text("可用 {free} GiB", "{free} GiB free"),
    "disk-soon": Text(
        "仅剩 {free} GiB；建议至少 5 GiB", "only {free} GiB free; 5 GiB or more are advisable"
    ),
    "memory-free": Text("可用 {free} GiB", "{free} GiB available"),
    "memory-small": Text(
        "仅剩 {free} GiB；整套约需 1.5 GiB", "only {free} GiB available; the stack takes about 1.5"
    ),
    "ports-free": Text("{ports} 空闲", "{ports} are free"),
    "ports-taken": Text(
        "{ports} 已被占用，将改用其他端口", "{ports} are in use, others will be taken"
    ),
    "ports-ours": Text("由运行中的 foodtrace 使用", "used by the stack that runs"),
    "clock-right": Text("与 {server} 相差 {seconds} 秒", "{seconds} s from {server}"),
    "clock-wrong": Text(
        "与 {server} 相差 {seconds} 秒；请校时，事件时间以此为准",
        "{seconds} s from {server}; set it, since events are stamped by it",
    ),
    "clock-unknown": Text("{now}，无法与外界比较", "{now}, nothing to compare with"),
    "language-utf8": Text("UTF-8", "UTF-8"),
    "language-other": Text(
        "{encoding}；中文可能无法显示，请设置 LANG=C.UTF-8",
        "{encoding}; Chinese may not show, set LANG=C.UTF-8",
    ),
}
