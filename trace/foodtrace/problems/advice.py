"""What to do about a dead letter, by the code of its problem."""

from __future__ import annotations

from typing import NamedTuple

from foodtrace.problems import PROBLEMS
from foodtrace.problems.text import Blame


class Advice(NamedTuple):
    """What to do, in both languages."""

    zh: str
    en: str


_UNMENDED = Advice(
    "我方原因：排除故障或升级后重新投递（requeue）",
    "Ours: once it is mended or upgraded, requeue it",
)
_WRONG = Advice(
    "请按所示字段更正单据后报送（fix），或由来源更正后重发并将此条不予处理（dismiss）",
    "Correct the field shown and fix it; or let the source send it anew and dismiss this one",
)
_DAMAGED = Advice(
    "内容无法读取：请由来源重发或以 JSON 补报（fix）；如属测试或垃圾数据则不予处理（dismiss）",
    "It can't be read: let the source send it anew, or say it in JSON (fix); dismiss test data",
)
_BY_CODE: dict[str, Advice] = {
    "avro.unknown-schema": Advice(
        "模式编号未登记：在注册表登记该模式后重新投递（requeue）；如编号有误，请由来源重发",
        "Its schema isn't registered: register it, then requeue; if the id is wrong, let the source"
        " send it anew",
    ),
    "avro.foreign-schema": Advice(
        "所用模式与本系统事件不兼容：请来源改用登记的模式重发，或以 JSON 补报（fix）",
        "Its schema can't become an event of ours: let the source use a registered one, or say it"
        " in JSON (fix)",
    ),
    "event.wrong-source": Advice(
        "来源写入了他人的主题或填错来源：请更正来源后报送（fix），否则不予处理（dismiss）",
        "It names another source than that of its topic: fix the source, or dismiss it",
    ),
    "ledger.refused": Advice(
        "账本无法写入：升级后重新投递（requeue）；仍被拒绝时按说明更正（fix）",
        "The ledger can't hold it: requeue after an upgrade; if it comes back, fix what it says",
    ),
}


def advice(code: str) -> Advice:
    """What to do about a letter of this code, also of one that a newer version made."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code.startswith("avro."):
        return _DAMAGED
    problem = PROBLEMS.get(code)
    return _UNMENDED if problem is None or problem.blame is Blame.OURS else _WRONG
