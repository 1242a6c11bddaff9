"""Chosen events, proofs as documents, and logs that have to continue earlier checkpoints."""

from __future__ import annotations

import io
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from foodtrace.evidence import Checkpoint, consistency_path
from foodtrace.problems import FoodtraceError
from foodtrace_bus.reader import LogRecord
from foodtrace_formats.evidence.chosen import check_chosen
from foodtrace_formats.evidence.container import Opened
from foodtrace_formats.evidence.documents import (
    ConsistencyProof,
    EventProof,
    base64_of,
    record_proof,
)
from foodtrace_formats.evidence.files import check_file, checkpoints_in
from foodtrace_formats.evidence.frames import proof_frame, record_frame
from foodtrace_formats.evidence.manifest import MANIFEST, read_manifest
from foodtrace_formats.evidence.report import Report
from foodtrace_office.signing import public_pem
from support.bundles import edited
from support.evidence import (
    INSTALLATION,
    KEY,
    OTHER_KEY,
    MemoryLog,
    bundle_of,
    id_of,
    keyed,
    some_records,
    writer_to,
)

LOG = MemoryLog(records=keyed(some_records(40)))
PICKED = (0, 4, 5, 17, 30)
PLACE = "foodtrace.trade/0"
RECORDS, PROOFS = f"records/{PLACE}", f"proofs/{PLACE}"
PEM = public_pem(KEY.public)


def chosen(*picked: int, size: int = 37) -> bytes:
    file = io.BytesIO()
    writer = writer_to(file)
    LOG.add_chosen(writer, picked, size)
    writer.finish([LOG.chosen(number, id_of(number)) for number in picked])
    return file.getvalue()


def checked(data: bytes, *since: Checkpoint, key: bytes | None = KEY.public) -> Report:
    return check_file(io.BytesIO(data), () if key is None else (key,), since)


def found(report: Report) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.offset) for fault in report.every()]


@drawn(max_examples=25)
@given(st.sets(st.integers(0, 36), min_size=1, max_size=6), st.integers(37, 40))
def test_chosen_events_check_out_against_any_later_checkpoint(picked: set[int], size: int) -> None:
    report = checked(chosen(*sorted(picked), size=size))
    assert report.ok, list(report.every())
    assert (report.parts[0].records, report.parts[0].size) == (len(picked), size)


@drawn(max_examples=25)
@given(st.sampled_from(PICKED))
def test_a_removed_or_changed_event_is_named(number: int) -> None:
    whole = chosen(*PICKED)
    gone = [number_ for number_ in PICKED if number_ != number]
    offset = LOG.records[number].offset
    less = {
        RECORDS: b"".join(record_frame(LOG.records[each]) for each in gone),
        PROOFS: b"".join(proof_frame(LOG.proof(each, 37)) for each in gone),
    }
    assert found(checked(edited(whole, less))) == [("bundle.record-missing", offset)]
    kept = [LOG.records[each] for each in PICKED]
    old = kept[PICKED.index(number)]
    kept[PICKED.index(number)] = LogRecord(
        offset=offset, timestamp=old.timestamp, key=b"other", value=old.value, headers=old.headers
    )
    other = {RECORDS: b"".join(map(record_frame, kept))}
    assert found(checked(edited(whole, other))) == [("bundle.record-changed", offset)]


def test_a_reordered_an_added_and_an_unproven_event_are_named() -> None:
    whole = chosen(*PICKED)
    kept = [record_frame(LOG.records[each]) for each in PICKED]
    swapped = {RECORDS: b"".join([kept[1], kept[0], *kept[2:]])}
    assert found(checked(edited(whole, swapped))) == [("bundle.record-moved", 0)]
    more = {RECORDS: b"".join([*kept, record_frame(LOG.records[33])])}
    offset = LOG.records[33].offset
    assert found(checked(edited(whole, more))) == [("bundle.record-added", offset)]
    proofs = [LOG.proof(each, 37) for each in PICKED]
    proofs[2] = replace(proofs[2], index=proofs[2].index + 1)
    wrong = {PROOFS: b"".join(map(proof_frame, proofs))}
    where = LOG.records[5].offset
    assert found(checked(edited(whole, wrong))) == [("bundle.proof-wrong", where)]


@drawn(max_examples=25)
@given(st.sampled_from(PICKED), st.sampled_from([None, "range", "events"]))
def test_a_chosen_event_without_a_part_of_its_log_is_named(number: int, other: str | None) -> None:
    """The holder of the key may list what it likes: what is listed has to be there."""
    file, elsewhere = io.BytesIO(), MemoryLog(records=LOG.records, partition=1)
    writer = writer_to(file)
    # A whole stretch isn't what was chosen of it, nor is another partition's record.
    if other == "range":
        LOG.add_range(writer, 0, 37, 37)
    elif other == "events":
        elsewhere.add_chosen(writer, [number], 37)
    listed = [elsewhere.chosen(number, id_of(number))] if other == "events" else []
    writer.finish([LOG.chosen(number, id_of(number)), *listed])
    report = checked(file.getvalue())
    (fault,) = report.every()
    offset = LOG.records[number].offset
    assert (fault.code, fault.place, fault.offset) == ("bundle.record-missing", PLACE, offset)
    assert report.total == 1


@pytest.mark.parametrize(
    ("claimed", "code"),
    [(0, "bundle.record-added"), (4, "bundle.record-added"), (6, "bundle.record-missing")],
)
def test_chosen_events_are_as_many_as_their_part_says(claimed: int, code: str) -> None:
    checkpoint = LOG.checkpoint(37)
    opened = Opened(io.BytesIO(chosen(*PICKED)))
    manifest = read_manifest(opened.source(MANIFEST).take(10**6))
    part = replace(manifest.parts[0], records=claimed)
    wanted = {one.offset: [one.event_id] for one in manifest.chosen}
    sources = (opened.source(RECORDS), opened.source(PROOFS))
    (fault,) = check_chosen(part, sources, checkpoint, wanted)
    assert (fault.code, fault.detail) == (code, f"5 of {claimed} records")


@drawn(max_examples=25)
@given(st.sampled_from(PICKED), st.integers(0, 60), st.sampled_from(["instead", "beside"]))
def test_a_record_is_of_the_event_that_it_is_listed_for(number: int, other: int, how: str) -> None:
    """The list is signed, but whoever signs it could name another event than the record's."""
    file = io.BytesIO()
    writer = writer_to(file)
    LOG.add_chosen(writer, PICKED, 37)
    rest = [LOG.chosen(each, id_of(each)) for each in PICKED if each != number or how == "beside"]
    writer.finish([*rest, LOG.chosen(number, id_of(other))])
    offset = LOG.records[number].offset
    wrong = [] if other == number else [("bundle.other-event", offset)]
    report = checked(file.getvalue())
    assert found(report) == wrong
    assert all(fault.detail == f"event {id_of(other)}" for fault in report.every())


@drawn(max_examples=25)
@given(st.none() | st.binary(max_size=40) | st.just(str(id_of(3)).upper().encode() + b" "))
def test_a_record_under_no_events_id_is_shown_for_none(key: bytes | None) -> None:
    records = [*LOG.records[:3], replace(LOG.records[3], key=key), *LOG.records[4:]]
    log, file = MemoryLog(records=records), io.BytesIO()
    writer = writer_to(file)
    log.add_chosen(writer, [3], 37)
    writer.finish([log.chosen(3, id_of(3))])
    assert found(checked(file.getvalue())) == [("bundle.other-event", records[3].offset)]
    # What it was written under is for the range to show.
    assert checked(bundle_of(log, 0, 37, 37)).ok


def event_proof(number: int, size: int = 37, log: MemoryLog = LOG) -> EventProof:
    shown = record_proof(
        log.topic,
        log.partition,
        log.log,
        log.records[number],
        log.proof(number, size),
        size,
        log.note(size),
    )
    return EventProof(
        format="foodtrace-proof/1",
        installation=INSTALLATION,
        event_id=id_of(number),
        public_key=PEM,
        proofs=[shown],
    )


@drawn(max_examples=25)
@given(st.integers(0, 36))
def test_a_proof_checks_out_and_no_field_of_it_can_be_changed(number: int) -> None:
    proof = event_proof(number)
    assert checked(msgspec.json.encode(proof)).ok
    shown = proof.proofs[0]
    for other in (
        replace(shown, value="Zm9yZ2Vk"),
        replace(shown, key=None if shown.key else "aw=="),
        replace(shown, timestamp_ms=shown.timestamp_ms + 1),
        replace(shown, offset=shown.offset + 1),
        replace(shown, leaf=shown.leaf.replace("leaf 1", "leaf 2")),
        replace(shown, leaf_index=(number + 1) % 37),
        replace(shown, tree_size=36),
        replace(shown, path=shown.path[:-1]),
        replace(shown, path=["!", *shown.path[1:]]),
        replace(shown, topic="foodtrace.void"),
        replace(shown, log="log-2"),
        replace(shown, checkpoint=LOG.note(36)),
        replace(shown, checkpoint=MemoryLog(records=LOG.records, key=OTHER_KEY).note(37)),
    ):
        assert not checked(msgspec.json.encode(replace(proof, proofs=[other]))).ok
    assert not checked(msgspec.json.encode(replace(proof, proofs=[]))).ok
    assert not checked(msgspec.json.encode(proof), key=OTHER_KEY.public).ok


def test_a_proof_shows_what_is_there_and_not_that_there_is_nothing_else() -> None:
    """Of two contents under one id either may be left out of a document, but not of a range."""
    twice = [*LOG.records[:5], replace(LOG.records[5], key=LOG.records[3].key), *LOG.records[6:]]
    log = MemoryLog(records=twice)
    both = [event_proof(number, log=log).proofs[0] for number in (3, 5)]
    proof = replace(event_proof(3), event_id=id_of(3), proofs=both)
    assert checked(msgspec.json.encode(proof)).ok
    assert checked(msgspec.json.encode(replace(proof, proofs=both[:1]))).ok
    kept = b"".join(record_frame(one) for one in twice[:37] if one is not twice[5])
    less = edited(bundle_of(log, 0, 37, 37), {RECORDS: kept})
    assert found(checked(less)) == [("bundle.record-missing", twice[5].offset)]


def test_a_proof_is_of_the_event_that_it_names() -> None:
    proof = event_proof(4)
    assert checked(msgspec.json.encode(proof)).ok
    other = checked(msgspec.json.encode(replace(proof, event_id=id_of(5))))
    assert found(other) == [("bundle.other-event", LOG.records[4].offset)]


def consistency(old: int, new: int, log: MemoryLog = LOG) -> bytes:
    return msgspec.json.encode(
        ConsistencyProof(
            format="foodtrace-consistency/1",
            installation=INSTALLATION,
            topic=log.topic,
            partition=log.partition,
            log=log.log,
            old_size=old,
            new_size=new,
            path=base64_of(consistency_path(old, new, log.hash_at)),
            old=LOG.note(old),
            new=log.note(new),
            public_key=PEM,
        )
    )


def forked() -> MemoryLog:
    other = list(LOG.records)
    other[2] = LogRecord(offset=2, timestamp=0, key=None, value=b"another", headers=())
    return MemoryLog(records=other)


@drawn(max_examples=25)
@given(st.integers(1, 40), st.integers(1, 40))
def test_two_checkpoints_are_shown_to_be_of_one_history_or_of_two(one: int, two: int) -> None:
    old, new = sorted((one, two))
    assert checked(consistency(old, new)).ok
    assert checked(consistency(old, new, forked())).ok == (new < 3 or old < 3)


@drawn(max_examples=25)
@given(st.integers(1, 40))
def test_a_bundle_has_to_continue_an_earlier_checkpoint(old: int) -> None:
    """What it covers is recomputed; before that it needs a path; behind it nothing can be said."""
    newer = bundle_of(LOG, 5, 30, 37, 3)
    told = {fault.code for fault in checked(newer, LOG.checkpoint(old)).every()}
    comparable = old in (3, 37) or 5 <= old <= 30
    assert told == (set() if comparable else {"bundle.not-compared"})
    fork = {fault.code for fault in checked(newer, forked().checkpoint(old)).every()}
    if comparable:
        assert fork == {"bundle.forked"}


def test_a_topic_that_was_made_anew_is_another_log() -> None:
    other = MemoryLog(records=LOG.records, log="log-0")
    told = {fault.code for fault in checked(bundle_of(LOG, 0, 9, 9), other.checkpoint(5)).every()}
    assert told == {"bundle.other-log"}


def test_checkpoints_are_taken_out_of_every_sort_of_file() -> None:
    newest = (LOG.checkpoint(37),)
    for data in (
        bundle_of(LOG, 5, 30, 37, 3),
        chosen(*PICKED),
        msgspec.json.encode(event_proof(4)),
        consistency(9, 37),
        LOG.note(37).encode(),
    ):
        assert checkpoints_in(io.BytesIO(data), [KEY.public]) == newest
        with pytest.raises(FoodtraceError) as wrong:
            checkpoints_in(io.BytesIO(data), [OTHER_KEY.public])
        assert wrong.value.code == "evidence.bad-signature"


def test_a_checkpoint_alone_needs_a_key_from_elsewhere() -> None:
    note = LOG.note(37).encode()
    assert checked(note).ok
    assert not checked(note, key=None).ok
    assert not checked(note, key=OTHER_KEY.public).ok
    assert checked(LOG.note(20).encode(), LOG.checkpoint(20)).ok


@drawn(max_examples=25)
@given(st.binary(max_size=60))
def test_what_is_no_evidence_is_refused_by_name(data: bytes) -> None:
    for head in (b"", b"{", b"foodtrace/", b"PK\x03\x04"):
        assert refusal(head + data) in ("bundle.unknown-file", "a report with faults")


def refusal(data: bytes) -> str:
    try:
        return "nothing" if checked(data).ok else "a report with faults"
    except FoodtraceError as error:
        return error.code
