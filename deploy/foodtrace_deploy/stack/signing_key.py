"""Puts another signing key in place of the present one: on record first, then in the data folder.

Killed at any point, the next try or the next start goes on: a draft whose key signs by the record is
the key, and an order that wasn't carried out is still there.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from foodtrace.problems import FoodtraceError, OurFault
from foodtrace_deploy.stack.brokers import DATABASES
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_office.evidence_keys import keys_on_record, retire_key
from foodtrace_office.signing import load_key, make_key

#: Hexadecimal digits by which people tell keys apart.
DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """What was done: fingerprints (SHA-256 of the public keys), and the files of both.

    `kept` is where the old private key lies now, None where it lies as it did or was gone;
    `finished` says that an earlier try was only brought to its end.
    """

    old: str
    new: str
    file: Path
    kept: Path | None = None
    finished: bool = False


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of a public key's 32 bytes, in hexadecimal digits."""
    return sha256(public_key).hexdigest()


def replace_own(engine: Engine, folder: DataFolder, *, by: str, reason: str) -> Replaced:
    """Retire the present key and sign with a new one, made in its place in the data folder.

    The old file is kept under another name, never deleted. Raises as `retire_key` and `make_key`.
    """
    done = finish(engine, folder)
    if done is not None:
        return done
    draft = _draft(folder)
    replace_by(engine, draft, by=by, reason=reason)
    return _put_into_place(engine, folder, finished=False)


def replace_by(engine: Engine, file: Path, *, by: str, reason: str) -> Replaced:
    """Retire the present key and sign with that of a file, made with it where there is none."""
    made = not file.exists()
    key = make_key(file)
    try:
        with engine.begin() as conn:
            old = retire_key(conn, new=key.public, by=by, reason=reason)
    except FoodtraceError:
        # Refused, so nothing knows of the key that was made for it; but somebody may have found it here
        # and retired the present one by it at the same moment.
        with engine.begin() as conn:
            known = any(one.public_key == key.public for one in keys_on_record(conn))
        if made and not known:
            file.unlink()
        raise
    return Replaced(old=fingerprint(old.public_key), new=fingerprint(key.public), file=file)


def finish(engine: Engine, folder: DataFolder) -> Replaced | None:
    """Bring to its end what was killed between record and folder; None where nothing was."""
    draft = _draft(folder)
    if not draft.exists():
        return None
    public = load_key(draft).public
    with engine.begin() as conn:
        present = next((one for one in keys_on_record(conn) if one.retired_at is None), None)
        if present is None or present.public_key != public:
            return None
    return _put_into_place(engine, folder, finished=True)


def order(folder: DataFolder, *, by: str, reason: str) -> None:
    """Let the next start retire the key: a stack without its key doesn't start, nor its database."""
    draft = _order(folder).with_suffix(".draft")
    draft.write_text(json.dumps({"by": by, "reason": reason}, ensure_ascii=False), "utf-8")
    draft.replace(_order(folder))


def carry_out(engine: Engine, folder: DataFolder) -> Replaced | None:
    """What was ordered, or begun, before this start; None where nothing was.

    A database of the in-memory broker forgets its keys, so an order isn't meant for it: it stays for
    the next start on a broker that keeps its logs.
    """
    if engine.url.database == DATABASES["memory"]:
        return None
    asked = _order(folder)
    done = finish(engine, folder)
    if done is not None or not asked.exists():
        asked.unlink(missing_ok=True)
        return done
    told = json.loads(asked.read_text("utf-8"))
    with engine.begin() as conn:
        # Ordered before anything was ever signed: there is nothing to be ended.
        some = any(one.retired_at is None for one in keys_on_record(conn))
    if some:
        replace_by(engine, _draft(folder), by=told["by"], reason=told["reason"])
    # Before the draft becomes the key: an order that is still there would end that one too.
    asked.unlink()
    return _put_into_place(engine, folder, finished=False) if some else None


def _put_into_place(engine: Engine, folder: DataFolder, *, finished: bool) -> Replaced:
    with engine.begin() as conn:
        new, old, *_ = (fingerprint(one.public_key) for one in keys_on_record(conn))
    own = folder.evidence_key
    kept = _keep(own) if own.exists() else None
    # One step from key to key: whoever starts meanwhile finds one of them.
    _draft(folder).replace(own)
    return Replaced(old=old, new=new, file=own, kept=kept, finished=finished)


def _keep(own: Path) -> Path:
    """A second name for the folder's key, by the fingerprint of what is in it; replaces nothing.

    It needn't be the key that the record ended: an older record may have been put in place alone.
    """
    try:
        name = fingerprint(load_key(own).public)[:DIGITS]
    except OurFault:
        # Damaged, or not for us to read: nobody signs with it, but it isn't ours to throw away.
        name = "unreadable"
    for number in count(1):
        also = "" if number == 1 else f"-{number}"
        kept = own.with_name(f"{own.stem}-retired-{name}{also}.pem")
        try:
            os.link(own, kept)
        except FileExistsError:
            # Of a try that was killed here; anything else of that name stays what it is.
            if not kept.samefile(own):
                continue
        except PermissionError:
            # Another user's, which may be renamed in our folder but not linked.
            own.rename(kept)
        return kept
    raise AssertionError("there is always another number")


def _draft(folder: DataFolder) -> Path:
    return folder.evidence_key.with_name("evidence-next.pem")


def _order(folder: DataFolder) -> Path:
    return folder.evidence_key.with_name("evidence-retire.json")
