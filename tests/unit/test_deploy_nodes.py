"""The number of brokers belongs to the data folder: kept, defended, and never guessed from less."""

from __future__ import annotations

import shutil
import tempfile
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_deploy.stack import nodes
from foodtrace_deploy.stack.kafka import Kafka, known_cluster
from foodtrace_deploy.stack.options import BROKERS, Options
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_ops.settings import Settings

WISHES = st.one_of(st.none(), st.sampled_from(BROKERS))


def _format(folder: Path, cluster: str = "abc") -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "meta.properties").write_text(f"node.id=1\ncluster.id={cluster}\n")


def _made(data: Path, brokers: int) -> list[Path]:
    homes = nodes.folders(data, brokers)
    for home in homes:
        _format(home)
    nodes.remember(data, brokers)
    return homes


def _refused(data: Path, wish: int | None) -> str:
    with pytest.raises(StackProblem) as caught:
        nodes.number(data, wish)
    assert str(data) in caught.value.sentence("zh")
    return caught.value.key


@given(made=st.sampled_from(BROKERS), wish=WISHES)
def test_a_folder_keeps_its_number(made: int, wish: int | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        assert nodes.number(data, wish) == (wish or 1)
        _made(data, made)
        if wish in (None, made):
            assert nodes.number(data, wish) == made
        else:
            assert _refused(data, wish) == "brokers-differ"


@given(made=st.sampled_from(BROKERS), data=st.data())
def test_brokers_begin_anew_only_beside_a_majority(made: int, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        homes = _made(Path(name), made)
        lost = data.draw(
            st.sampled_from([c for n in range(made + 1) for c in combinations(homes, n)])
        )
        for home in lost:
            shutil.rmtree(home)
        if len(lost) <= (made - 1) // 2:
            assert nodes.number(Path(name), None) == made
        else:
            assert _refused(Path(name), None) == "brokers-lost"


def test_a_folder_from_before_there_could_be_several_has_one(tmp_path: Path) -> None:
    _format(tmp_path / "kafka")
    assert nodes.number(tmp_path, None) == 1
    assert _refused(tmp_path, 3) == "brokers-differ"


def test_a_broken_memory_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "brokers.json").write_text("{")
    assert _refused(tmp_path, None) == "brokers-unreadable"
    assert (tmp_path / "brokers.json").read_text() == "{"


def test_a_start_that_was_broken_off_goes_on_with_the_same_cluster(tmp_path: Path) -> None:
    homes = nodes.folders(tmp_path, 3)
    assert known_cluster(homes) == ""
    _format(homes[1], "made-before")
    assert known_cluster(homes) == "made-before"
    assert nodes.number(tmp_path, 3) == 3


@pytest.mark.parametrize(
    ("broker", "brokers", "problem"),
    [
        ("auto", 0, "brokers-number"),
        ("kafka", 2, "brokers-number"),
        ("memory", 3, "brokers-not-ours"),
        ("127.0.0.1:9092", 3, "brokers-not-ours"),
    ],
)
def test_a_number_that_cant_be_is_a_sentence(broker: str, brokers: int, problem: str) -> None:
    with pytest.raises(StackProblem) as caught:
        Options(broker=broker, brokers=brokers, settings=Settings())
    assert caught.value.key == problem


def _nodes(tmp_path: Path, number: int) -> list[Kafka]:
    quorum = tuple((node, 9100 + node) for node in range(1, number + 1))
    return [
        Kafka(
            folder=tmp_path / str(node),
            log=tmp_path / f"{node}.log",
            port=9000 + node,
            controller_port=controller,
            java=Path("java"),
            jars=[],
            node=node,
            quorum=quorum,
            cluster="shared",
        )
        for node, controller in quorum
    ]


def test_three_nodes_keep_three_copies_and_share_one_quorum(tmp_path: Path) -> None:
    settings = [node.settings() for node in _nodes(tmp_path, 3)]
    assert [one["node.id"] for one in settings] == [1, 2, 3]
    assert {one["controller.quorum.voters"] for one in settings} == {
        "1@127.0.0.1:9101,2@127.0.0.1:9102,3@127.0.0.1:9103"
    }
    for one in settings:
        copies = {name: value for name, value in one.items() if "replication.factor" in name}
        assert len(copies) == 4
        assert set(copies.values()) == {3}
        least = {
            value
            for name, value in one.items()
            if name.endswith(("min.isr", "min.insync.replicas"))
        }
        assert least == {2}
        assert one["unclean.leader.election.enable"] == "false"
    assert [node.name for node in _nodes(tmp_path, 3)] == ["kafka-1", "kafka-2", "kafka-3"]
    assert [node.name for node in _nodes(tmp_path, 1)] == ["kafka"]
    (alone,) = _nodes(tmp_path, 1)
    assert alone.settings()["default.replication.factor"] == 1
