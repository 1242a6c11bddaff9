"""Relations brought together into processes, without joining a pair the file doesn't name."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace_formats.foodchainlab.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What `station` made: each of the `inputs` went into each of the `outputs` (delivery ids)."""

    station: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def processes(network: Network) -> list[Process]:
    """One process for the deliveries of one product and lot that have the very same inputs.

    Its name is the lot's, numbered where deliveries of one lot differ in what they were made of;
    so it stays the same when a later file adds a delivery of that lot.
    """
    groups: dict[tuple[str, str, str], dict[tuple[str, ...], list[str]]] = {}
    for output, inputs in network.inputs.items():
        made = network.deliveries[output]
        lot = (made.source, made.product, made.lot or output)
        groups.setdefault(lot, {}).setdefault(inputs, []).append(output)
    return [
        Process(
            station=station,
            name=_joined(product, lot, *([str(number)] if number > 1 else [])),
            inputs=inputs,
            outputs=tuple(sorted(outputs)),
        )
        for (station, product, lot), mixes in sorted(groups.items())
        for number, (inputs, outputs) in enumerate(sorted(mixes.items()), start=1)
    ]


def _joined(*parts: str) -> str:
    """Names joined so that no two lists of names give the same text."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)
