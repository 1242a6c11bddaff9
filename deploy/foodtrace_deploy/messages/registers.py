"""What is said of locations and parties, and of recalls seen from one place or in groups."""

from __future__ import annotations

from foodtrace_deploy.messages.text import Text

TEXTS: dict[str, Text] = {
    # Commands
    "help-location": Text(
        "查询场所：是什么、属于哪里、谁在其中、历任经营者",
        "A location: what it is, what it is part of, what stands in it, who sat there when",
    ),
    "help-location-code": Text(
        "场所编号、别名（如 GLN）或行政区划代码（GB/T 2260）",
        "Id or alias (such as a GLN) of a location, or a region (GB/T 2260)",
    ),
    "help-party": Text(
        "查询主体：历史名称、别名与有效期、合并、经营场所",
        "A party: names over time, codes with their days, merges, where it sat",
    ),
    "help-party-code": Text(
        "主体编号、统一社会信用代码、许可证号、市场编号等", "Id, credit code, licence, market code"
    ),
    "help-at": Text("按该日的情况回答", "As it was on this day"),
    "help-deep": Text("列出其下全部各级场所", "With everything that stands in it, level by level"),
    "help-within": Text(
        "只看该场所（市场、连锁、平台、行政区划）之内的经营者，其外的只计数",
        "Only sellers in this location (market, chain, platform, region); the others are counted",
    ),
    "help-by": Text("按主体、场所或市场汇总", "Grouped by party, location or market"),
    # Names
    "name-now": Text("{name}（今名 {now}）", "{name} (now {now})"),
    # Location
    "column-child": Text("场所", "location"),
    "column-kind": Text("类别", "kind"),
    "column-occupant": Text("经营者", "occupant"),
    "column-sat-since": Text("起", "since"),
    "column-sat-until": Text("止", "until"),
    "location-in": Text("位于 {above}", "in {above}"),
    "location-occupants": Text("{day} 在此经营：{names}", "on {day}: {names}"),
    "location-nobody": Text("{day} 无人经营的记录", "on {day}: nobody recorded"),
    "location-children": Text("下属场所（{count}）", "stands in it ({count})"),
    "location-history": Text("历任经营者", "tenants"),
    "location-overlap": Text(
        "同期有两户：{occupants}，{since} 至 {until}", "two at once: {occupants}, {since} – {until}"
    ),
    "location-gap": Text("{since} 至 {until} 无人", "nobody from {since} to {until}"),
    "location-limited": Text(
        "该密钥只能看到与自己有关的经营者", "this key sees only tenants of its own concern"
    ),
    "location-unregistered": Text("未登记", "not registered"),
    "until-implied": Text("{until}（由下一户推定）", "{until} (by the next tenant)"),
    "until-open": Text("至今", "still"),
    "since-unstated": Text("不晚于 {since}", "{since} or earlier"),
    # Party
    "party-names": Text("名称", "names"),
    "party-aliases": Text("代码", "codes"),
    "party-merges": Text("合并", "merges"),
    "party-occupied": Text("经营场所（{count}）", "sat at ({count})"),
    "party-goes-on": Text("现为 {name}（{id}）", "goes on as {name} ({id})"),
    "party-circle": Text("合并成环：{ids}", "merged in a circle: {ids}"),
    "party-merge": Text("{party} → {into}，自 {since}", "{party} → {into} from {since}"),
    "party-name-since": Text("{since} 起  {name}", "since {since}  {name}"),
    "scheme-party_code": Text("主体代码", "party code"),
    "scheme-uscc": Text("统一社会信用代码", "unified social credit code"),
    "scheme-licence": Text("食品经营许可证", "food licence"),
    "scheme-market_code": Text("市场内编号", "code in the market"),
    "scheme-gln": Text("GLN", "GLN"),
    "place-region": Text("行政区划", "region"),
    "place-market": Text("市场", "market"),
    "place-wet_market": Text("农贸市场", "wet market"),
    "place-wholesale_market": Text("批发市场", "wholesale market"),
    "place-stall": Text("摊位", "stall"),
    "place-premises": Text("经营场所", "premises"),
    "place-chain": Text("连锁", "chain"),
    "place-store": Text("门店", "store"),
    "place-platform": Text("平台", "platform"),
    "place-shop": Text("店铺", "shop"),
    "party-alias": Text("{scheme} {code}  {days}", "{scheme} {code}  {days}"),
    "party-document": Text("见于 {document}", "named in {document}"),
    "known-claimed_name": Text("自称 {value}", "claims to be {value}"),
    "known-vehicle_plate": Text("车牌 {value}", "plate {value}"),
    "known-digest": Text("摘要 {value}…", "digest {value}…"),
    # Recalls from one place, and in groups
    "within-is": Text(
        "只列 {name} 之内（{places} 个场所）",
        "only what is in {name} ({places} locations)",
    ),
    "within-outside": Text(
        "其外 {sellers} 家（确认 {confirmed}，可能 {possible}），其中 {unplaced} 家场所不明",
        "outside: {sellers} sellers ({confirmed} confirmed, {possible} possible),"
        " {unplaced} of them at no known place",
    ),
    "within-by-register": Text(
        "{count} 家单据未写场所，依登记在其中经营",
        "{count} name no place in documents, but sit there by the register",
    ),
    "groups-party": Text("按主体（{count}）", "by party ({count})"),
    "groups-location": Text("按场所（{count}）", "by location ({count})"),
    "groups-market": Text("按市场（{count}）", "by market ({count})"),
    "group-none-party": Text("未识别", "unidentified"),
    "group-none-location": Text("未写场所", "no place stated"),
    "group-none-market": Text("不属于任何市场", "in no market"),
    "column-group": Text("分组", "group"),
    "column-confirmed": Text("确认", "confirmed"),
    "column-possible": Text("可能", "possible"),
    "column-sure-figures": Text("确认的数量", "confirmed figures"),
    "column-possible-figures": Text("可能的数量", "possible figures"),
}
