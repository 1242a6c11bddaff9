"""What `foodtrace init` does, called again and again with any wishes and ended between any two steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Engine

from foodtrace.access import Role
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.partitions import grow, topic_states
from foodtrace_deploy.stack.outside import Step, Wish, prepare
from foodtrace_ledger import migrate as ledger
from foodtrace_ledger.engine import make_engine
from foodtrace_office import migrate as office
from foodtrace_office.first import first_keys
from foodtrace_office.keys import KeyRequest, find_key, issue_key
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import topic_of, topic_specs
from support.fixtures import Broker

STEPS: tuple[Step, ...] = ("database", "brokers", "tables", "topics", "keys")
TABLE = {one.name: one.partitions for one in topic_specs("")}
#: A topic that somebody grew between two calls.
GROWS = "void"


class Ended(BaseException):
    """The process ends here: nothing of ours may catch it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: the partitions wished for (0 as the table says), keys, at which step it ends."""

    partitions: int
    first_keys: bool
    new_keys: bool
    ends_at: Step | None
    grown_before: bool


calls = st.builds(
    Call,
    partitions=st.sampled_from([0, 1, 2]),
    first_keys=st.booleans(),
    new_keys=st.booleans(),
    ends_at=st.none() | st.sampled_from(STEPS),
    grown_before=st.booleans(),
)


@dataclass
class Site:
    """A database and brokers of one's own, with the keys that are known to open."""

    database: str
    engine: Engine
    brokers: str
    cluster: Cluster
    #: A key that an operator made, and the first keys of the last call that showed some.
    own: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)

    def call(self, prefix: str, call: Call) -> None:
        """Prepare, and hold what is there then against what was there before."""
        before = self.topics(prefix)
        wanted = Settings(
            database_url=SecretStr(self.database),
            brokers=self.brokers,
            broker_kind="external",
            topic_prefix=prefix,
            partitions=call.partitions,
        )
        wish = Wish(wait_s=30, first_keys=call.first_keys, new_keys=call.new_keys)

        def tell(step: Step) -> None:
            if step == call.ends_at:
                raise Ended

        if call.ends_at is not None:
            with pytest.raises(Ended):
                prepare(wanted, wish, tell)
            made = dict.fromkeys(self.topics(prefix).keys() - before.keys(), 0)
            assert not made or call.ends_at == "keys"
        else:
            done = prepare(wanted, wish, tell)
            assert (done.ledger, done.office) == (ledger.head(), office.head())
            assert set(done.topics.created) == {prefix + each for each in TABLE} - before.keys()
            assert set(done.topics.existing) == before.keys()
            assert bool(done.keys) == (call.new_keys or (call.first_keys and not self.keys))
            self._keys_are(done.keys or self.keys)
        after = self.topics(prefix)
        new = {
            prefix + name: call.partitions if call.partitions and count > 1 else count
            for name, count in TABLE.items()
            if prefix + name not in before
        }
        # None that was there is changed, and the new ones are as they were wished for.
        assert after == before | (new if after.keys() - before.keys() else {})
        assert call.ends_at is not None or after.keys() == before.keys() | new.keys()
        self._keys_are(self.keys)

    def topics(self, prefix: str) -> dict[str, int]:
        """Partitions by name, of topics whose settings are all as they have to be."""
        states = topic_states(self.cluster, prefix)
        assert [each.differing for each in states] == [()] * len(states)
        return {each.name: each.partitions for each in states}

    def _keys_are(self, keys: Mapping[str, str]) -> None:
        """These open, with the operator's own; those that were replaced don't."""
        with self.engine.begin() as connection:
            for role, clear in keys.items():
                found = find_key(connection, clear)
                assert found is not None
                assert found.role == role
            if keys != self.keys:
                assert [find_key(connection, each) for each in self.keys.values()] == [None] * len(
                    self.keys
                )
            assert find_key(connection, self.own) is not None
        self.keys = keys


@pytest.fixture
def site(empty_database: str, broker: Broker) -> Iterator[Site]:
    if broker.kind != "kafka":
        pytest.skip("the in-memory broker gives no topic more partitions")
    engine = make_engine(empty_database)
    with Cluster(broker.bootstrap) as cluster:
        made = Site(empty_database, engine, broker.bootstrap, cluster)
        ledger.upgrade(empty_database)
        office.upgrade(empty_database)
        with engine.begin() as connection:
            made.own = issue_key(connection, KeyRequest(role=Role.OPS, label="own"))[1]
        yield made
    engine.dispose()


def test_calls_make_what_is_missing_and_change_nothing_else(site: Site, topic_prefix: str) -> None:
    numbers = itertools.count()

    @settings(max_examples=5)
    @given(told=st.lists(calls, min_size=1, max_size=4))
    def any_calls(told: list[Call]) -> None:
        # Topics of its own for each example; the database, once there, stays.
        prefix = f"{topic_prefix}{next(numbers)}."
        for call in told:
            there = site.topics(prefix).get(topic_of("void", prefix))
            if call.grown_before and there is not None:
                grow(site.cluster, GROWS, there + 1, prefix)
            site.call(prefix, call)

    any_calls()
    assert first_keys(site.engine) == {} or not site.keys
