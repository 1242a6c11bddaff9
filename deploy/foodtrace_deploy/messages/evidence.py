"""What `foodtrace evidence`, `proof` and `verify` say."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "help-evidence": Text(
        "证据：导出可离线核验的记录，取得公钥",
        "Evidence: export records that can be checked offline, get the public key",
    ),
    "help-evidence-export": Text(
        "导出证据包：一段日志或若干事件的原始记录、证明与已签名检查点",
        "Export a bundle: a stretch of the log, or single events, with proofs and signed checkpoints",
    ),
    "help-evidence-check": Text(
        "由所存叶哈希重算全部证据树，指出不符之处（只读数据库）",
        "Recompute all trees from the stored leaf hashes and say where what is stored differs",
    ),
    "evidence-recomputing": Text("重算证据树", "recomputing trees"),
    "evidence-differs-tile": Text(
        "第 {index} 块（偏移 {first} 至 {last}）：叶哈希与所存子树根不符",
        "tile {index} (offsets {first} to {last}): its leaf hashes don't give the stored root",
    ),
    "evidence-differs-missing": Text(
        "缺少第 {index} 个高 {height} 的子树", "subtree {index} of height {height} is missing"
    ),
    "evidence-differs-node": Text(
        "第 {index} 个高 {height} 的子树：所存树根与其下各块不符",
        "subtree {index} of height {height}: its stored root isn't that of what is below",
    ),
    "evidence-differs-head": Text(
        "树头（{size} 叶）与叶不符", "the head of {size} leaves isn't that of the leaves"
    ),
    "evidence-differs-signed": Text(
        "已签署的检查点（{size} 叶）与叶不符",
        "the leaves don't give the checkpoint signed at {size} leaves",
    ),
    "evidence-differs-unsigned": Text(
        "检查点（{size} 叶）的签名不成立",
        "the signature of the checkpoint of {size} leaves doesn't hold",
    ),
    "evidence-check-good": Text(
        "{partitions} 个分区、{records} 条记录的证据树与所存一致",
        "the trees of {records} records of {partitions} partitions are as they are stored",
    ),
    "evidence-check-bad": Text(
        "证据树与所存不符：请保留现场，以 foodtrace evidence export 与日志核对（见 docs/operate.zh.md）",
        "what is stored of the trees differs: keep everything as it is, and hold it to the log with"
        " foodtrace evidence export (docs/operate.md)",
    ),
    "help-evidence-key": Text(
        "显示签署检查点的公钥（PEM），列出全部密钥，或停用现用密钥并换新",
        "Show the public key that checkpoints are signed with (PEM), list all, or retire it for another",
    ),
    "help-evidence-all": Text(
        "列出全部密钥及其状态与日期；--out 写入全部公钥",
        "All keys with their state and dates; --out writes all public keys",
    ),
    "help-evidence-retire": Text(
        "停用现用的签名密钥，另制一把；旧签名仍以旧公钥有效",
        "Retire the present signing key and make another; old signatures stay valid under the old key",
    ),
    "help-evidence-reason": Text(
        "停用原因（记录在案，核验者可见）", "Why it is retired (on record, shown to whoever checks)"
    ),
    "help-evidence-by": Text(
        "由谁停用（默认为本机用户名）", "Who retires it (by default the user of this machine)"
    ),
    "help-evidence-new": Text(
        "新私钥文件；不存在则新建", "The new private key's file; made if it isn't there"
    ),
    "evidence-retire-alone": Text(
        "--retire 须同时给出 --reason，且不能与 --all、--out 同用",
        "--retire needs a --reason, and doesn't go with --all or --out",
    ),
    "evidence-retire-only": Text(
        "--reason、--by、--new 只与 --retire 同用",
        "--reason, --by and --new go with --retire alone",
    ),
    "evidence-new-needed": Text(
        "FOODTRACE_EVIDENCE_KEY 指定了 {file}：请用 --new 给出新密钥文件的位置",
        "FOODTRACE_EVIDENCE_KEY names {file}: say with --new where the new key's file goes",
    ),
    "evidence-new-elsewhere": Text(
        "FOODTRACE_DATABASE_URL 指定了别处的数据库，其密钥不在本数据目录：请用 --new 给出新密钥文件的位置",
        "FOODTRACE_DATABASE_URL names a database elsewhere, whose key isn't this data folder's: say with"
        " --new where the new key's file goes",
    ),
    "evidence-memory": Text(
        "内存消息总线停止后即忘记所签内容，在此停用的密钥不会保留在案；请停止它并再次下达此命令，"
        "下次以 Kafka 启动时执行",
        "What was signed on the in-memory broker is forgotten when it stops, so is a key's retirement; stop"
        " it and say this again: the next start on Kafka carries it out",
    ),
    "evidence-key-fingerprint": Text("指纹", "fingerprint"),
    "evidence-key-state": Text("状态", "state"),
    "evidence-key-since": Text("启用于", "since"),
    "evidence-key-retired": Text("停用于", "retired"),
    "evidence-key-by": Text("停用人", "by"),
    "evidence-key-reason": Text("原因", "reason"),
    "evidence-key-present": Text("现用", "signs"),
    "evidence-key-ended": Text("已停用", "retired"),
    "evidence-ordered": Text(
        "已记下：下次 foodtrace up 启动时停用现用密钥并换新（以内存消息总线启动时除外）",
        "noted: the next foodtrace up retires the present key and makes another (not one on the in-memory"
        " broker)",
    ),
    "evidence-retired": Text(
        "密钥 {old} 已停用；今后由 {new} 签署（{file}）",
        "key {old} is retired; {new} signs from now on ({file})",
    ),
    "evidence-retired-before": Text(
        "先前中断的更换已完成：密钥 {old} 已停用，今后由 {new} 签署（{file}）；本次未再停用",
        "finished what was interrupted before: key {old} is retired, {new} signs ({file}); nothing more"
        " was retired now",
    ),
    "evidence-retired-kept": Text(
        "旧私钥移至 {file}；不再需要，可移走或销毁",
        "the old private key lies in {file}; nothing needs it, take it away or destroy it",
    ),
    "evidence-retired-restart": Text(
        "工作进程会以 evidence.retired-key 结束并以新密钥自行重启（foodtrace status）",
        "workers end with evidence.retired-key and come back with the new key by themselves"
        " (foodtrace status)",
    ),
    "evidence-retired-point": Text(
        "请将 FOODTRACE_EVIDENCE_KEY 指向 {file} 并重启工作进程；在此之前它们以"
        " evidence.retired-key 结束，不签署",
        "point FOODTRACE_EVIDENCE_KEY at {file} and restart the workers; until then they end with"
        " evidence.retired-key and nothing is signed",
    ),
    "evidence-retired-tell": Text(
        "请经另一途径将新公钥交给核验者：foodtrace evidence key --all --out keys.pem",
        "hand the new public key to those who check, over another way: foodtrace evidence key --all"
        " --out keys.pem",
    ),
    "help-evidence-file": Text("证据包文件（.zip）", "The bundle (.zip)"),
    "help-evidence-topic": Text(
        "仅此主题（可多次给出；前缀可省略）", "Only this topic (several times; prefix not needed)"
    ),
    "help-evidence-partition": Text("仅此分区", "Only this partition"),
    "help-evidence-from": Text("自此偏移起", "From this offset on"),
    "help-evidence-to": Text("至此偏移止（不含）", "Up to this offset, itself left out"),
    "help-evidence-event": Text(
        "仅此事件（可多次给出）", "Only this event, by its id (several times)"
    ),
    "help-evidence-since": Text(
        "先前的证据包、证明或检查点：附上与其一致的证明",
        "An earlier bundle, proof or checkpoint: the path from there comes with it",
    ),
    "help-evidence-force": Text("覆盖已有文件", "Replace a file that is there"),
    "help-evidence-out": Text("写入文件", "Write it to a file"),
    "help-proof": Text(
        "取得一个事件的证明：原始记录、包含证明与已签名检查点",
        "Get the proof of an event: its original bytes, inclusion path, signed checkpoint",
    ),
    "help-proof-event": Text("事件标识", "The event's id"),
    "help-verify": Text(
        "离线核验证据包、证明、一致性证明或检查点（不连服务、不读数据库）",
        "Check a bundle, proof, proof of consistency or checkpoint offline: no server, no database",
    ),
    "help-verify-file": Text("要核验的文件", "The file to check"),
    "help-verify-key": Text(
        "另行取得的公钥（PEM 文件，可含多把，可多次给出）",
        "The public key that you have from elsewhere (a PEM file; several keys or several times)",
    ),
    "help-verify-since": Text(
        "先前的证据包、证明或检查点：日志须为其延续",
        "An earlier bundle, proof or checkpoint that the log has to continue",
    ),
    "evidence-file-exists": Text(
        "{file} 已存在；如要覆盖请加 --force", "{file} is there already; --force replaces it"
    ),
    "evidence-either": Text(
        "--event 不能与 --topic、--partition、--from、--to 同用",
        "--event doesn't go with --topic, --partition, --from or --to",
    ),
    "evidence-writing": Text("导出记录", "writing records"),
    "evidence-checking": Text("核验", "checking"),
    "evidence-written": Text(
        "已写入 {file}：{records} 条记录，{parts} 个分区，{bytes} 字节",
        "wrote {file}: {records} records of {parts} partitions, {bytes} bytes",
    ),
    "evidence-uncovered": Text(
        "{place} 有记录尚无已签名检查点，未（全部）导出",
        "{place} has records that no signed checkpoint covers yet; they aren't in it",
    ),
    "evidence-later": Text(
        "另有 {count} 条较新的记录，待下一个检查点签署后方可导出",
        "{count} newer records wait for the next checkpoint; they aren't in it",
    ),
    "evidence-no-key": Text("尚未签署任何检查点", "nothing was signed yet"),
    "proof-in-log": Text(
        "{place} 偏移 {offset}：第 {index} 叶，共 {size} 叶，签名至 {as_of}",
        "{place} offset {offset}: leaf {index} of {size}, signed as of {as_of}",
    ),
    "verify-form-bundle": Text("证据包", "bundle"),
    "verify-form-proof": Text("事件证明", "proof of an event"),
    "verify-form-consistency": Text("一致性证明", "proof of consistency"),
    "verify-form-checkpoint": Text("已签名检查点", "signed checkpoint"),
    "verify-head": Text("{form}，装置 {installation}", "{form} of installation {installation}"),
    "verify-place": Text("分区", "partition"),
    "verify-records": Text("记录", "records"),
    "verify-offsets": Text("偏移", "offsets"),
    "verify-size": Text("树叶数", "leaves"),
    "verify-root": Text("已签名树根", "signed root"),
    "verify-as-of": Text("签名至", "signed as of"),
    "verify-result": Text("结果", "result"),
    "verify-good": Text("树", "tree"),
    "verify-good-link": Text("树与链", "tree and chain"),
    "verify-bad": Text("{count} 处错误", "{count} wrong"),
    "verify-fault": Text("{where}：{what}", "{where}: {what}"),
    "verify-offset": Text("偏移 {offset}", "offset {offset}"),
    "verify-more": Text("……另有 {count} 处", "... and {count} more"),
    "verify-same": Text(
        "{place}：是先前检查点（{old} 叶）的延续",
        "{place}: continues the earlier checkpoint of {old} leaves",
    ),
    "verify-uncovered": Text(
        "{place} 导出时尚无检查点，不在其中", "{place} had no checkpoint then and isn't in it"
    ),
    "verify-ok": Text("与签署时完全一致", "everything is as it was signed"),
    "verify-wrong": Text("共 {count} 处错误", "{count} faults in all"),
    "verify-key-trusted": Text("公钥 {key}（所信任）", "key {key}, the one you trust"),
    "verify-signed": Text("密钥 {key} 签署了 {count} 处", "key {key} signed {count} notes"),
    "verify-signed-present": Text(
        "密钥 {key} 签署了 {count} 处；导出时为现用密钥",
        "key {key} signed {count} notes; it was the present one when this was exported",
    ),
    "verify-signed-retired": Text(
        "密钥 {key} 签署了 {count} 处；已于 {moment} 停用：{reason}",
        "key {key} signed {count} notes; it was retired at {moment}: {reason}",
    ),
    "verify-key-own": Text(
        "公钥 {key} 取自文件本身，只能证明自身一致：请以 --key 指定另行取得的公钥",
        "key {key} is the file's own and vouches only for itself: name one that you have from"
        " elsewhere with --key",
    ),
}
