"""The events of a checked file, in their JSON form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from foodtrace.quantity import Quantity
from foodtrace.text import CODE_LIMIT, NAME_LIMIT
from foodtrace_formats.foodchainlab.amounts import shares
from foodtrace_formats.foodchainlab.days import Days, days
from foodtrace_formats.foodchainlab.moments import NO_DAY, Moment, Precision
from foodtrace_formats.foodchainlab.names import Names, short
from foodtrace_formats.foodchainlab.network import Delivery, Network, Station
from foodtrace_formats.foodchainlab.processes import Process, processes

_SOURCE_EVENT_ID_LIMIT = 128
_SAID_LIMIT = 200
#: A business of this kind grew what it delivers; of others the file doesn't say where it is from.
PRODUCER = "primary producer"

Json = dict[str, Any]


def documents(
    network: Network, *, source: str, scope: str, revision: int, stop_at: Collection[str]
) -> Iterator[Json]:
    """Parties and locations, then each delivery's first record, transformations and trades."""
    writer = _Writer(network, source, scope, revision)
    for station in network.stations.values():
        yield writer.party(station)
        yield writer.location(station)
    stopped = {s.id for s in network.stations.values() if s.id in stop_at or s.name in stop_at}
    made = processes(network)
    uses: dict[str, list[Process]] = {}
    for process in made:
        for name in process.inputs:
            uses.setdefault(name, []).append(process)
    for delivery in network.deliveries.values():
        if delivery.id not in network.inputs and writer.begins(delivery):
            yield writer.commissioning(delivery)
    for process in made:
        if process.station not in stopped:
            yield writer.transformation(process, uses)
    for delivery in network.deliveries.values():
        if delivery.source != delivery.target:
            yield writer.trade(delivery)


class _Writer:
    """Writes documents of one file; knows its ids and days."""

    def __init__(self, network: Network, source: str, scope: str, revision: int) -> None:
        self._network = network
        self._source = source
        self._revision = revision
        self._parties = Names(scope, network.stations)
        self._codes = Names(scope, network.deliveries)
        self._days: Mapping[str, Days] = days(network)
        self._first = min((d.departed.day for d in self._days.values()), default=NO_DAY)

    def party(self, station: Station) -> Json:
        """A station as a party; addresses and people stay in the file."""
        party = self._parties[station.id]
        return {
            "kind": "party",
            "envelope": self._envelope(party, Moment(self._first, Precision.DAY), {}),
            "party": party,
            "name": station.name[:NAME_LIMIT],
            "party_kind": "enterprise",
            "node_kind": station.business[:CODE_LIMIT] if station.business else None,
            "region": station.country[:CODE_LIMIT] if station.country else None,
        }

    def location(self, station: Station) -> Json:
        """A station as the place where it trades."""
        party = self._parties[station.id]
        return {
            "kind": "location",
            "envelope": self._envelope(party, Moment(self._first, Precision.DAY), {}),
            "location": party,
            "name": station.name[:NAME_LIMIT],
            "location_kind": "station",
            "occupant": party,
            "region": station.country[:CODE_LIMIT] if station.country else None,
        }

    def begins(self, delivery: Delivery) -> bool:
        """Whether goods begin where this delivery comes from; the trade opens no lot there."""
        grower = (self._network.stations[delivery.source].business or "").lower() == PRODUCER
        return grower or delivery.source == delivery.target

    def commissioning(self, delivery: Delivery) -> Json:
        """The first record of what a producer grew, or a station delivered to itself."""
        moment = self._days[delivery.id].departed
        return {
            "kind": "commissioning",
            "envelope": self._envelope(self._codes[delivery.id], moment, {}),
            "holder": self._side(delivery.source),
            "cause": "harvest" if delivery.source != delivery.target else "unknown",
            "lines": [self._whole(1, delivery)],
        }

    def transformation(self, process: Process, uses: Mapping[str, list[Process]]) -> Json:
        """What a station made of what: every input went into every output, as the file says."""
        station = self._parties[process.station].replace("/", "%2F")
        first = min((self._days[each].departed for each in process.outputs), key=_day)
        shared = max(len(uses[each]) for each in process.inputs)
        extra = {"fcl.shares": str(shared)} if shared > 1 else {}
        return {
            "kind": "transformation",
            "envelope": self._envelope(f"{station}/{process.name}", first, extra),
            "holder": self._side(process.station),
            "process": "station",
            "inputs": [
                self._share(number, each, process, uses[each])
                for number, each in enumerate(process.inputs, start=1)
            ],
            "outputs": [
                self._whole(number, self._network.deliveries[each])
                for number, each in enumerate(process.outputs, start=len(process.inputs) + 1)
            ],
        }

    def trade(self, delivery: Delivery) -> Json:
        """The delivery itself."""
        moment = self._days[delivery.id].arrived
        extra = {"fcl.amount": delivery.amount.said[:_SAID_LIMIT]} if delivery.amount.said else {}
        return {
            "kind": "trade",
            "envelope": {
                **self._envelope(self._codes[delivery.id], moment, extra),
                "document_type": "delivery",
                "document_number": _number(delivery.id),
            },
            "seller": self._side(delivery.source),
            "buyer": self._side(delivery.target),
            "lines": [self._whole(1, delivery)],
        }

    def _share(self, number: int, name: str, process: Process, users: list[Process]) -> Json:
        delivery = self._network.deliveries[name]
        share = shares(delivery.amount.quantity, len(users))[users.index(process)]
        line = self._line(number, delivery, share)
        return line if len(users) == 1 else {**line, "basis": "allocated"}

    def _whole(self, number: int, delivery: Delivery) -> Json:
        return self._line(number, delivery, delivery.amount.quantity)

    def _line(self, number: int, delivery: Delivery, quantity: Quantity) -> Json:
        measured = "net_mass" if delivery.amount.is_mass else "count"
        line: Json = {
            "line_no": number,
            "product": {"name": delivery.product[:NAME_LIMIT]},
            "lot_codes": [{"code": self._codes[delivery.id]}],
            measured: {"amount": format(quantity.amount, "f"), "unit": quantity.unit},
        }
        if delivery.lot is not None:
            maker = self._parties[delivery.source]
            line |= {"manufacturer": maker, "batch_code": _number(delivery.lot)}
        return line

    def _side(self, station: str) -> Json:
        party = self._parties[station]
        return {"party": party, "location": party}

    def _envelope(self, name: str, moment: Moment, extra: Mapping[str, str]) -> Json:
        sure = moment.precision is Precision.DAY
        said = dict(extra) if sure else {**extra, "fcl.date": str(moment.precision)}
        fits = len(name) <= _SOURCE_EVENT_ID_LIMIT
        return {
            "source": self._source,
            "source_event_id": name if fits else short(name, _SOURCE_EVENT_ID_LIMIT),
            "revision": self._revision,
            "occurred_at": f"{moment.day.isoformat()}T00:00:00Z",
            "occurred_offset_minutes": 0,
            "occurred_precision": "day",
            "business_date": moment.day.isoformat(),
            "extra": said,
        }


def _number(written: str) -> str:
    """A number as the file has it, if it fits."""
    return written if len(written) <= CODE_LIMIT else short(written)


def _day(moment: Moment) -> date:
    return moment.day
