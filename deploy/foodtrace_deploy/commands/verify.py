"""`foodtrace verify`: whether a file of evidence is what was signed, with no server and no database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from foodtrace.evidence import Checkpoint
from foodtrace.problems import FoodtraceError, TheirFault
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.show import answers, as_json, news
from foodtrace_deploy.texts import say

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("help-verify-file"))]
PublicKey = Annotated[
    list[Path] | None, typer.Option("--key", metavar="PEM", help=say("help-verify-key"))
]
Since = Annotated[
    Path | None, typer.Option("--since", metavar="FILE", help=say("help-verify-since"))
]
#: A public key as PEM is far shorter, in bytes.
_KEY_LIMIT = 64 * 1024
_PEM = re.compile(b"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help=say("help-verify"))(verify)


def verify(
    file: File,
    key: PublicKey = None,
    since: Since = None,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Exit code 1 names each partition, offset and what is wrong there."""
    with telling(lang=lang, json_form=json_form):
        # Rendering and cryptography are only needed here.
        from foodtrace_deploy.rendering.evidence import bar, report_json, show_report
        from foodtrace_formats.evidence.files import check_file, checkpoints_in

        trusted = [each for path in key or () for each in public_keys(path)]
        earlier: tuple[Checkpoint, ...] = ()
        if since is not None:
            with opened(since) as old:
                earlier = checkpoints_in(old, trusted)
        with opened(file) as data, bar(news, "evidence-checking", shown=not json_form) as tell:
            report = check_file(data, trusted, earlier, tell)
        if json_form:
            as_json(report_json(str(file), report))
        else:
            show_report(answers, report)
        if not report.ok:
            raise typer.Exit(Exit.REFUSED)


def public_keys(file: Path) -> list[bytes]:
    """The keys in a PEM file, one behind the other; raises TheirFault for what isn't one."""
    from foodtrace_office.signing import read_public_pem

    with opened(file) as data:
        try:
            text = data.read(_KEY_LIMIT)
            return [read_public_pem(pem) for pem in _PEM.findall(text) or [text]]
        except FoodtraceError as error:
            raise TheirFault(error.code, error.detail, str(file)) from error


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """The file for reading; raises TheirFault `file.unreadable`."""
    try:
        data = file.open("rb")
    except OSError as error:
        raise TheirFault("file.unreadable", error.strerror or str(error), str(file)) from error
    with data:
        yield data
