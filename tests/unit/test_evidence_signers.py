"""Evidence that several keys signed, one after another: exported, checked, and each told by name."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from foodtrace.evidence import consistency_path
from foodtrace.problems import FoodtraceError, OurFault
from foodtrace_deploy.commands.verify import public_keys
from foodtrace_formats.evidence.documents import CONSISTENCY, ConsistencyProof, base64_of
from foodtrace_formats.evidence.files import check_file, checkpoints_in
from foodtrace_formats.evidence.manifest import SignedBy
from foodtrace_formats.evidence.report import Report
from foodtrace_formats.evidence.signers import signed_by, signers_of
from foodtrace_formats.evidence.trust import fingerprint
from foodtrace_office.evidence_keys import KeyOnRecord
from foodtrace_office.signing import SigningKey, public_pem
from support.evidence import INSTALLATION, MemoryLog, some_records, writer_to

KEYS = [
    SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(at, at + 32)))) for at in range(4)
]
PUBLIC = [key.public for key in KEYS]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def on_record(count: int) -> list[KeyOnRecord]:
    """The first keys as the office has them: the last one is the present one and comes first."""
    return [
        KeyOnRecord(
            public_key=PUBLIC[at],
            created_at=NOON + timedelta(days=at),
            created_by="ops" if at else None,
            retired_at=None if at == count - 1 else NOON + timedelta(days=at + 1),
            retired_by=None if at == count - 1 else "ops",
            reason=None if at == count - 1 else f"reason {at}",
        )
        for at in reversed(range(count))
    ]


def log_of(turns: Sequence[int]) -> MemoryLog:
    """A log whose key changed each time it had grown to one of these sizes."""
    ages = {size: sum(size > turn for turn in turns) for size in range(1, 41)}
    return MemoryLog(
        records=some_records(40),
        key=KEYS[len(turns)],
        signers={size: KEYS[age] for size, age in ages.items()},
    )


def bundle(log: MemoryLog, start: int, size: int, earlier: Sequence[int], keys: int) -> bytes:
    """A stretch of it from `start` on; `keys` of them are on record when it is exported."""
    file = io.BytesIO()
    writer = writer_to(file, log.key)
    log.add_range(writer, start, size, size, *earlier)
    writer.finish(keys=listed(log, [*earlier, size], keys))
    return file.getvalue()


def listed(log: MemoryLog, sizes: Sequence[int], keys: int) -> tuple[SignedBy, ...]:
    part = log.range(0, 1, 40)
    notes = [(part.note(size), log.note(size)) for size in sizes]
    return signed_by(notes, on_record(keys), log.key.public)


def checked(data: bytes, *trusted: bytes) -> Report:
    return check_file(io.BytesIO(data), trusted)


def codes(report: Report) -> set[str]:
    return {fault.code for fault in report.every()}


@drawn(max_examples=40)
@given(
    st.lists(st.integers(1, 39), max_size=3, unique=True).map(sorted),
    st.integers(2, 40),
    st.data(),
)
def test_a_bundle_over_checkpoints_of_several_keys_checks_out_and_names_them(
    turns: list[int], size: int, data: st.DataObject
) -> None:
    log = log_of(turns)
    start = data.draw(st.integers(0, size - 1))
    earlier = sorted(data.draw(st.sets(st.integers(1, max(start, 1)), max_size=3)))
    whole = bundle(log, start, size, earlier, len(turns) + 1)
    # By its own word, by that of the key that signs now, and by all of them.
    for trusted in ((), (log.key.public,), tuple(PUBLIC[: len(turns) + 1])):
        report = checked(whole, *trusted)
        assert report.ok, list(report.every())
        told = {one.fingerprint: one for one in report.keys}
        signers = [log.signers[each] for each in {*earlier, size}] + [log.key]
        assert {one: told[one].signed for one in told} == {
            fingerprint(key.public): signers.count(key) for key in signers
        }
        for number, public in enumerate(PUBLIC[: len(turns) + 1]):
            one = told.get(fingerprint(public))
            if one is not None:
                ended = None if number == len(turns) else f"reason {number}"
                assert (one.listed, one.reason) == (True, ended)
                assert one.trusted == (public in trusted)
    newest = checkpoints_in(io.BytesIO(whole), [log.key.public])
    assert [each.size for each in newest] == [size]
    # Who has an older key alone can't know that the new one is the installation's.
    for public in PUBLIC[: len(turns)]:
        assert {"bundle.other-key", "evidence.bad-signature"} <= codes(checked(whole, public))


@drawn(max_examples=25)
@given(st.sampled_from(["no list", "no old key", "wrong key", "another installation's"]))
def test_a_list_of_keys_that_isnt_what_signed_is_found(how: str) -> None:
    log, file = log_of([10]), io.BytesIO()
    writer = writer_to(file, log.key)
    log.add_range(writer, 20, 30, 30, 8)
    present, old = listed(log, [8, 30], 2)
    wrong = {
        "no list": (),
        "no old key": (present,),
        "wrong key": (
            replace(present, signed=(*present.signed, *old.signed)),
            replace(old, signed=()),
        ),
        "another installation's": (present, replace(old, public_key=public_pem(PUBLIC[3]))),
    }
    writer.finish(keys=wrong[how])
    code = "bundle.keys-differ" if how == "wrong key" else "evidence.bad-signature"
    assert codes(checked(file.getvalue(), log.key.public)) == {code}


def test_a_key_that_nobody_recorded_signed_nothing() -> None:
    log = log_of([10])
    with pytest.raises(OurFault, match=r"evidence\.wrong-key"):
        signed_by([("note", log.note(8))], on_record(2)[:1], log.key.public)
    assert signers_of([log.note(8), log.note(30)], PUBLIC) == PUBLIC[:2]


@drawn(max_examples=25)
@given(
    st.integers(1, 40), st.integers(1, 40), st.lists(st.integers(1, 39), max_size=2, unique=True)
)
def test_two_checkpoints_of_two_keys_are_shown_to_be_of_one_history(
    one: int, two: int, turns: list[int]
) -> None:
    log, (old, new) = log_of(sorted(turns)), sorted((one, two))
    keys = signers_of([log.note(old), log.note(new)], PUBLIC)
    first, *others = map(public_pem, keys)
    proof = ConsistencyProof(
        format=CONSISTENCY,
        installation=INSTALLATION,
        topic=log.topic,
        partition=log.partition,
        log=log.log,
        old_size=old,
        new_size=new,
        path=base64_of(consistency_path(old, new, log.hash_at)),
        old=log.note(old),
        new=log.note(new),
        public_key=first,
        other_keys=others,
    )
    told = checked(msgspec.json.encode(proof), *keys)
    assert told.ok
    assert sum(key.signed for key in told.keys) == 2
    assert not any(key.listed for key in told.keys)
    # Nothing signs the list of a document, so each key has to be known.
    assert checked(msgspec.json.encode(proof), *keys[:1]).ok == (not others)


def test_a_file_may_hold_several_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.pem"
    for count in (1, 2, 3):
        file.write_text("".join(map(public_pem, PUBLIC[:count])).rstrip())
        assert public_keys(file) == PUBLIC[:count]
    file.write_text("nothing")
    with pytest.raises(FoodtraceError, match=r"evidence\.malformed"):
        public_keys(file)
