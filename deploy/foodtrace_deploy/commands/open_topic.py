"""`foodtrace open-topic`: a Kafka topic in which one source writes, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from foodtrace.problems import FoodtraceError, InvalidValue
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.show import answers, as_json, fail
from foodtrace_deploy.stack import local
from foodtrace_deploy.texts import say
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import outside_topic

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help=say("help-topic-source"))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("open-topic", help=say("help-open-topic"))(open_topic)


def open_topic(
    source: SourceArgument, data: Data = DATA, lang: Lang = None, json_form: Json = False
) -> None:
    """Make the topic unless it is there, and verify its settings; workers find it by themselves."""
    with telling(lang=lang, json_form=json_form):
        # The client of Kafka is only needed here.
        from foodtrace_bus.errors import BusAway
        from foodtrace_bus.topics import ensure_topics

        brokers, prefix = _cluster(data)
        try:
            topic = outside_topic(source, prefix)
            made = ensure_topics(brokers, prefix, outside_sources=[source])
        except InvalidValue as wrong:
            _end(wrong, Exit.USAGE, json_form)
        except BusAway as away:
            _end(away, Exit.UNAVAILABLE, json_form)
        except FoodtraceError as differs:
            _end(differs, Exit.NOT_STARTED, json_form)
        fresh = topic in made.created
        if json_form:
            as_json({"topic": topic, "created": fresh, "brokers": brokers})
        else:
            key = "topic-made" if fresh else "topic-there"
            answers.print(say(key, topic=topic, brokers=brokers), markup=False)


def _cluster(data: Path) -> tuple[str, str]:
    """Brokers and prefix of the stack that runs on the data folder, else those of the settings."""
    stack = local.running(data)
    if stack is not None:
        return stack.state.brokers, stack.state.topic_prefix
    settings = Settings()
    return settings.brokers, settings.topic_prefix


def _end(problem: FoodtraceError, code: Exit, json_form: bool) -> NoReturn:
    fail(problem, json_form=json_form, code=code)
