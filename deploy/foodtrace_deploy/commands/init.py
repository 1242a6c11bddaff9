"""`foodtrace init`: makes a cluster and a database of one's own ready, as often as one likes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foodtrace.problems import FoodtraceError
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import Json
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.show import answers, as_json, fail
from foodtrace_deploy.texts import say
from foodtrace_ops.settings import Settings

WaitOption = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help=say("help-init-wait"))
]
FirstKeys = Annotated[bool, typer.Option("--first-keys", help=say("help-init-keys"))]
NewKeys = Annotated[bool, typer.Option("--new-keys", help=say("option-new-keys"))]
#: Servers of a fresh deployment take their time.
WAIT_S = 120.0
#: What may be there a little later, so that a Job tries again.
_PASSES = frozenset({"push.bus-away", "ledger.away"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init", help=say("help-init"))(init)


def init(
    wait: WaitOption = WAIT_S,
    first_keys: FirstKeys = False,
    new_keys: NewKeys = False,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Ends with 0 when all is ready, 4 when a server isn't there in time, 3 for what has to be mended."""
    with telling(lang=lang, json_form=json_form):
        # Drivers of Kafka and PostgreSQL are only needed here.
        from foodtrace_deploy.stack.outside import Wish, prepare

        wish = Wish(wait_s=wait, first_keys=first_keys, new_keys=new_keys)
        try:
            done = prepare(
                Settings(), wish, lambda step: None if json_form else note(f"init-{step}")
            )
        except FoodtraceError as error:
            code = Exit.UNAVAILABLE if error.code in _PASSES else Exit.NOT_STARTED
            fail(error, json_form=json_form, code=code)
        told: dict[str, Any] = {
            "ledger": done.ledger,
            "office": done.office,
            "brokers": done.brokers,
            "topics_made": list(done.topics.created),
            "topics_there": list(done.topics.existing),
            "unknown": list(done.topics.unknown),
            "keys": done.keys,
        }
        if json_form:
            as_json(told)
            return
        made, there = len(done.topics.created), len(done.topics.existing)
        note("init-done", ledger=done.ledger, office=done.office, made=made, there=there)
        if (first_keys or new_keys) and not done.keys:
            note("init-keys-made")
        for role, key in done.keys.items():
            answers.print(f"{role} {key}", markup=False)
