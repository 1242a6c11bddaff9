"""The transport that Faust is given: its aiokafka driver with our consumer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from faust.serializers import codecs
from faust.transport.drivers.aiokafka import Transport
from faust.types import TP

from foodtrace_streams.chunk import CHUNK_RECORDS
from foodtrace_streams.consumer import LedgerConsumer
from foodtrace_streams.fetch import Begin
from foodtrace_streams.lanes import Gate

#: Name of the codec that hands a chunk through Faust as it is.
CHUNK_CODEC = "foodtrace-chunk"


class PositionSource(Protocol):
    """Who knows where to go on reading."""

    async def read(self, tps: set[TP]) -> Mapping[TP, Begin]:
        """The position of every partition, its log checked; raises the named errors of a log."""
        ...


#: Told of an error after which the process can't go on.
Fate = Callable[[BaseException], None]


class TermListener(Protocol):
    """Who has to know that what was handed on before is void."""

    def begin(self, term: int, gate: Gate) -> None:
        """A seek: chunks of earlier terms are to be dropped; `gate` stops and opens partitions."""
        ...


class LedgerTransport(Transport):  # type: ignore[misc]
    """`app.transport = LedgerTransport(app.conf.broker_consumer, app, positions=..., lanes=...)`."""

    Consumer: ClassVar[Any] = LedgerConsumer

    def __init__(
        self,
        url: Any,
        app: Any,
        *,
        positions: PositionSource,
        lanes: TermListener,
        fate: Fate,
        chunk_records: int = CHUNK_RECORDS,
    ) -> None:
        """Remember whom the consumer asks and tells."""
        super().__init__(url, app)
        self.positions = positions
        self.lanes = lanes
        self.fate = fate
        self.chunk_records = chunk_records


class ChunkCodec(codecs.Codec):  # type: ignore[misc]
    """Does nothing: a chunk is decoded by the worker's thread, not by Faust's loop."""

    def _loads(self, s: Any) -> Any:
        return s

    def _dumps(self, s: Any) -> Any:
        return s


codecs.register(CHUNK_CODEC, ChunkCodec())
