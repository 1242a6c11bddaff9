"""What `foodtrace replay` says."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "no-stack": Text(
        "{folder} 上没有正在运行的服务，也未设置 FOODTRACE_DATABASE_URL",
        "no stack runs on {folder}, and FOODTRACE_DATABASE_URL isn't set",
    ),
    "replay-help": Text(
        "从消息总线重建账本：与现用账本并存地建立，比对一致后在一个事务中切换；中断后再次执行即继续",
        "Build the ledger anew from the bus beside the live one, compare both, and switch in one"
        " transaction; after an interruption run it again and it goes on",
    ),
    "replay-option-anew": Text(
        "不沿用先前中断的重建，从头开始",
        "Begin from the start, without what an earlier run has left",
    ),
    "replay-option-status": Text(
        "只显示重建进度与保留的旧账本",
        "Only show how far it is, and whether an older ledger is kept",
    ),
    "replay-option-back": Text(
        "切回上次切换前的账本（先补齐其后的事件）",
        "Go back to the ledger of before the last switch (once it has read what came since)",
    ),
    "replay-option-drop-old": Text(
        "删除上次切换前的账本", "Drop the ledger of before the last switch"
    ),
    "replay-option-processes": Text(
        "同时读入的进程数（缺省为处理器核数，事件少时更少）",
        "How many processes read at once (by default one a processor, fewer for few events)",
    ),
    "replay-one-option": Text(
        "--anew、--status、--back、--drop-old 只能选一个",
        "only one of --anew, --status, --back and --drop-old",
    ),
    "replay-make": Text("建立新账本", "making the new ledger"),
    "replay-load": Text("读入事件", "reading events"),
    "replay-index": Text("建立索引", "building indexes"),
    "replay-analyse": Text("统计", "analysing"),
    "replay-follow": Text("补读新到事件", "reading what came since"),
    "replay-compare": Text("逐表比对", "comparing table by table"),
    "replay-switch": Text("切换", "switching"),
    "replay-rate": Text("{rate}/秒", "{rate}/s"),
    "replay-done": Text(
        "账本已重建并切换：读入 {records} 条记录，{seconds} 秒（读入 {rate} 条/秒），工作进程停顿"
        " {held} 秒",
        "the ledger is rebuilt and switched: {records} records in {seconds} s ({rate} a second while"
        " reading), workers held for {held} s",
    ),
    "replay-compared": Text(
        "两个账本在同一位置逐表一致；签名检查点 {checkpoints} 个相符",
        "both ledgers were equal table by table at the same positions; {checkpoints} signed"
        " checkpoints agree",
    ),
    "replay-not-compared": Text(
        "原账本结构不同，无法比对；签名检查点 {checkpoints} 个相符",
        "the ledger before had another schema, so they couldn't be compared; {checkpoints} signed"
        " checkpoints agree",
    ),
    "replay-kept": Text(
        "原账本保留为 {kept}：foodtrace replay --back 切回，--drop-old 删除",
        "the ledger before is kept as {kept}: foodtrace replay --back goes back, --drop-old drops it",
    ),
    "replay-went-back": Text(
        "已切回先前的账本，工作进程停顿 {held} 秒；签名检查点 {checkpoints} 个相符；换下的保留为"
        " {kept}",
        "switched back to the ledger before, workers held for {held} s; {checkpoints} signed"
        " checkpoints agree; the other is kept as {kept}",
    ),
    "replay-dropped": Text("先前的账本已删除", "the ledger before is dropped"),
    "replay-live": Text("现用账本结构版本 {revision}", "live ledger: revision {revision}"),
    "replay-building": Text(
        "重建未完成：已读 {read} 条，尚余 {left} 条；再次执行 foodtrace replay 即继续",
        "a replay isn't finished: {read} records read, {left} left; foodtrace replay goes on",
    ),
    "replay-idle": Text("没有未完成的重建", "no replay is under way"),
    "replay-before": Text(
        "保留的先前账本：结构版本 {revision}", "the ledger before is kept: revision {revision}"
    ),
    "replay-difference": Text(
        "{table}：现用 {live} 行，重建 {rebuilt} 行", "{table}: {live} rows live, {rebuilt} rebuilt"
    ),
    "replay-only-live": Text("  仅现用账本有：{row}", "  only in the live one: {row}"),
    "replay-only-rebuilt": Text("  仅重建账本有：{row}", "  only in the rebuilt one: {row}"),
    "replay-interrupted": Text(
        "已中断，现用账本未变；再次执行 foodtrace replay 即继续",
        "interrupted; the live ledger is as it was, and foodtrace replay goes on from here",
    ),
    "replay-ended": Text(
        "重建进程意外结束（代码 {code}）；现用账本未变，再次执行即继续",
        "the replay's process ended by itself (code {code}); the live ledger is as it was, run it"
        " again and it goes on",
    ),
}
