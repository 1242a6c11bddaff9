"""The tree and its proofs: published vectors, and what holds for every size."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.evidence import (
    EMPTY_ROOT,
    FIRST_LINK,
    Frontier,
    HashAt,
    chained,
    consistency_path,
    inclusion_path,
    root,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from foodtrace.problems import InvalidValue

# The eight leaves of the Certificate Transparency test data, and the roots of the trees over the
# first one, two, ... of them (google/certificate-transparency, merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf, size) and its audit path, from the same data.
PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
# (older size, newer size) and the proof between them, from the same data.
PROOFS = {
    (1, 1): [],
    (1, 8): PATHS[0, 8],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
PUBLISHED = [sha256(b"\x00" + leaf).digest() for leaf in LEAVES]


def numbered(count: int, salt: str = "") -> list[bytes]:
    """Distinct leaf hashes."""
    return [sha256(f"{salt}{number}".encode()).digest() for number in range(count)]


def subtrees(hashes: list[bytes]) -> HashAt:
    """The perfect subtrees of these leaves by the definition; an incomplete one isn't there."""

    def hash_at(height: int, index: int) -> bytes:
        begin, end = index << height, (index + 1) << height
        assert end <= len(hashes), "a proof needs complete subtrees alone"
        return root(hashes[begin:end])

    return hash_at


def flipped(data: bytes, bit: int) -> bytes:
    """The same bytes but one bit."""
    at, mask = bit // 8 % len(data), 1 << bit % 8
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def test_published_roots() -> None:
    assert root([]) == EMPTY_ROOT == sha256(b"").digest()
    frontier = Frontier()
    for size, wanted in enumerate(ROOTS, 1):
        frontier.append(PUBLISHED[size - 1])
        assert root(PUBLISHED[:size]).hex() == wanted
        assert frontier.root().hex() == wanted


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_published_audit_paths(index: int, size: int) -> None:
    path = inclusion_path(index, size, subtrees(PUBLISHED[:size]))
    assert [one.hex() for one in path] == PATHS[index, size]
    assert verify_inclusion(PUBLISHED[index], index, size, path, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new"), PROOFS)
def test_published_consistency_proofs(old: int, new: int) -> None:
    path = consistency_path(old, new, subtrees(PUBLISHED[:new]))
    assert [one.hex() for one in path] == PROOFS[old, new]
    older, newer = bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1])
    assert verify_consistency(old, new, older, newer, path)


def test_every_leaf_of_every_small_tree_is_proven_and_at_no_other_place() -> None:
    for size in range(1, 34):
        hashes = numbered(size)
        whole, hash_at = root(hashes), subtrees(hashes)
        for index in range(size):
            path = inclusion_path(index, size, hash_at)
            claimed = [
                other
                for other in range(size)
                if verify_inclusion(hashes[index], other, size, path, whole)
            ]
            assert claimed == [index]


def test_every_small_tree_is_the_beginning_of_every_larger_one() -> None:
    hashes = numbered(34)
    roots = [root(hashes[:size]) for size in range(35)]
    for new in range(35):
        for old in range(new + 1):
            path = consistency_path(old, new, subtrees(hashes[:new]))
            assert verify_consistency(old, new, roots[old], roots[new], path)
            assert not verify_consistency(new + 1, old, roots[new], roots[old], path)


@given(st.integers(1, 300), st.data())
def test_a_proof_with_anything_altered_proves_nothing(size: int, data: st.DataObject) -> None:
    hashes = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    whole = root(hashes)
    path = inclusion_path(index, size, subtrees(hashes))
    assert verify_inclusion(hashes[index], index, size, path, whole)
    bit = data.draw(st.integers(0, 255))
    assert not verify_inclusion(flipped(hashes[index], bit), index, size, path, whole)
    assert not verify_inclusion(hashes[index], index, size, path, flipped(whole, bit))
    other = data.draw(st.integers(-1, size).filter(lambda one: one != index))
    assert not verify_inclusion(hashes[index], other, size, path, whole)
    assert not verify_inclusion(hashes[index], index, size, [*path, whole], whole)
    assert not verify_inclusion(hashes[index], index, size, [b"", *path], whole)
    if path:
        step = data.draw(st.integers(0, len(path) - 1))
        bent = [*path[:step], flipped(path[step], bit), *path[step + 1 :]]
        short = [*path[:step], *path[step + 1 :]]
        assert not verify_inclusion(hashes[index], index, size, bent, whole)
        assert not verify_inclusion(hashes[index], index, size, short, whole)


@given(st.integers(1, 200), st.data())
def test_no_path_reconciles_a_forked_history(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    hashes = numbered(new)
    changed = data.draw(st.integers(0, old - 1))
    fork = [*hashes[:changed], sha256(b"fork").digest(), *hashes[changed + 1 :]]
    newer, forked = root(hashes), root(fork[:old])
    for side in (hashes, fork):
        path = consistency_path(old, new, subtrees(side))
        assert not verify_consistency(old, new, forked, newer, path)
        assert not verify_consistency(old, new, root(hashes[:old]), root(fork), path)


@given(st.integers(2, 200), st.data())
def test_an_altered_consistency_path_proves_nothing(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    hashes = numbered(new)
    older, newer = root(hashes[:old]), root(hashes)
    path = consistency_path(old, new, subtrees(hashes))
    step, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
    bent = [*path[:step], flipped(path[step], bit), *path[step + 1 :]]
    short = [*path[:step], *path[step + 1 :]]
    assert not verify_consistency(old, new, older, newer, bent)
    assert not verify_consistency(old, new, older, newer, short)
    assert not verify_consistency(old, new, older, newer, [*path, newer])
    assert not verify_consistency(0, new, older, newer, path)


@given(st.lists(st.integers(0, 40), max_size=12))
def test_a_frontier_is_the_root_of_all_leaves_however_they_came(parts: list[int]) -> None:
    hashes = numbered(sum(parts))
    frontier, at = Frontier(), 0
    for part in parts:
        frontier = Frontier.from_bytes(frontier.to_bytes())
        for leaf in hashes[at : at + part]:
            begin = frontier.size
            for height, one in enumerate(frontier.append(leaf), 1):
                assert one == root(hashes[begin + 1 - (1 << height) : begin + 1])
        at += part
    assert frontier.size == len(hashes)
    assert frontier.root() == root(hashes) == root_at(len(hashes), subtrees(hashes))


@pytest.mark.parametrize("data", [b"", bytes(9), bytes(7) + b"\1", bytes(7) + b"\1" + bytes(64)])
def test_what_is_no_frontier_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue, match=r"evidence\.malformed"):
        Frontier.from_bytes(data)


@given(st.integers(0, 60), st.data())
def test_the_chain_goes_on_from_any_link_and_tells_any_change(
    count: int, data: st.DataObject
) -> None:
    hashes = numbered(count)
    cut = data.draw(st.integers(0, count))
    whole = chained(hashes)
    assert chained(hashes[cut:], chained(hashes[:cut])) == whole
    assert (whole == FIRST_LINK) == (count == 0)
    if count > 1:
        here = data.draw(st.integers(0, count - 2))
        swapped = [*hashes[:here], hashes[here + 1], hashes[here], *hashes[here + 2 :]]
        assert chained(swapped) != whole
        assert chained([*hashes[:here], *hashes[here + 1 :]]) != whole
