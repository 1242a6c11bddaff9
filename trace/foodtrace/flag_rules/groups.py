"""What belongs together, learnt pair by pair."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


class Groups(Generic[Member]):
    """Disjoint groups (union-find); a member that was never joined is a group by itself."""

    def __init__(self) -> None:
        """No groups yet."""
        self._onward: dict[Member, Member] = {}

    def first(self, member: Member) -> Member:
        """The member that stands for the group."""
        while (onward := self._onward.get(member, member)) != member:
            # Halve the way for who asks next.
            self._onward[member] = self._onward.get(onward, onward)
            member = onward
        return member

    def join(self, one: Member, other: Member) -> None:
        """Make the groups of both one group."""
        self._onward[self.first(other)] = self.first(one)
