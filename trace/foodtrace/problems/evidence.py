"""What can be wrong with evidence: the tree over the log, its checkpoints, the key that signs them."""

from __future__ import annotations

from foodtrace.problems.text import Blame, ProblemText

_T, _O = Blame.THEIRS, Blame.OURS

EVIDENCE: dict[str, ProblemText] = {
    "evidence.malformed": ProblemText(
        _T,
        "不是有效的证据（叶、检查点或签名文本的格式不符）",
        "It isn't evidence: a leaf, checkpoint or signed note of another form",
    ),
    "evidence.bad-signature": ProblemText(
        _T,
        "签名不符：内容被改动，或由其他密钥签署",
        "The signature doesn't fit: the text was changed, or another key signed it",
    ),
    "evidence.wrong-key": ProblemText(
        _O,
        "签名密钥与本装置登记的不同：请在 FOODTRACE_EVIDENCE_KEY 指定原密钥文件；更换须先以"
        " foodtrace evidence key --retire 停用原密钥",
        "The signing key isn't the one this installation signs with: point FOODTRACE_EVIDENCE_KEY"
        " at the file of the right one; to change it, retire the old one first with foodtrace"
        " evidence key --retire",
    ),
    "evidence.retired-key": ProblemText(
        _O,
        "签名密钥已停用，不再签署：请在 FOODTRACE_EVIDENCE_KEY 指定接替它的密钥文件",
        "The signing key was retired and signs nothing any more: point FOODTRACE_EVIDENCE_KEY at the"
        " file of the key that followed it",
    ),
    "evidence.nothing-to-retire": ProblemText(
        Blame.CONFLICT,
        "尚未登记签名密钥，没有可停用的：首次启动即登记第一把",
        "No signing key is on record yet, so there is none to retire: the first start records one",
    ),
    "evidence.key-in-use": ProblemText(
        Blame.CONFLICT,
        "新密钥就是现用的密钥：请指定另一个文件",
        "The new key is the one that signs already: name another file",
    ),
    "evidence.bad-key-file": ProblemText(
        _O,
        "签名密钥文件无法使用：须为 Ed25519 私钥（PEM），且不得人人可读；如已丢失，请用"
        " foodtrace evidence key --retire 更换",
        "The file of the signing key can't be used: it has to hold an Ed25519 private key (PEM)"
        " that not everybody may read; if it is lost, foodtrace evidence key --retire makes another",
    ),
    "evidence.no-key": ProblemText(
        _O,
        "未设置签名密钥，不签署检查点；请设置 FOODTRACE_EVIDENCE_KEY",
        "No signing key is set, so no checkpoints are signed; set FOODTRACE_EVIDENCE_KEY",
    ),
    "evidence.unsigned": ProblemText(
        _O,
        "有记录十多分钟仍未被签署的检查点覆盖：请确认工作进程在运行，且已设置"
        " FOODTRACE_EVIDENCE_KEY",
        "Records have waited for a signed checkpoint for over ten minutes: see that a worker runs and"
        " that FOODTRACE_EVIDENCE_KEY is set for it",
    ),
    "evidence.incomplete": ProblemText(
        _O,
        "部分分区的账本早于证据功能，没有证据；请执行 foodtrace replay 补齐",
        "The ledger was begun before evidence was kept, so some partitions have none; foodtrace"
        " replay gives it",
    ),
    "evidence.forked": ProblemText(
        _O,
        "账本的证据与已签署的检查点矛盾：日志或账本被改动；请保留现场，与备份核对",
        "The ledger's evidence contradicts a signed checkpoint: log or ledger were changed; keep"
        " everything as it is and compare with a backup",
    ),
}
