"""What can be wrong with building the ledger anew from the log (`foodtrace replay`)."""

from __future__ import annotations

from foodtrace.problems.text import Blame, ProblemText

_O = Blame.OURS

REBUILDING: dict[str, ProblemText] = {
    "replay.running": ProblemText(
        _O,
        "另一重建正在进行，请等待其结束",
        "Another replay is running; wait for its end",
    ),
    "replay.old-kept": ProblemText(
        _O,
        "上次切换前的账本仍保留（ledger_before）：确认无误后先执行 foodtrace replay --drop-old",
        "The ledger of before the last switch is still kept (ledger_before); once you trust the new"
        " one, drop it by foodtrace replay --drop-old",
    ),
    "replay.nothing-kept": ProblemText(
        _O,
        "没有保留的旧账本（ledger_before），无法切回或删除",
        "No older ledger is kept (ledger_before), so there is nothing to go back to or to drop",
    ),
    "replay.differs": ProblemText(
        _O,
        "重建的账本与现用账本不一致，未切换；请按所示部分与行查明原因（新账本保留为 ledger_next，"
        "以 --anew 重新开始）",
        "The rebuilt ledger differs from the live one, so they weren't switched; look into the parts"
        " and rows shown (it stays as ledger_next; --anew begins from the start)",
    ),
    "replay.readers-busy": ProblemText(
        _O,
        "查询一直在进行，未能在时限内切换；新账本已就绪，请稍后再执行 foodtrace replay",
        "Answers ran all the time, so the switch found no moment; the new ledger is ready, run"
        " foodtrace replay again",
    ),
    "replay.evidence-differs": ProblemText(
        _O,
        "重建的证据树与已签名的检查点不符，未切换：日志或检查点被改动，请保全两者并核查",
        "The rebuilt tree of evidence contradicts a signed checkpoint, so nothing was switched: log"
        " or checkpoint was changed; keep both as they are and look into it",
    ),
    "replay.evidence-missing": ProblemText(
        _O,
        "重建的证据树缺少已签名检查点所含的记录，未切换：若该分区尚未读完，请待工作进程追上后再执行；"
        "否则日志缺了记录，请保全日志与检查点并核查",
        "The rebuilt tree of evidence hasn't records that a checkpoint was signed of, so nothing was"
        " switched: if workers haven't read that partition yet, wait for them and run it again;"
        " else the log has lost records, keep it and the checkpoints as they are and look into it",
    ),
    "replay.loader-died": ProblemText(
        _O,
        "读入进程接连被终止（内存不足或被强行结束），现用账本未变；排除原因或减少 --processes 后"
        "再次执行 foodtrace replay 即继续",
        "A loading process was killed again and again (out of memory, or by somebody); the live"
        " ledger is as it was. Mend that or use fewer --processes, run foodtrace replay again and it"
        " goes on",
    ),
    "replay.other-revision": ProblemText(
        _O,
        "保留的账本属于另一结构版本，未切换：请用建立它的那个版本的程序执行 foodtrace replay --back，"
        "由它补读其后的事件、核对签名并切换",
        "The kept ledger is of another revision than this program, so nothing was switched: run"
        " foodtrace replay --back of the release that made it, which reads what came since, checks"
        " the signatures and switches",
    ),
}
