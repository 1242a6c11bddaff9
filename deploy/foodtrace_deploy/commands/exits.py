"""Exit codes of the commands that talk to a server: what a script can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from foodtrace_client import ApiError, Conflicting, Denied, NotKnown, Refused, Unavailable


class Exit(IntEnum):
    """The codes; `MEANINGS` says what each one stands for."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_STARTED = 3
    UNAVAILABLE = 4
    NOT_KNOWN = 5
    AMBIGUOUS = 6
    DENIED = 7
    FILE = 8
    DEFECT = 70
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says, in both languages."""

    zh: str
    en: str


MEANINGS: Mapping[Exit, Meaning] = {
    Exit.DONE: Meaning("全部完成", "everything was done"),
    Exit.REFUSED: Meaning(
        "部分事件或该请求被拒绝，须修改后重试",
        "some events, or the request, were refused; change them and try again",
    ),
    Exit.USAGE: Meaning("命令行用法错误", "the command line can't be understood"),
    Exit.NOT_STARTED: Meaning(
        "本机服务无法启动或继续", "the stack on this machine can't start, or not go on"
    ),
    Exit.UNAVAILABLE: Meaning(
        "无法连接服务或服务暂不可用，可稍后重试",
        "no server there, or not now; the same may work later",
    ),
    Exit.NOT_KNOWN: Meaning("所查代码或编号未知", "what was asked for isn't known"),
    Exit.AMBIGUOUS: Meaning(
        "代码对应多个批次，请按提示选定", "the code stands for several batches; choose one"
    ),
    Exit.DENIED: Meaning("缺少密钥，或密钥无此权限", "the key is missing, or may not do this"),
    Exit.FILE: Meaning("文件无法读取或格式有误", "a file can't be read or isn't what it should be"),
    Exit.DEFECT: Meaning("程序缺陷", "a defect of foodtrace"),
    Exit.INTERRUPTED: Meaning("被用户中断（Ctrl-C）", "interrupted by Ctrl-C"),
}

_OF_ERROR: Mapping[type[ApiError], Exit] = {
    Refused: Exit.REFUSED,
    Denied: Exit.DENIED,
    NotKnown: Exit.NOT_KNOWN,
    Conflicting: Exit.AMBIGUOUS,
    Unavailable: Exit.UNAVAILABLE,
}


def exit_of(error: ApiError) -> Exit:
    """The exit code of an error of the client."""
    return _OF_ERROR.get(type(error), Exit.REFUSED)
