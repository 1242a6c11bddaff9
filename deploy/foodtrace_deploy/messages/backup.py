"""What `foodtrace backup` and `foodtrace restore` say."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "backup-help": Text(
        "将运行中的系统备份到一个新目录：账本、登记库、Kafka 各节点的日志、存证密钥；备份期间照常收事件。",
        "Back up the running stack into a new folder: ledger, office, each Kafka node's log, the "
        "evidence key; events keep coming meanwhile.",
    ),
    "backup-argument": Text(
        "备份目录，须不存在或为空；内含密钥与经营数据，请妥善保管",
        "Folder to write, new or empty; it holds keys and traders' records, so guard it",
    ),
    "backup-option-without-secrets": Text(
        "不含存证私钥与初始 API 密钥；恢复后须自行放回",
        "Leave out the private evidence key and the first API keys; after a restoration they have to "
        "be put back by hand",
    ),
    "restore-help": Text(
        "核对备份后据此建立数据目录；原有数据不会被删除。",
        "Check a backup and make a data folder of it; what stood there before is kept.",
    ),
    "restore-argument": Text("foodtrace backup 写成的目录", "A folder that foodtrace backup wrote"),
    "restore-option-replace": Text(
        "数据目录非空时仍恢复：原内容改名保留",
        "Restore though the data folder isn't empty: what it holds is kept under another name",
    ),
    "restore-option-only": Text(
        "只恢复一部分：postgres（账本与登记库，随后自行追上 Kafka）或 kafka",
        "One part alone: postgres (ledger and office, which then catch up with Kafka) or kafka",
    ),
    "restore-option-check": Text(
        "只核对备份是否完好，不写任何内容", "Only check whether the backup is whole; write nothing"
    ),
    "backup-step-dump": Text("导出 PostgreSQL", "PostgreSQL"),
    "backup-step-copy": Text("复制文件", "Files"),
    "backup-step-check": Text("核对摘要", "Digests"),
    "backup-step-load": Text("写入 PostgreSQL", "PostgreSQL"),
    "backup-done": Text(
        "已备份到 {folder}：{files} 个文件，{size}；{begun} 之前确认的事件全部在内。",
        "Backed up into {folder}: {files} files, {size}; everything acknowledged before {begun} is "
        "in it.",
    ),
    "backup-external": Text(
        "Kafka 为自有集群，不在备份之内：请用该集群自身的办法备份，且须晚于本备份。",
        "Kafka is a cluster of your own and not in the backup: back it up by its own means, after "
        "this one.",
    ),
    "backup-no-secrets": Text(
        "存证私钥与初始 API 密钥未备份：恢复后请放回 evidence.pem，或用 up --new-keys 换发密钥。",
        "The private evidence key and the first API keys aren't in it: after a restoration put "
        "evidence.pem back; up --new-keys makes other API keys.",
    ),
    "restore-checked": Text(
        "备份完好：{files} 个文件，{size}，截至 {begun}。",
        "The backup is whole: {files} files, {size}, as of {begun}.",
    ),
    "restore-done": Text(
        "已恢复到 {data}，截至 {begun}；请执行 foodtrace up --data {data}，账本会自行追上 Kafka。",
        "Restored into {data}, as of {begun}; run foodtrace up --data {data}, and the ledger catches "
        "up with Kafka by itself.",
    ),
    "restore-before": Text(
        "原有数据保留在 {before}；确认无误后可自行删除。",
        "What stood there before is kept in {before}; remove it when you are sure.",
    ),
    # What keeps it from being done
    "backup-not-running": Text(
        "数据目录 {folder} 上没有就绪的 foodtrace；请先启动，或在停止状态下整体复制该目录。",
        "No foodtrace is up on the data folder {folder}; start it first, or copy the whole folder "
        "while it is stopped.",
    ),
    "backup-memory": Text(
        "内存消息总线停止后即消失，其账本无法恢复，故不备份；请改用 Kafka。",
        "What is kept in memory is gone when it stops, so there is nothing to back up; use Kafka.",
    ),
    "backup-not-empty": Text(
        "{folder} 已存在且非空，未作改动；请为每个备份另选新目录。",
        "{folder} is there and isn't empty; nothing was changed, choose a new folder for each "
        "backup.",
    ),
    "backup-denied": Text(
        "{folder} 无法读写（{why}）；请检查权限与磁盘。",
        "{folder} can't be read or written ({why}); check rights and disk.",
    ),
    "backup-disk-small": Text(
        "{folder} 所在磁盘仅剩 {free} MiB，需要 {least} MiB；请腾出空间或另选磁盘。",
        "Only {free} MiB are free for {folder}, {least} MiB are needed; make room or choose another "
        "disk.",
    ),
    "backup-database": Text(
        "PostgreSQL 未能完成（{why}）；请查看其日志后重试。",
        "PostgreSQL couldn't do it ({why}); look at its log and try again.",
    ),
    "backup-not-frozen": Text(
        "未能让消息节点静止片刻以取得同一时刻的副本（{seconds} 秒内）；请在负载较低时重试。",
        "The brokers couldn't be held still for a moment to be copied as of one ({seconds} s); try "
        "again when the machine has less to do.",
    ),
    "backup-unsettled": Text(
        "复制期间消息节点一再更换领导者（共 {tries} 次）；请待集群稳定（foodtrace status）后重试。",
        "Brokers changed leaders in each of {tries} tries to copy them; wait until the cluster is "
        "steady (foodtrace status) and try again.",
    ),
    "backup-none": Text(
        "{folder} 不是完整的备份（没有 manifest.json）：未写完或选错目录。",
        "{folder} is no complete backup (it has no manifest.json): unfinished, or another folder.",
    ),
    "backup-newer": Text(
        "备份 {folder} 由更新版本（{made_by}）写成；请升级 foodtrace 后恢复。",
        "The backup {folder} was written by a newer release ({made_by}); upgrade foodtrace to "
        "restore it.",
    ),
    "backup-damaged": Text(
        "备份已损坏：{file} 与写入时不同，未作任何恢复；请改用另一份备份。",
        "The backup is damaged: {file} isn't what was written; nothing was restored, use another "
        "backup.",
    ),
    "restore-not-empty": Text(
        "数据目录 {folder} 非空，未作改动；如要恢复，请加 --replace（原内容改名保留），或用 --data 另选。",
        "The data folder {folder} isn't empty and nothing was changed; add --replace to restore all "
        "the same (its content is kept under another name), or choose another one with --data.",
    ),
    "restore-unfinished": Text(
        "对 {folder} 的恢复在改名途中中断（见 {file}），数据都在，但完成之前不能使用；请先执行 {command}",
        "A restoration into {folder} was broken off while folders were renamed (see {file}); nothing "
        "is lost, but the folder can't be used before it is finished: run {command}",
    ),
    "restore-no-data": Text(
        "{folder} 中没有数据，无法只恢复 {part}；请恢复整个备份。",
        "There are no data in {folder} that {part} alone could be restored into; restore the whole "
        "backup.",
    ),
    "restore-brokers": Text(
        "数据目录 {folder} 由 {made} 个消息节点建立，备份中有 {found} 个；请恢复整个备份。",
        "The data folder {folder} was made with {made} brokers, the backup has {found}; restore the "
        "whole backup.",
    ),
    "restore-no-brokers": Text(
        "该备份不含 Kafka（当时使用自有集群）。",
        "This backup has no Kafka in it (the cluster was your own).",
    ),
}
