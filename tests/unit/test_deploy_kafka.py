"""What the embedded Kafka is started with."""

from __future__ import annotations

from foodtrace_deploy.stack.kafka import cluster_id


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    ids = [cluster_id() for _ in range(2_000)]
    assert {len(each) for each in ids} == {22}
    assert not any(each.startswith("-") for each in ids)
    assert len(set(ids)) == len(ids)
