"""Which nodes of a graph lie on a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


def circles(edges: Iterable[tuple[int, int]]) -> set[int]:
    """The nodes on cycles, and those between two cycles.

    Takes away what nothing leads to and what leads nowhere, again and again; what stays goes round.
    """
    pairs = set(edges)
    inside = {node for pair in pairs for node in pair}
    for turned in (False, True):
        following: dict[int, list[int]] = defaultdict(list)
        incoming: dict[int, int] = dict.fromkeys(inside, 0)
        for pair in pairs:
            start, end = pair[::-1] if turned else pair
            if start in inside and end in inside:
                following[start].append(end)
                incoming[end] += 1
        free = [node for node, count in incoming.items() if count == 0]
        while free:
            node = free.pop()
            inside.discard(node)
            for end in following[node]:
                incoming[end] -= 1
                if incoming[end] == 0:
                    free.append(end)
    return inside
