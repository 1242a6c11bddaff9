"""A verifier as a stranger writes it from docs/evidence.md alone, with other tools than ours."""

from __future__ import annotations

import base64
import io
import json
import struct
from hashlib import sha256
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from support.evidence import MemoryLog, bundle_of, keyed, some_records, writer_to

LOG = MemoryLog(records=some_records(40))


def h(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def tree(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, word by word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else h()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return h(b"\x01", tree(hashes[:k]), tree(hashes[k:]))


def note_text(note: str, key: Ed25519PublicKey) -> str:
    text, _, line = note.rpartition("\n\n")
    text += "\n"
    dash, name, coded = line.strip().split(" ")
    data = base64.b64decode(coded)
    raw = key.public_bytes_raw()
    assert dash == "—"
    assert data[:4] == sha256(name.encode() + b"\n\x01" + raw).digest()[:4]
    key.verify(data[4:], text.encode())
    return text


class Bytes:
    """Numbers and parts out of a member."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)
        self.size = len(data)

    @property
    def more(self) -> bool:
        return self.data.tell() < self.size

    def number(self, form: str) -> int:
        found: int = struct.unpack(f">{form}", self.data.read(struct.calcsize(form)))[0]
        return found

    def part(self) -> bytes | None:
        length = self.number("i")
        return None if length == -1 else self.data.read(length)


def leaves(part: Any, data: bytes) -> list[tuple[int, bytes]]:
    """Offset and hash of each record."""
    rest, found = Bytes(data), []

    def digest(value: bytes | None) -> str:
        return "-" if value is None else sha256(value).hexdigest()

    while rest.more:
        offset, moment = rest.number("Q"), rest.number("q")
        key, value, headers = rest.part(), rest.part(), b""
        for _ in range(rest.number("i")):
            name, said = rest.part() or b"", rest.part()
            headers += struct.pack(">I", len(name)) + name
            headers += b"\x00" if said is None else b"\x01" + struct.pack(">I", len(said)) + said
        lines = ("foodtrace leaf 1", part["topic"], part["partition"], offset, moment)
        last = (digest(key), digest(value), sha256(headers).hexdigest())
        text = "".join(f"{line}\n" for line in (*lines, *last))
        found.append((offset, h(b"\x00", text.encode())))
    return found


def keys_of(data: bytes) -> list[bytes | None]:
    """The key of each record."""
    rest, found = Bytes(data), []
    while rest.more:
        rest.number("Q"), rest.number("q")
        found.append(rest.part())
        rest.part()
        for _ in range(rest.number("i")):
            rest.part(), rest.part()
    return found


def opened(bundle: bytes) -> tuple[ZipFile, Any, Ed25519PublicKey]:
    archive = ZipFile(io.BytesIO(bundle))
    key = load_pem_public_key(archive.read("key.pem"))
    assert isinstance(key, Ed25519PublicKey)
    data = archive.read("manifest.json")
    manifest = json.loads(data)
    text = note_text(archive.read("manifest.note").decode(), key)
    name = f"foodtrace/{manifest['installation']}"
    assert text == f"{name}\nmanifest {sha256(data).hexdigest()}\n"
    for member in manifest["members"]:
        assert sha256(archive.read(member["name"])).hexdigest() == member["sha256"]
    return archive, manifest, key


def climbed(hashed: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root to which an inclusion path leads (RFC 9162, 2.1.3.2)."""
    last = size - 1
    assert index <= last
    for other in path:
        assert last > 0
        if index & 1 or index == last:
            hashed = h(b"\x01", other, hashed)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            hashed = h(b"\x01", hashed, other)
        index, last = index >> 1, last >> 1
    assert last == 0
    return hashed


def offset_beside(part: Any, side: str, index: int, root: bytes) -> int:
    """The offset of the leaf beside a range, which stands at that index under the root."""
    text: str = part[side]["leaf"]
    path = [base64.b64decode(one) for one in part[side]["path"]]
    assert climbed(h(b"\x00", text.encode()), index, part["size"], path) == root
    title, topic, partition, offset, *_ = text.split("\n")
    assert (title, topic, int(partition)) == ("foodtrace leaf 1", part["topic"], part["partition"])
    return int(offset)


def root_of(archive: ZipFile, manifest: Any, part: Any, key: Ed25519PublicKey) -> bytes:
    place = f"{part['topic']}/{part['partition']}"
    note = archive.read(f"checkpoints/{place}/{part['size']}").decode()
    lines = note_text(note, key).split("\n")
    assert lines[0] == f"foodtrace/{manifest['installation']}/{place}/{part['log']}"
    assert lines[1] == str(part["size"])
    return base64.b64decode(lines[2])


def test_a_range_leads_to_the_signed_root() -> None:
    archive, manifest, key = opened(bundle_of(LOG, 0, 37, 37))
    (part,) = manifest["parts"]
    place = f"{part['topic']}/{part['partition']}"
    found = leaves(part, archive.read(f"records/{place}"))
    assert tree([hashed for _, hashed in found]) == root_of(archive, manifest, part, key)
    listed = b"".join(struct.pack(">Q", offset) + hashed for offset, hashed in found)
    assert archive.read(f"hashes/{place}") == listed
    # The chain beside the tree, from its first link.
    link = bytes(32)
    for _, hashed in found:
        link = h(b"\x02", link, hashed)
    note = archive.read(f"checkpoints/{place}/37").decode()
    assert f"link {base64.b64encode(link).decode()}\n" in note


@pytest.mark.parametrize(
    ("start", "end", "size"), [(0, 37, 37), (0, 9, 37), (5, 37, 37), (5, 30, 37), (8, 8, 16)]
)
def test_the_leaves_beside_a_range_lie_outside_of_it(start: int, end: int, size: int) -> None:
    archive, manifest, key = opened(bundle_of(LOG, start, end, size))
    (part,) = manifest["parts"]
    place = f"{part['topic']}/{part['partition']}"
    offsets = [offset for offset, _ in leaves(part, archive.read(f"records/{place}"))]
    assert [part["begin"] - 1, *offsets, part["end"]] == sorted(
        {part["begin"] - 1, *offsets, part["end"]}
    )
    assert len(offsets) == part["records"]
    root = root_of(archive, manifest, part, key)
    behind = part["start"] + part["records"]
    assert (part["before"] is None) == (part["start"] == 0)
    assert (part["after"] is None) == (behind == part["size"])
    if part["before"] is not None:
        assert offset_beside(part, "before", part["start"] - 1, root) < part["begin"]
    if part["after"] is not None:
        assert offset_beside(part, "after", behind, root) >= part["end"]
    else:
        note = archive.read(f"checkpoints/{place}/{size}").decode()
        assert f"\nnext-offset {part['end']}\n" in note


def test_chosen_events_lead_to_the_signed_root() -> None:
    file = io.BytesIO()
    writer = writer_to(file)
    log = MemoryLog(records=keyed(LOG.records))
    log.add_chosen(writer, (0, 9, 36), 37)
    writer.finish([log.chosen(index, UUID(int=index)) for index in (0, 9, 36)])
    archive, manifest, key = opened(file.getvalue())
    (part,) = manifest["parts"]
    place = f"{part['topic']}/{part['partition']}"
    rest = Bytes(archive.read(f"proofs/{place}"))
    there = [offset for offset, _ in leaves(part, archive.read(f"records/{place}"))]
    spots = [(one["topic"], one["partition"], one["offset"]) for one in manifest["chosen"]]
    assert spots == [(part["topic"], part["partition"], offset) for offset in there]
    assert part["records"] == len(there)
    keys = [one["event_id"].encode() for one in manifest["chosen"]]
    assert keys_of(archive.read(f"records/{place}")) == keys
    for offset, hashed in leaves(part, archive.read(f"records/{place}")):
        assert rest.number("Q") == offset
        index = rest.number("Q")
        assert rest.data.read(32) == hashed
        path = [rest.data.read(32) for _ in range(rest.number("B"))]
        root = root_of(archive, manifest, part, key)
        assert climbed(hashed, index, part["size"], path) == root
