"""`foodtrace keys`: who may ask and report, and in whose name."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foodtrace.access import Role
from foodtrace_deploy.commands import mandates
from foodtrace_deploy.commands.asking import Key, Lang, Url, one_of, whole_id
from foodtrace_deploy.commands.connect import MANAGING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.keys import show_issued, show_key, show_keys
from foodtrace_deploy.show import answers, as_json, news
from foodtrace_deploy.texts import say

KEYS = "/v1/keys"
#: Roles that have keys; the public asks without one.
ROLES = [str(role) for role in Role if role is not Role.PUBLIC]

RoleArgument = Annotated[str, typer.Argument(help=say("help-key-role"), **one_of(ROLES))]
Party = Annotated[str | None, typer.Option("--party", help=say("help-key-party"))]
Reporter = Annotated[str | None, typer.Option("--reporter", help=say("help-key-reporter"))]
Source = Annotated[str | None, typer.Option("--source", help=say("help-key-source"))]
Label = Annotated[str, typer.Option("--label", help=say("help-key-label"))]
Expires = Annotated[str | None, typer.Option("--expires", help=say("help-key-expires"))]
KeyId = Annotated[str, typer.Argument(metavar="ID", help=say("help-key-id"))]


def register(app: typer.Typer) -> None:
    """Add the group and its commands."""
    group = typer.Typer(help=say("help-keys"), no_args_is_help=True)
    group.command("list", help=say("help-keys-list"))(list_)
    group.command("issue", help=say("help-keys-issue"))(issue)
    group.command("revoke", help=say("help-keys-revoke"))(revoke)
    mandates.register(group)
    app.add_typer(group, name="keys")


def list_(
    url: Url = None, key: Key = None, data: Data = DATA, lang: Lang = None, json_form: Json = False
) -> None:
    """All keys, revoked and expired ones too, without their secrets."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            found = list(client.pages(KEYS, "keys"))
        if json_form:
            as_json({"keys": found})
        else:
            show_keys(answers, found)


def issue(
    role: RoleArgument,
    party: Party = None,
    reporter: Reporter = None,
    source: Source = None,
    label: Label = "",
    expires: Expires = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Make a key; it is shown this once."""
    wanted: dict[str, Any] = {"role": role, "party": party, "reporter": reporter}
    wanted |= {"source": source, "label": label, "expires_at": expires}
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            made = client.post(KEYS, wanted)
        if json_form:
            as_json(made)
        else:
            show_issued(answers, news, made)


def revoke(
    key_id: KeyId,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """End a key at once; it stays listed."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            ended = client.delete(KEYS, whole_id(client.pages(KEYS, "keys"), key_id))
        if json_form:
            as_json(ended)
        else:
            show_key(answers, ended)
