"""`foodtrace topics`: the topics with their partitions and settings, and more partitions for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foodtrace.problems import FoodtraceError, InvalidValue
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.reach import brokers_of
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.topics import show_topics
from foodtrace_deploy.show import answers, as_json, fail
from foodtrace_deploy.texts import say

if TYPE_CHECKING:
    from foodtrace_bus.cluster import Cluster

TopicName = Annotated[str, typer.Argument(metavar="TOPIC", help=say("help-topic-name"))]
Count = Annotated[int, typer.Argument(metavar="N", min=1, max=1000, help=say("help-topic-count"))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    topics = typer.Typer(help=say("help-topics"), no_args_is_help=True)
    topics.command("list", help=say("help-topics-list"))(list_)
    topics.command("grow", help=say("help-topics-grow"))(grow_)
    app.add_typer(topics, name="topics")


def list_(data: Data = DATA, lang: Lang = None, json_form: Json = False) -> None:
    """Exit code 1 while a topic differs from what evidence needs or lacks a copy."""
    with telling(lang=lang, json_form=json_form), _asked(data, json_form) as (cluster, prefix):
        from foodtrace_bus.partitions import topic_states

        found = topic_states(cluster, prefix)
        if json_form:
            as_json({"topics": [asdict(each) for each in found]})
        else:
            show_topics(answers, found)
        if any(each.differing or each.in_sync < each.copies for each in found):
            raise typer.Exit(Exit.REFUSED)


def grow_(
    topic: TopicName, count: Count, data: Data = DATA, lang: Lang = None, json_form: Json = False
) -> None:
    """Running workers read the new partitions within half a minute; nothing has to be restarted."""
    with telling(lang=lang, json_form=json_form), _asked(data, json_form) as (cluster, prefix):
        from foodtrace_bus.partitions import grow

        grown = grow(cluster, topic, count, prefix)
        if json_form:
            as_json(asdict(grown))
            return
        key = "topic-grown" if grown.after > grown.before else "topic-as-wished"
        note(key, topic=grown.topic, before=grown.before, after=grown.after)


@contextmanager
def _asked(data: Path, json_form: bool) -> Iterator[tuple[Cluster, str]]:
    """A cluster to ask; its named errors end the command with the codes of a script."""
    # The client of Kafka is only needed here.
    from foodtrace_bus.cluster import Cluster
    from foodtrace_bus.errors import BusAway

    where = brokers_of(data)
    try:
        with Cluster(where.access) as cluster:
            yield cluster, where.prefix
    except InvalidValue as wrong:
        fail(wrong, json_form=json_form, code=Exit.USAGE)
    except BusAway as away:
        fail(away, json_form=json_form, code=Exit.UNAVAILABLE)
    except FoodtraceError as error:
        fail(error, json_form=json_form, code=Exit.NOT_STARTED)
