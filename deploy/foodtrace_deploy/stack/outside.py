"""What has to be true of a cluster and a database of one's own before parts start, as numbered steps.

1. the database answers, the brokers are all there
2. tables of ledger and office, made or brought up to this version
3. topics, made and verified
4. the first API keys, where they are asked for

Each may run again and then changes nothing: a Kubernetes Job and a Compose service start it at every
deployment. The embedded stack does the same by `bootstrap`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import psycopg2
from sqlalchemy.exc import OperationalError

from foodtrace.problems import FoodtraceError, OurFault
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.errors import BusAway
from foodtrace_bus.topics import TopicsReport, ensure_topics
from foodtrace_deploy.stack.bootstrap import refuse_empty
from foodtrace_ledger import migrate as ledger
from foodtrace_ledger.engine import make_engine
from foodtrace_office import migrate as office
from foodtrace_office.first import first_keys
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import schemas_topic

Step = Literal["database", "brokers", "tables", "topics", "keys"]
#: Hears which step begins.
Tell = Callable[[Step], None]
T = TypeVar("T")

#: Seconds between two tries to reach what isn't there yet.
_PAUSE_S = 0.5
_CONNECT_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was done: revisions of the schemas, topics made now, keys by role (once, or none)."""

    ledger: str
    office: str
    brokers: int
    topics: TopicsReport
    keys: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How long to wait for servers, in seconds; whether to make the first keys, or others instead."""

    wait_s: float
    first_keys: bool = False
    new_keys: bool = False


def prepare(settings: Settings, wish: Wish, tell: Tell) -> Prepared:
    """Carry out the steps.

    Raises BusAway or OurFault `ledger.away` when a server isn't there in time, and the named errors
    of bus and ledger for what a person has to mend.
    """
    url = settings.database_url.get_secret_value()
    tell("database")
    _until_there(lambda: _reach(url), wish.wait_s)
    tell("brokers")
    brokers = _until_there(lambda: _brokers(settings), wish.wait_s)
    tell("tables")
    ledger.upgrade(url)
    office.upgrade(url)
    tell("topics")
    made = _until_there(lambda: _topics(settings), wish.wait_s)
    tell("keys")
    return Prepared(
        ledger=ledger.head(),
        office=office.head(),
        brokers=brokers,
        topics=made,
        keys=_keys(url, wish),
    )


def _until_there(step: Callable[[], T], wait_s: float) -> T:
    """Try until nothing is away any more; other errors are raised at once."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            return step()
        except FoodtraceError as error:
            passes = isinstance(error, BusAway) or error.code == "ledger.away"
            if not passes or time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE_S)


def _reach(url: str) -> None:
    try:
        with closing(psycopg2.connect(url, connect_timeout=_CONNECT_S)):
            return
    except psycopg2.OperationalError as error:
        # A libpq message names host, port and user, never the password.
        raise OurFault("ledger.away", str(error).strip()) from error


def _brokers(settings: Settings) -> int:
    """How many there are; BusAway before the copies that are wished for have a place each.

    Topics made while two of three brokers are still starting would keep one copy for ever. Once they
    have their copies one broker may be away: an upgrade needn't wait for it.
    """
    with Cluster(settings.access()) as cluster:
        found = cluster.brokers()
        copies = cluster.copies([schemas_topic(settings.topic_prefix)])
    if max(found, copies) < settings.replication:
        raise BusAway(f"{found} of {settings.replication} brokers")
    return found


def _topics(settings: Settings) -> TopicsReport:
    refuse_empty(settings)
    return ensure_topics(
        settings.access(),
        settings.topic_prefix,
        settings.partitions or None,
        settings.replication or None,
    )


def _keys(url: str, wish: Wish) -> dict[str, str]:
    if not (wish.first_keys or wish.new_keys):
        return {}
    engine = make_engine(url, application="foodtrace-init")
    try:
        return first_keys(engine, again=wish.new_keys)
    except OperationalError as error:
        raise OurFault("ledger.away", str(error.orig).strip()) from error
    finally:
        engine.dispose()
