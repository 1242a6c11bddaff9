"""`foodtrace topics grow` and `list`, whatever is asked for: nothing shrinks, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace.problems import InvalidValue
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.partitions import Grown, grow, topic_states
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import DEADLETTER_TOPIC, SCHEMAS_TOPIC, topic_specs
from support import shop
from support.fixtures import Broker

SOURCES = ("market-a", "trade")
SHORT = [one.name for one in topic_specs("")] + [f"in.{source}" for source in SOURCES]
SINGLE = {DEADLETTER_TOPIC, SCHEMAS_TOPIC}
STRANGERS = ["elsewhere", "in.nobody", "", "in.", "trade.", "Trade", "foodtrace.trade"]
#: Short names of topics begin with the last two, and yet are short.
PREFIXES = ("any-topics.", "v", "in.")

wishes = st.tuples(
    st.sampled_from([*SHORT, *STRANGERS]),
    st.booleans(),
    st.integers(min_value=-2, max_value=2),
)


@pytest.fixture(scope="module")
def cluster(broker: Broker) -> Iterator[Cluster]:
    if broker.kind != "kafka":
        pytest.skip("the in-memory broker gives no topic more partitions")
    for prefix in PREFIXES:
        ensure_topics(broker.bootstrap, prefix, partitions=1, outside_sources=SOURCES)
    with Cluster(broker.bootstrap) as made:
        yield made


def sizes(cluster: Cluster, prefix: str) -> dict[str, int]:
    """Partitions by name, as the list tells them; every setting is as it has to be."""
    states = topic_states(cluster, prefix)
    assert [each.differing for each in states] == [()] * len(states)
    return {each.name: each.partitions for each in states}


@settings(max_examples=10)
@given(prefix=st.sampled_from(PREFIXES), told=st.lists(wishes, min_size=1, max_size=6))
def test_any_grows_keep_every_topic_and_refuse_by_name(
    cluster: Cluster, prefix: str, told: list[tuple[str, bool, int]]
) -> None:
    known = sizes(cluster, prefix)
    assert known.keys() == {prefix + name for name in SHORT}
    for name, whole, more in told:
        asked = prefix + name if whole else name
        meant = asked if asked in known else prefix + asked
        wanted = max(1, known.get(meant, 1) + more)
        if meant not in known:
            code = "topic.not-ours"
        elif meant.removeprefix(prefix) in SINGLE:
            code = "topic.single"
        elif wanted < known[meant]:
            code = "topic.not-fewer"
        else:
            for before in (known[meant], wanted):
                grown = grow(cluster, asked, wanted, prefix)
                assert grown == Grown(topic=meant, before=before, after=wanted)
            known[meant] = wanted
            continue
        with pytest.raises(InvalidValue) as caught:
            grow(cluster, asked, wanted, prefix)
        assert caught.value.code == code
    assert sizes(cluster, prefix) == known


def test_a_cluster_without_topics_of_ours_has_an_empty_list(
    cluster: Cluster, broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    assert topic_states(cluster, topic_prefix) == []
    there = {"FOODTRACE_BROKERS": broker.bootstrap, "FOODTRACE_TOPIC_PREFIX": topic_prefix}
    listed = shop.run("topics", "list", "--data", str(tmp_path), env=there)
    assert (listed.code, listed.err) == (0, "")


def test_those_who_grow_one_topic_at_once_get_the_largest_wish(
    cluster: Cluster, broker: Broker
) -> None:
    prefix, topic, many = PREFIXES[0], f"{PREFIXES[0]}receipt", 3
    first = sizes(cluster, prefix)[topic]
    together = Barrier(many)

    def wish(more: int) -> Grown | str:
        with Cluster(broker.bootstrap) as own:
            own.brokers()
            together.wait(30)
            try:
                return grow(own, topic, first + more, prefix)
            except InvalidValue as refused:
                return refused.code

    with ThreadPoolExecutor(many) as pool:
        told = list(pool.map(wish, range(1, many + 1)))
    assert sizes(cluster, prefix)[topic] == first + many
    for more, each in enumerate(told, 1):
        if isinstance(each, Grown):
            assert first <= each.before <= first + more <= each.after <= first + many
        else:
            assert each == "topic.not-fewer"
    assert isinstance(told[-1], Grown)
