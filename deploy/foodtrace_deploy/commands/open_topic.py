"""`foodtrace open-topic`: a Kafka topic in which one source writes, and nobody else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, NoReturn

import typer

from foodtrace.problems import FoodtraceError, InvalidValue
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.reach import brokers_of
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.show import answers, as_json, fail
from foodtrace_deploy.texts import say
from foodtrace_schemas.topics import outside_topic

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help=say("help-topic-source"))]

User = Annotated[str, typer.Option("--user", metavar="NAME", help=say("option-topic-user"))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("open-topic", help=say("help-open-topic"))(open_topic)


def open_topic(
    source: SourceArgument,
    user: User = "",
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Make the topic unless it is there, verify its settings, and let the source's user write it.

    Workers find it by themselves.
    """
    with telling(lang=lang, json_form=json_form):
        # The client of Kafka is only needed here.
        from foodtrace_bus.cluster import Cluster
        from foodtrace_bus.errors import BusAway
        from foodtrace_bus.rights import allow_writing
        from foodtrace_bus.topics import ensure_topics

        where = brokers_of(data)
        access, prefix = where.access, where.prefix
        try:
            topic = outside_topic(source, prefix)
            made = ensure_topics(access, prefix, outside_sources=[source])
            with Cluster(access) as cluster:
                allowed = allow_writing(cluster, topic, user or source)
        except InvalidValue as wrong:
            _end(wrong, Exit.USAGE, json_form)
        except BusAway as away:
            _end(away, Exit.UNAVAILABLE, json_form)
        except FoodtraceError as differs:
            _end(differs, Exit.NOT_STARTED, json_form)
        opened = _Opened(
            topic=topic,
            created=topic in made.created,
            brokers=access.bootstrap,
            user=user or source if allowed else None,
        )
        if json_form:
            as_json(asdict(opened))
        else:
            _show(opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """`user` may write it and nobody else but us; None at brokers that let everybody write."""

    topic: str
    created: bool
    brokers: str
    user: str | None


def _show(opened: _Opened) -> None:
    key = "topic-made" if opened.created else "topic-there"
    answers.print(say(key, topic=opened.topic, brokers=opened.brokers), markup=False)
    words = say("topic-everybodys") if opened.user is None else say("topic-user", user=opened.user)
    answers.print(words, markup=False)


def _end(problem: FoodtraceError, code: Exit, json_form: bool) -> NoReturn:
    fail(problem, json_form=json_form, code=code)
