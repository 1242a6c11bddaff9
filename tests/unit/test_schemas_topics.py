"""The table of kinds and topics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import InvalidValue
from foodtrace_schemas import topics

SPINE = [
    "voucher",
    "trade",
    "receipt",
    "transformation",
    "commissioning",
    "disposal",
    "transfer",
    "return",
    "release",
    "adjustment",
    "stocktake",
    "consumption",
    "packing",
    "inspection",
    "party",
    "product",
    "location",
    "merge",
    "void",
    "resolution",
]


def test_each_kind_has_a_ledger_topic_and_a_subject_of_its_own() -> None:
    assert list(topics.KIND_TABLE) == SPINE
    assert {topics.topic_of(kind) for kind in SPINE} <= set(topics.ledger_topics())
    assert [topics.KIND_BY_SUBJECT[topics.subject_of(kind)] for kind in SPINE] == SPINE
    assert topics.subject_of("trade") == "foodtrace.Trade"


def test_movements_and_masters_share_topics() -> None:
    assert topics.topic_of("disposal", "x.") == topics.topic_of("transformation", "x.")
    assert topics.topic_of("return", "x.") == topics.topic_of("stocktake", "x.") == "x.movement"
    assert topics.topic_of("party", "x.") == topics.topic_of("merge", "x.") == "x.master"


def test_every_topic_keeps_everything_under_the_brokers_clock() -> None:
    specs = {spec.name: spec for spec in topics.topic_specs("p.")}
    assert set(topics.ledger_topics("p.")) < set(specs)
    for spec in (*specs.values(), topics.outside_spec("erp-1", "p.")):
        assert spec.config["retention.ms"] == spec.config["retention.bytes"] == "-1"
        assert spec.config["message.timestamp.type"] == "LogAppendTime"
        assert int(spec.config["max.message.bytes"]) >= topics.MAX_MESSAGE_BYTES
        compacted = spec.name == topics.schemas_topic("p.")
        assert spec.config["cleanup.policy"] == ("compact" if compacted else "delete")
    assert int(specs["p.deadletter"].config["max.message.bytes"]) > topics.MAX_MESSAGE_BYTES


def test_three_brokers_hold_two_copies_in_sync() -> None:
    assert "min.insync.replicas" not in topics.required_config("trade", 1)
    assert topics.required_config("trade", 3)["min.insync.replicas"] == "2"
    assert (topics.replication_of(1), topics.replication_of(5)) == (1, 3)


def test_an_outside_topic_names_its_source_both_ways() -> None:
    topic = topics.outside_topic("erp.market-7", "p.")
    assert topic == "p.in.erp.market-7"
    assert topics.source_of(topic, "p.") == "erp.market-7"
    assert topics.source_of("p.trade", "p.") is None
    assert topics.source_of("p.in.", "p.") is None


@given(source=st.text(st.sampled_from("aZ0._- 鲜")))
def test_a_topic_is_a_sources_only_if_a_source_could_be_given_it(source: str) -> None:
    # Kafka lets others make `in._x`: whoever starts isn't stopped by a topic that is none of ours.
    theirs = f"p.in.{source}"
    try:
        assert topics.outside_topic(source, "p.") == theirs
        assert topics.source_of(theirs, "p.") == source
    except InvalidValue:
        assert topics.source_of(theirs, "p.") is None
    known = ("p.trade", theirs, "p.in.erp")
    ours = tuple(topic for topic in known if topics.source_of(topic, "p.") is not None)
    assert topics.outside_topics(known, "p.") == ours


@pytest.mark.parametrize("source", ["", "鲜市", "a b", "../x", "a\n", "x" * 65, ".."])
def test_a_source_that_cannot_name_a_topic_is_refused(source: str) -> None:
    with pytest.raises(InvalidValue, match=r"topic\.illegal-source"):
        topics.outside_topic(source)


def test_an_unknown_kind_has_no_topic() -> None:
    for ask in (topics.topic_of, topics.subject_of):
        with pytest.raises(InvalidValue, match=r"event\.unknown-kind"):
            ask("gossip")
