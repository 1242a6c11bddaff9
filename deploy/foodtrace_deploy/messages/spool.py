"""What `foodtrace spool` and `foodtrace push --spool` say."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "help-spool": Text(
        "查看生产者套件的本地暂存：待发送与被拒收的事件（只读本机文件，不连服务器）",
        "Show a producer kit's local spool: what waits, what was refused (no server is asked)",
    ),
    "help-spool-folder": Text("暂存目录", "The spool's folder"),
    "help-spool-limit": Text(
        "列出的事件数；总数总会给出", "Events that are listed; all are counted"
    ),
    "help-spool-forget": Text(
        "处理完毕后清除被拒收的事件（ERP 须已停止）",
        "Drop the refused events once they are seen to (the ERP must be stopped)",
    ),
    "spool-empty": Text("没有待发送的事件", "nothing waits to be sent"),
    "spool-pending": Text(
        "待发送 {count} 个事件，{bytes} 字节，最早收于 {since}",
        "{count} events wait, {bytes} bytes, the oldest since {since}",
    ),
    "spool-more": Text("……另有 {count} 个，见 --limit", "... and {count} more, see --limit"),
    "spool-refused": Text(
        "被拒收 {count} 个事件，须修改后重新提交", "{count} events were refused; change them"
    ),
    "spool-refusal": Text("{name}  {path}  {title}", "{name}  {path}  {title}"),
    "spool-forgotten": Text("已清除 {count} 个", "dropped {count}"),
    "spool-cut": Text(
        "曾截去 {bytes} 字节未写完的残尾（当时并未回执）",
        "{bytes} bytes of torn writes were cut off, for which there had been no receipt",
    ),
    "spool-torn": Text(
        "末尾 {bytes} 字节正在写入或未写完", "{bytes} bytes at the end are being written or torn"
    ),
    "help-push-spool": Text(
        "先存入该目录再发送：服务不可用时留在其中，下次以同一目录运行时按序补发",
        "Take events into this folder first: they wait there while no server takes them, and the"
        " next call with the same folder sends them in order",
    ),
    "help-push-patience": Text(
        "配合 --spool：多少秒毫无进展后把其余留在暂存中",
        "With --spool: seconds without progress after which the rest is left in it",
    ),
    "spooling": Text("存入 {file}", "taking in {file}"),
    "spooled": Text(
        "{file}：已存入 {taken} 条，{refused} 条有误未存",
        "{file}: {taken} events taken in, {refused} not, since they are wrong",
    ),
    "sending": Text("发送", "sending"),
    "spool-send-later": Text(
        "未发送的已安全存于本机，稍后运行 foodtrace push --spool {folder} 即按序发送",
        "they are safe on this machine; foodtrace push --spool {folder} sends them in order",
    ),
    "spool-column-number": Text("序号", "number"),
    "spool-column-kind": Text("类型", "kind"),
    "spool-column-id": Text("来源事件号", "source_event_id"),
    "spool-column-since": Text("收于", "since"),
}
