"""The Faust application: its settings, our transport, and one agent per way of a chunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faust

from foodtrace_bus.access import Access
from foodtrace_bus.limits import MAX_FETCH_BYTES
from foodtrace_streams.chunk import CHUNK_RECORDS
from foodtrace_streams.credentials import faust_settings
from foodtrace_streams.lanes import Lanes
from foodtrace_streams.transport import CHUNK_CODEC, Fate, LedgerTransport, PositionSource

#: Seconds after which the group gives up a silent worker, and between its signs of life.
SESSION_S = 6.0
HEARTBEAT_S = 1.0
#: Seconds the others have to join. The memory broker takes 6 s for it whatever this says.
REBALANCE_S = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Who reads what: brokers, group, member, topics by the agent that takes them."""

    access: Access
    group: str
    instance: str
    ledger_topics: Sequence[str]
    outside_topics: Sequence[str]
    folder: Path
    chunk_records: int = CHUNK_RECORDS
    fetch_bytes: int = MAX_FETCH_BYTES


def faust_app(group: Group, positions: PositionSource, lanes: Lanes, fate: Fate) -> Any:
    """The app, ready to start on the running loop."""
    # Faust makes the last folder of its path only.
    group.folder.mkdir(parents=True, exist_ok=True)
    app = faust.App(
        group.group,
        **faust_settings(group.access),
        consumer_group_instance_id=group.instance,
        datadir=group.folder,
        processing_guarantee="at_least_once",
        topic_disable_leader=True,
        topic_allow_declare=False,
        store="memory://",
        web_enabled=False,
        # The ledger says where to read; where it can't, an error has to say so.
        consumer_auto_offset_reset="none",
        consumer_max_fetch_size=group.fetch_bytes,
        # Partitions that are added get an owner within this time.
        consumer_metadata_max_age_ms=30_000,
        broker_session_timeout=SESSION_S,
        broker_heartbeat_interval=HEARTBEAT_S,
        broker_rebalance_timeout=REBALANCE_S,
        stream_wait_empty=False,
        # Chunks, not records; lanes take them at once, so it never fills.
        stream_buffer_maxsize=64,
        producer_acks=-1,
    )
    app.transport = LedgerTransport(
        app.conf.broker_consumer,
        app,
        positions=positions,
        lanes=lanes,
        fate=fate,
        chunk_records=group.chunk_records,
    )
    _agent(app, "project", group.ledger_topics, lanes)
    if group.outside_topics:
        _agent(app, "intake", group.outside_topics, lanes)
    return app


def _agent(app: Any, name: str, topics: Sequence[str], lanes: Lanes) -> None:
    """One agent for all of `topics`; it only hands chunks to their lanes, so it is never slow."""
    channel = app.topic(*topics, key_serializer="raw", value_serializer=CHUNK_CODEC)

    @app.agent(channel, name=name)  # type: ignore[untyped-decorator]
    async def agent(stream: Any) -> None:
        async for event in stream.noack().events():
            lanes.put(event.value, event)
