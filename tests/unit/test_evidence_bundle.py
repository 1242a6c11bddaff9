"""A bundle checks out as it was made, and nothing in it can be changed without being found."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from foodtrace.evidence import FIRST_LINK, Frontier
from foodtrace_bus.reader import LogRecord
from foodtrace_formats.evidence.container import Opened
from foodtrace_formats.evidence.frames import hash_frame, leaf_hash, record_frame, records
from foodtrace_formats.evidence.ranges import Found, judged
from foodtrace_formats.evidence.report import Fault, Report
from foodtrace_formats.evidence.verify import check_bundle
from support.bundles import edited
from support.evidence import KEY, OTHER_KEY, MemoryLog, bundle_of, some_records, writer_to

LOG = MemoryLog(records=some_records(40))
WHOLE = bundle_of(LOG, 5, 30, 37, 3, 5)
PLACE = "foodtrace.trade/0"
RECORDS, HASHES = f"records/{PLACE}", f"hashes/{PLACE}"
OFFSETS = [record.offset for record in LOG.records[5:30]]


def checked(bundle: bytes, *, trusted: bool = True) -> Report:
    return check_bundle(io.BytesIO(bundle), [KEY.public] if trusted else ())


def found(report: Report) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.offset) for fault in report.every()]


def with_records(bundle: bytes, kept: list[LogRecord]) -> bytes:
    """The bundle with other records, as somebody without the key could make it."""
    return edited(bundle, {RECORDS: b"".join(map(record_frame, kept))})


@drawn(max_examples=25)
@given(st.data())
def test_every_stretch_of_every_log_checks_out(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    earlier = data.draw(st.sets(st.integers(1, max(start, 1)), max_size=2)) if start else set()
    report = checked(bundle_of(LOG, start, end, size, *earlier))
    assert (report.ok, report.trusted) == (True, True), list(report.every())
    (part,) = report.parts
    assert (part.records, part.size) == (end - start, size)
    assert part.root == LOG.checkpoint(size).root.hex()
    assert part.as_of == LOG.checkpoint(size).as_of
    assert part.link == (end == size and (start == 0 or start in earlier))


def test_the_same_records_give_the_same_bytes_in_a_zip_that_others_read() -> None:
    assert bundle_of(LOG, 5, 30, 37, 3, 5) == WHOLE
    with ZipFile(io.BytesIO(WHOLE)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == [RECORDS, HASHES]
    opened = Opened(io.BytesIO(WHOLE))
    assert opened.odd == []
    kept = list(records(opened.source(RECORDS)))
    assert [each.value for each in kept] == [each.value for each in LOG.records[5:30]]


@pytest.mark.parametrize("member", [*Opened(io.BytesIO(WHOLE)).members, None])
@drawn(max_examples=25)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_changed_byte_is_found_wherever_it_is(
    member: str | None, where: float, bit: int
) -> None:
    """In each file of the bundle, and in what the ZIP says between them."""
    opened = Opened(io.BytesIO(WHOLE))
    spots = sorted(range_of(opened, member))
    at = spots[int(where * len(spots))]
    changed = bytearray(WHOLE)
    changed[at] ^= 1 << bit
    assert not checked(bytes(changed)).ok
    assert not checked(bytes(changed), trusted=False).ok


def range_of(opened: Opened, member: str | None) -> set[int]:
    spots = {
        name: set(range(each.start, each.start + each.size))
        for name, each in opened.members.items()
    }
    if member is not None:
        return spots[member]
    return set(range(len(WHOLE))) - set().union(*spots.values())


@drawn(max_examples=25)
@given(st.integers(0, 24), st.sampled_from(["key", "value", "timestamp"]))
def test_a_changed_record_is_named_by_its_offset(number: int, part: str) -> None:
    kept = list(LOG.records[5:30])
    old = kept[number]
    facts = {
        "offset": old.offset,
        "timestamp": old.timestamp,
        "key": old.key,
        "value": old.value,
        "headers": old.headers,
    }
    facts[part] = old.timestamp + 1 if part == "timestamp" else b"forged"
    kept[number] = LogRecord(**facts)  # type: ignore[arg-type]
    report = checked(with_records(WHOLE, kept))
    assert found(report) == [("bundle.record-changed", old.offset)]
    assert next(iter(report.every())).place == PLACE


@drawn(max_examples=25)
@given(st.sets(st.integers(0, 24), min_size=1, max_size=5))
def test_removed_records_are_named(gone: set[int]) -> None:
    kept = [each for number, each in enumerate(LOG.records[5:30]) if number not in gone]
    told = found(checked(with_records(WHOLE, kept)))
    assert told == [("bundle.record-missing", OFFSETS[number]) for number in sorted(gone)]


@drawn(max_examples=25)
@given(st.integers(0, 23), st.data())
def test_records_in_another_order_are_named(first: int, data: st.DataObject) -> None:
    other = data.draw(st.integers(first + 1, 24))
    kept = list(LOG.records[5:30])
    kept[first], kept[other] = kept[other], kept[first]
    told = found(checked(with_records(WHOLE, kept)))
    assert {code for code, _ in told} == {"bundle.record-moved"}
    assert OFFSETS[first] in {offset for _, offset in told}


@drawn(max_examples=25)
@given(st.integers(0, 25), st.integers(0, 200))
def test_an_added_record_is_named(where: int, offset: int) -> None:
    kept = list(LOG.records[5:30])
    forged = LogRecord(offset=offset, timestamp=0, key=b"k", value=b"v", headers=())
    kept.insert(where, forged)
    told = found(checked(with_records(WHOLE, kept)))
    assert any(at == offset for _, at in told)


@drawn(max_examples=25)
@given(st.integers(0, 24))
def test_a_record_that_changed_together_with_its_hash_is_found(number: int) -> None:
    """The list of hashes can't vouch for records, the signed root can."""
    kept = list(LOG.records[5:30])
    old = kept[number]
    kept[number] = LogRecord(
        offset=old.offset, timestamp=old.timestamp, key=old.key, value=b"!", headers=old.headers
    )
    listed = [leaf_hash(LOG.topic, LOG.partition, each) for each in kept]
    rows = b"".join(map(hash_frame, OFFSETS, listed))
    forged = edited(WHOLE, {RECORDS: b"".join(map(record_frame, kept)), HASHES: rows})
    assert "bundle.root-differs" in [code for code, _ in found(checked(forged))]


@drawn(max_examples=25)
@given(st.integers(0, 24))
def test_a_changed_hash_is_told_from_a_changed_record(number: int) -> None:
    listed = list(LOG.hashes[5:30])
    listed[number] = bytes(32)
    forged = edited(WHOLE, {HASHES: b"".join(map(hash_frame, OFFSETS, listed))})
    assert found(checked(forged)) == [("bundle.hashes-changed", OFFSETS[number])]


@drawn(max_examples=25)
@given(st.integers(1, 24))
def test_a_log_that_is_cut_off_is_found_at_its_place(kept: int) -> None:
    frames = [record_frame(each) for each in LOG.records[5:30]]
    whole = b"".join(frames)
    cut = len(b"".join(frames[:kept])) + 3
    told = found(checked(edited(WHOLE, {RECORDS: whole[:cut]})))
    assert told[0] == ("bundle.garbled", OFFSETS[kept - 1])


def test_a_bundle_that_somebody_else_signed_needs_a_key_to_be_seen_through() -> None:
    """Everything in it fits together: only a key from elsewhere tells that it isn't ours."""
    forged = MemoryLog(records=some_records(40), key=OTHER_KEY)
    bundle = bundle_of(forged, 5, 30, 37, 3, 5)
    own_word = checked(bundle, trusted=False)
    assert (own_word.ok, own_word.trusted) == (True, False)
    codes = {code for code, _ in found(checked(bundle))}
    assert {"bundle.other-key", "evidence.bad-signature", "bundle.unchecked"} <= codes


@pytest.mark.parametrize("there", [0, 12])
def test_a_stretch_that_claims_more_records_than_it_holds_is_found(there: int) -> None:
    # Its holder may sign whatever manifest it likes, and fewer leaves, or none, are a tree as well.
    whole, size = LOG.range(0, 37, 37), 37
    part = replace(whole, path=LOG.range(0, there, size).path if there else ())
    tree = Frontier()
    for hashed in LOG.hashes[:there]:
        tree.append(hashed)
    walked = Found(part=part, records=tree, link=FIRST_LINK, count=there)
    (fault,) = judged(walked, LOG.checkpoint(size))
    assert (fault.code, fault.detail) == ("bundle.record-missing", f"{there} of 37 records")


def two_logs(*which: int) -> bytes:
    file = io.BytesIO()
    writer = writer_to(file)
    logs = (LOG, MemoryLog(records=some_records(12), partition=1))
    for number in which:
        logs[number].add_range(writer, 0, 10, 12)
    writer.finish()
    return file.getvalue()


def test_a_removed_partition_is_found() -> None:
    assert checked(two_logs(0, 1)).ok
    names = [f"{sort}/foodtrace.trade/1" for sort in ("records", "hashes")]
    without = edited(two_logs(0, 1), dict.fromkeys([*names, "checkpoints/foodtrace.trade/1/12"]))
    report = checked(without)
    missing = [fault.file for fault in report.faults if fault.code == "bundle.member-missing"]
    assert missing == ["checkpoints/foodtrace.trade/1/12", *reversed(names)]
    assert Fault(code="bundle.unchecked", place="foodtrace.trade/1") in report.parts[1].faults
    # With a manifest that knows nothing of it, the manifest is no longer the signed one.
    one = Opened(io.BytesIO(two_logs(0)))
    manifest = one.source("manifest.json").take(10**6)
    told = found(checked(edited(without, {"manifest.json": manifest})))
    assert told == [("bundle.manifest-changed", None)]


@pytest.mark.parametrize(
    "swapped",
    [
        LOG.note(36),
        MemoryLog(records=LOG.records, log="log-2").note(37),
        MemoryLog(records=LOG.records, partition=1).note(37),
        MemoryLog(records=LOG.records, topic="foodtrace.void").note(37),
    ],
    ids=["size", "log", "partition", "topic"],
)
def test_a_signed_checkpoint_of_another_log_or_size_is_found(swapped: str) -> None:
    name = f"checkpoints/{PLACE}/37"
    report = checked(edited(WHOLE, {name: swapped.encode()}))
    assert ("bundle.other-log", None) in found(report)
    assert report.parts[0].root is None


def test_a_signed_checkpoint_of_a_forked_log_is_found() -> None:
    """The installation signed two histories: what was exported of one isn't that of the other."""
    records_ = some_records(40)
    records_[2] = LogRecord(offset=2, timestamp=0, key=None, value=b"another", headers=())
    fork = MemoryLog(records=records_)
    newer = edited(WHOLE, {f"checkpoints/{PLACE}/37": fork.note(37).encode()})
    codes = [code for code, _ in found(checked(newer))]
    assert "bundle.root-differs" in codes
    assert "bundle.forked" in codes
    older = edited(WHOLE, {f"checkpoints/{PLACE}/3": fork.note(3).encode()})
    assert "bundle.forked" in [code for code, _ in found(checked(older))]


def test_bundles_are_written_and_checked_without_holding_their_records(tmp_path: Path) -> None:
    """8 MiB of records pass through; what is held at once is a small part of that."""
    large = [
        LogRecord(offset=at, timestamp=at, key=b"k", value=bytes([at]) * 32_768, headers=())
        for at in range(256)
    ]
    log = MemoryLog(records=large)
    part, notes, root = log.range(0, 256, 256), {256: log.note(256)}, log.checkpoint(256).root
    file = tmp_path / "large.zip"
    tracemalloc.start()
    with file.open("wb+") as target:
        writer = writer_to(target)
        writer.add_range(part, notes, root, zip(large, log.hashes, strict=True))
        writer.finish()
    with file.open("rb") as source:
        assert check_bundle(source, [KEY.public]).ok
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert file.stat().st_size > 8 * 2**20
    assert most < 3 * 2**20
