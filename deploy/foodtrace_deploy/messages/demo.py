"""What the demo says."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    "demo-help": Text(
        "启动全套服务，演练一座城市的一天，完成两次召回并与独立账目核对；Ctrl-C 结束。",
        "Start everything, play a city's day, run two recalls, check them against an oracle; "
        "Ctrl-C ends it.",
    ),
    "demo-option-once": Text(
        "核对后即停止；两次召回全部精确才以 0 退出",
        "End the stack afterwards; exit code 0 only if both recalls are exact",
    ),
    "demo-option-seed": Text("城市的随机种子", "Seed of the city"),
    "demo-option-events": Text("大约的事件数", "About how many events the day has"),
    "demo-city": Text(
        "模拟城市的一天（{day}，种子 {seed}）：{sites} 个经营场所，{sources} 个系统经 HTTP 报送",
        "A simulated city's day ({day}, seed {seed}): {sites} places of business, {sources} "
        "systems that report over HTTP",
    ),
    "demo-other-city": Text(
        "数据目录 {folder} 中已有另一座城市的一天（种子 {seed}，{events} 个事件）；"
        "请用 --data 另选目录，或先执行 make clean。",
        "The data folder {folder} holds another city's day (seed {seed}, {events} events); choose "
        "another one with --data, or run make clean first.",
    ),
    "demo-pushing": Text("报送", "Pushing"),
    "demo-played": Text(
        "{events} 个事件、{lines} 行经 HTTP 和消息总线全部入账，用时 {seconds} 秒"
        "（每秒 {rate} 个事件、{line_rate} 行）",
        "{events} events, {lines} lines through HTTP and the event bus into the ledger in {seconds} s "
        "({rate} events/s, {line_rate} lines/s)",
    ),
    "demo-counts": Text(
        "接受 {accepted}，重复 {duplicates}，拒绝 {refused}",
        "{accepted} accepted, {duplicates} duplicates, {refused} refused",
    ),
    "demo-uncoded": Text("{share} 的单据行不带批次码", "{share} of the lines bear no lot code"),
    "demo-possible": Text(
        "另有 {count} 个经营者只能列为可能：其间隔着不分批次的库存",
        "only possible beside them: {count}; stock without lot codes lies between",
    ),
    "demo-again": Text(
        "这一天早已入账；再报一遍，什么也没有改变",
        "the day was in the ledger already; pushing it again changes nothing",
    ),
    "demo-refused": Text(
        "有事件被拒绝，第一个：{title}（{path} {detail}）",
        "events were refused, the first one: {title} ({path} {detail})",
    ),
    "demo-case-cheese": Text(
        "召回一：进口奶酪检出李斯特菌", "Recall 1: Listeria in imported cheese"
    ),
    "demo-case-pork": Text(
        "召回二：一次屠宰的问题猪肉，部分已与合格猪肉混制成香肠",
        "Recall 2: pork of a condemned kill, some of it mixed with sound pork into sausages",
    ),
    "demo-batch": Text(
        "批号 {code}　{product}　生产者 {maker}", "batch {code}  {product}  made by {maker}"
    ),
    "demo-candidates": Text(
        "该批号对应 {count} 个不同的生产批次，按生产者选定其一",
        "the code stands for {count} different batches; its maker decides",
    ),
    "demo-column-seller": Text("涉事经营者", "affected seller"),
    "demo-column-opened": Text("购进", "in"),
    "demo-column-sold": Text("转售", "sold on"),
    "demo-column-retail": Text("零售", "retail"),
    "demo-column-used": Text("加工", "used"),
    "demo-column-disposed": Text("销毁", "destroyed"),
    "demo-column-book_stock": Text("账面结存", "in stock"),
    "demo-column-made": Text("制成品", "made with it"),
    "demo-column-receipts": Text("小票", "receipts"),
    "demo-more": Text(
        "……另有 {count} 个：{command} affected {code}",
        "... and {count} more: {command} affected {code}",
    ),
    "demo-source": Text("来源：{names}", "source: {names}"),
    "demo-score": Text(
        "经营者 {found}/{sellers}，{unit} {units_found}/{units}",
        "sellers {found} of {sellers}, {unit} {units_found} of {units}",
    ),
    "demo-units-袋": Text("袋", "bags"),
    "demo-units-片": Text("片", "half carcasses"),
    "demo-took": Text("{milliseconds} 毫秒", "{milliseconds} ms"),
    "demo-exact": Text("与独立账目完全一致", "exactly what the oracle says"),
    "demo-extra": Text("多列 {count} 个经营者", "{count} sellers too many"),
    "demo-amounts": Text("数量不符：{names}", "wrong amounts at {names}"),
    "demo-dates": Text("日期变晚之处不符", "dates grow younger elsewhere"),
    "demo-sources": Text("来源不符", "another source"),
    "demo-younger": Text(
        "生产日期在此变晚：{name}　进货时 {came}，出货印成 {went}",
        "the dates grow younger at {name}: came in as {came}, went out printed {went}",
    ),
    "demo-receipt": Text("一张小票的来历", "Where a receipt's food comes from"),
    "demo-receipt-root": Text(
        "{shop}　{day}　{product}　{total} 元（小票码 {code}）",
        "{shop}  {day}  {product}  {total} CNY (receipt code {code})",
    ),
    "demo-farms": Text("追溯到 {found}/{count} 个养殖场", "traced to {found} of {count} farms"),
    "demo-recalls": Text(
        "召回 {name}（{count} 次，HTTP）：p50 {p50} 毫秒，p99 {p99} 毫秒",
        "recall {name} ({count} times over HTTP): p50 {p50} ms, p99 {p99} ms",
    ),
    "demo-visible": Text(
        "事件接受后可查到：p50 {p50} 毫秒，p99 {p99} 毫秒",
        "an accepted event is visible after p50 {p50} ms, p99 {p99} ms",
    ),
    "demo-memory": Text("内存：{parts}", "memory: {parts}"),
    "demo-figures": Text("测量值", "Figures"),
    "demo-written": Text("已写入 {file}", "kept in {file}"),
    "demo-done": Text("两次召回全部精确。", "Both recalls are exact."),
    "demo-failed": Text("结果与独立账目不符，见上。", "Not what the oracle says: see above."),
    "demo-running": Text(
        "服务继续运行，Ctrl-C 结束。可在另一终端尝试：",
        "The stack stays up until Ctrl-C. In another terminal, try:",
    ),
}
