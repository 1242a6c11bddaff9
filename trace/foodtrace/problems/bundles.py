"""What can be wrong with an evidence bundle or a proof, told by place."""

from __future__ import annotations

from foodtrace.problems.text import Blame, ProblemText

_T, _O = Blame.THEIRS, Blame.OURS

BUNDLES: dict[str, ProblemText] = {
    "evidence.not-yet": ProblemText(
        _O,
        "尚无已签署的检查点覆盖该记录，请稍后重试",
        "No signed checkpoint covers it yet; try again a little later",
    ),
    "evidence.log-differs": ProblemText(
        _O,
        "日志中的记录与已存证据不符：日志被改动；请保留现场，与备份核对",
        "A record of the log isn't the one that the evidence was made of: the log was changed; keep"
        " everything as it is and compare with a backup",
    ),
    "evidence.no-checkpoint": ProblemText(
        Blame.NOT_FOUND,
        "没有该分区（在该大小）的已签署检查点",
        "There is no signed checkpoint of that partition (at that size)",
    ),
    "bundle.unknown-file": ProblemText(
        _T,
        "不是证据文件：须为证据包、证明、一致性证明或已签名的检查点",
        "It is no file of evidence: a bundle, a proof, a proof of consistency or a signed checkpoint",
    ),
    "bundle.container": ProblemText(
        _T,
        "证据包的 ZIP 结构被改动（见字节位置）",
        "The bundle's ZIP structure was changed at this byte",
    ),
    "bundle.manifest-unreadable": ProblemText(
        _T, "证据包清单缺失或无法读取", "The bundle's manifest is missing or can't be read"
    ),
    "bundle.manifest-changed": ProblemText(
        _T,
        "清单与其签名不符：清单被改动",
        "The manifest isn't the one that was signed: it was changed",
    ),
    "bundle.member-missing": ProblemText(
        _T, "清单所列的文件不在证据包中", "A file of the manifest isn't in the bundle"
    ),
    "bundle.member-added": ProblemText(
        _T, "证据包中有清单未列的文件", "A file of the bundle isn't in the manifest"
    ),
    "bundle.member-changed": ProblemText(
        _T, "文件内容与清单不符", "A file isn't as the manifest says"
    ),
    "bundle.other-key": ProblemText(
        _T,
        "所附公钥不是所信任的公钥",
        "The public key inside isn't the one that you trust",
    ),
    "bundle.keys-differ": ProblemText(
        _T,
        "检查点由另一密钥签署，与清单所列不符",
        "A checkpoint is signed by another key than the bundle's list says",
    ),
    "bundle.other-log": ProblemText(
        _T,
        "检查点属于另一日志（主题、分区、日志号或装置不同）",
        "The checkpoint is of another log (installation, topic, partition or log id)",
    ),
    "bundle.unchecked": ProblemText(
        _T,
        "该分区无法核验：缺少记录或已签名的检查点",
        "The partition can't be checked: records or a signed checkpoint are missing",
    ),
    "bundle.record-changed": ProblemText(_T, "记录被改动", "The record was changed"),
    "bundle.record-missing": ProblemText(_T, "记录被删除", "The record was removed"),
    "bundle.record-added": ProblemText(
        _T, "记录是添加的，签署时没有", "The record was added; it isn't in what was signed"
    ),
    "bundle.record-moved": ProblemText(
        _T, "记录的次序被改动", "The record stands in another place than it did"
    ),
    "bundle.other-event": ProblemText(
        _T,
        "记录不属于其所列的事件：记录的键是另一事件的标识，或不是事件标识",
        "The record isn't of the event that it is listed for: its key is another one's id, or none",
    ),
    "bundle.garbled": ProblemText(
        _T,
        "文件自此字节起无法读取",
        "From this byte on the file can't be read",
    ),
    "bundle.hashes-changed": ProblemText(
        _T,
        "所附的哈希表被改动；记录本身与签名一致",
        "The list of hashes was changed; the records themselves are those that were signed",
    ),
    "bundle.proof-wrong": ProblemText(
        _T,
        "包含证明不成立：无法由签名证明该记录",
        "The inclusion proof doesn't hold: nothing signed shows that this is the record",
    ),
    "bundle.root-differs": ProblemText(
        _T,
        "记录得不出已签署的树根：所列之外还有改动",
        "The records don't give the root that was signed: more was changed than is listed",
    ),
    "bundle.edge-unproven": ProblemText(
        _T,
        "区间边缘未获证明：首条之前或末条之后可能略去了记录",
        "The range's edge isn't proven: a record may have been left out before the first or behind the"
        " last",
    ),
    "bundle.link-differs": ProblemText(
        _T,
        "记录得不出已签署的哈希链",
        "The records don't give the link of the chain that was signed",
    ),
    "bundle.forked": ProblemText(
        _T,
        "两个已签署的检查点相互矛盾：历史被改写",
        "Two signed checkpoints contradict each other: history was rewritten",
    ),
    "bundle.not-compared": ProblemText(
        _T,
        "无法与先前的检查点比较：证据包不含该分区或缺少一致性证明，请以 export --since 重新导出",
        "It can't be compared with the earlier checkpoint: the bundle lacks the partition or the"
        " path to it; export it with --since",
    ),
}
