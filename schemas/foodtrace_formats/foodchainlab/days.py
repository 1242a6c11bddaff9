"""When each delivery happened, as far as the file says or allows to conclude."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from foodtrace_formats.foodchainlab.moments import NO_DAY, Moment, Precision
from foodtrace_formats.foodchainlab.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days a delivery left and came; one that isn't in the file is the other one."""

    departed: Moment
    arrived: Moment


def days(network: Network) -> Mapping[str, Days]:
    """The days of every delivery, by its id."""
    said = {name: _said(network, name) for name in network.deliveries}
    outputs = network.outputs()
    first = min((each.departed.day for each in said.values() if each), default=NO_DAY)
    found: dict[str, Days] = {}
    for name, known in said.items():
        if known is not None:
            found[name] = known
            continue
        later = [each.departed.day for each in map(said.get, outputs[name]) if each]
        before = [each.arrived.day for each in map(said.get, network.inputs.get(name, ())) if each]
        day = min(later) if later else max(before) if before else first
        found[name] = _both(Moment(day, Precision.ASSUMED))
    return found


def _said(network: Network, name: str) -> Days | None:
    delivery = network.deliveries[name]
    departed, arrived = delivery.departed, delivery.arrived
    if departed is None and arrived is None:
        return None
    return Days(departed=departed or _like(arrived), arrived=arrived or _like(departed))


def _like(other: Moment | None) -> Moment:
    day: date = other.day if other is not None else NO_DAY
    return Moment(day, Precision.ASSUMED)


def _both(day: Moment) -> Days:
    return Days(departed=day, arrived=day)
