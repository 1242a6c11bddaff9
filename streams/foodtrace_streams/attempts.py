"""The two ways of a chunk into the ledger, put together from settings; the same in worker and child."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from sqlalchemy import Engine

from foodtrace.events import KINDS
from foodtrace.events.resolution import Resolution
from foodtrace_bus.room import Publisher
from foodtrace_ledger.share import share_of
from foodtrace_ops.settings import Settings
from foodtrace_streams.decode import decoding
from foodtrace_streams.intake import Intake
from foodtrace_streams.project import Project
from foodtrace_streams.schemas import ReadRows, SchemaBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """`project` takes the ledger's own topics, `intake` those of outside sources."""

    project: Project
    intake: Intake


def intake_consumer(settings: Settings) -> str:
    """The name under which outside topics are read."""
    return f"{settings.consumer}.intake"


def attempts_of(
    settings: Settings, engine: Engine, threads: Executor, schemas: ReadRows, publisher: Publisher
) -> Attempts:
    """Both; `publisher` is where what came in from outside goes on to."""
    decode = decoding(SchemaBook(schemas))
    share = share_of(settings.aside_window, settings.aside_limit, settings.asides_seen)
    return Attempts(
        project=Project(settings.consumer, engine, threads, decode, share),
        intake=Intake(
            intake_consumer(settings),
            engine,
            threads,
            decode,
            publisher,
            prefix=settings.topic_prefix,
            # Letters are dealt with at the door of dead letters, which asks for the rights.
            kinds=set(KINDS) - {Resolution.kind},
            share=share,
        ),
    )
