"""What `foodtrace spool` says."""

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
    "spool-column-number": Text("序号", "number"),
    "spool-column-kind": Text("类型", "kind"),
    "spool-column-id": Text("来源事件号", "source_event_id"),
    "spool-column-since": Text("收于", "since"),
}
