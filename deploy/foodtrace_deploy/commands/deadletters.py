"""`foodtrace deadletters`: what went aside, why, and what is done about it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
import typer

from foodtrace.letters import read_letter
from foodtrace.problems import TheirFault
from foodtrace_deploy.commands.asking import After, Key, Lang, Url, one_of
from foodtrace_deploy.commands.connect import MANAGING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.letters import show_acted, show_letter, show_letters
from foodtrace_deploy.show import answers, as_json, news
from foodtrace_deploy.texts import say

LETTERS = "/v1/dead-letters"
STATES = ("open", "requeued", "fixed", "dismissed")
#: Letters of one answer; further pages are fetched.
PAGE = 1000
LIMIT = 100

Letter = Annotated[str, typer.Argument(metavar="LETTER", help=say("help-letter"))]
File = Annotated[str, typer.Argument(metavar="FILE", help=say("help-letter-file"))]
Reason = Annotated[str | None, typer.Option("--reason", help=say("help-letter-reason"))]
Needed = Annotated[str, typer.Option("--reason", help=say("help-letter-reason"))]
Code = Annotated[str | None, typer.Option("--code", help=say("help-letter-code"))]
Source = Annotated[str | None, typer.Option("--source", help=say("help-letter-source"))]
Topic = Annotated[str | None, typer.Option("--topic", help=say("help-letter-topic"))]
State = Annotated[
    str | None, typer.Option("--state", help=say("help-letter-state"), **one_of(STATES))
]
Most = Annotated[int, typer.Option("--limit", min=1, help=say("help-letter-limit"))]


def register(app: typer.Typer) -> None:
    """Add the group and its commands."""
    group = typer.Typer(help=say("help-letters"), no_args_is_help=True)
    group.command("list", help=say("help-letters-list"))(list_)
    group.command("show", help=say("help-letters-show"))(show)
    group.command("fix", help=say("help-letters-fix"))(fix)
    group.command("requeue", help=say("help-letters-requeue"))(requeue)
    group.command("dismiss", help=say("help-letters-dismiss"))(dismiss)
    app.add_typer(group, name="deadletters")


def list_(
    code: Code = None,
    source: Source = None,
    topic: Topic = None,
    state: State = None,
    limit: Most = LIMIT,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """The latest first; open ones and those dealt with, unless one state is asked for."""
    asked = {"code": code, "source": source, "topic": topic, "state": state, "after": after}
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            answer = client.get(LETTERS, **asked, limit=min(PAGE, limit))
            found, more = answer["dead_letters"], answer["next"]
            while more is not None and len(found) < limit:
                size = min(PAGE, limit - len(found))
                answer = client.get(LETTERS, **asked, limit=size, cursor=more)
                found, more = found + answer["dead_letters"], answer["next"]
        if json_form:
            as_json({"total": answer["total"], "dead_letters": found})
        else:
            show_letters(answers, found, answer["total"])


def show(
    letter: Letter,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """What is wrong, where, what to do, and what it says as far as it can be read."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            whole = client.get(_path(letter), after=after)
        if json_form:
            as_json(whole)
        else:
            show_letter(answers, whole)


def fix(
    letter: Letter,
    file: File,
    reason: Reason = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """The event goes through the checks of a push, under the source of the letter."""
    with telling(lang=lang, json_form=json_form):
        body = {"event": _event(file), "reason": reason}
        _act(
            letter, "fix", msgspec.json.encode(body), Where(url=url, key=key, data=data), json_form
        )


def requeue(
    letter: Letter,
    reason: Reason = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """If nothing was mended it comes back as a new letter that names this one."""
    with telling(lang=lang, json_form=json_form):
        body = msgspec.json.encode({"reason": reason})
        _act(letter, "requeue", body, Where(url=url, key=key, data=data), json_form)


def dismiss(
    letter: Letter,
    reason: Needed,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """The record stays where it is; a void of the action opens the letter again."""
    with telling(lang=lang, json_form=json_form):
        body = msgspec.json.encode({"reason": reason})
        _act(letter, "dismiss", body, Where(url=url, key=key, data=data), json_form)


def _act(letter: str, action: str, body: bytes, where: Where, json_form: bool) -> None:
    with connect(where, MANAGING) as client:
        done = client.post_bytes(f"{_path(letter)}/{action}", body)
    if json_form:
        as_json(done)
    else:
        show_acted(answers, news, done)


def _path(letter: str) -> str:
    place = read_letter(letter, "LETTER")
    parts = (place.log, place.topic, str(place.partition), str(place.offset))
    return "/".join((LETTERS, *(quote(part, safe="") for part in parts)))


def _event(file: str) -> Any:
    """The event as it stands in the file, amounts untouched."""
    try:
        read = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise TheirFault("file.unreadable", f"{file}: {error.strerror}", "FILE") from error
    raw = read.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TheirFault("event.malformed", f"{say('letter-not-json')}: {error}", "FILE") from error
    return msgspec.Raw(raw)
