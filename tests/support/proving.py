"""A ledger with evidence and its signed checkpoints, made here and now: no worker is needed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from foodtrace.evidence import leaf_hash
from foodtrace_api.contracts import Contracts
from foodtrace_api.web.after import read_token
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.reader import Reader
from foodtrace_ledger.chunk import Chunk
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.positions import read_positions
from foodtrace_ledger.writer import write_chunk
from foodtrace_office import evidence as office
from foodtrace_office.registry import RegistryRows
from foodtrace_office.signing import SigningKey
from foodtrace_ops.settings import Settings
from foodtrace_streams.signer import grown
from support.door import taken


def catch_up_evident(settings: Settings, after: str) -> None:
    """What the workers do, evidence included: take everything up to the push of `after` in."""
    engine = make_engine(settings.database_url.get_secret_value())
    contracts = Contracts(RegistryRows(engine))
    reached = {(row.topic, row.partition): row.next_offset for row in read_positions(engine)}
    with Cluster(settings.access()) as cluster, Reader(settings.access()) as log:
        for (short, partition), end in read_token(after).items():
            topic = settings.topic_prefix + short
            name = settings.broker_log or cluster.logs([topic])[topic].log
            start = reached.get((topic, partition), 0)
            for batch in log.batches(topic, partition, start, end):
                entries = tuple(
                    replace(
                        taken(contracts, name, topic, partition, record),
                        leaf=leaf_hash(
                            topic,
                            partition,
                            record.offset,
                            record.timestamp,
                            record.key,
                            record.value,
                            record.headers,
                        ),
                    )
                    for record in batch.records
                )
                chunk = Chunk(
                    consumer=settings.consumer,
                    log=name,
                    topic=topic,
                    partition=partition,
                    start=batch.start,
                    end=batch.end,
                    entries=entries,
                    evident=True,
                )
                write_chunk(engine, chunk)
    engine.dispose()


def sign(engine: Engine, key: SigningKey) -> int:
    """One pass of the signer over everything that has grown; how many checkpoints it made."""
    with engine.begin() as conn:
        office.adopt_key(conn, key.public)
    with snapshot(engine) as conn:
        made = grown(conn, key, 0.0)
    with engine.begin() as conn:
        for one in made:
            office.save(conn, one.spot, one.size, one.note)
    return len(made)
