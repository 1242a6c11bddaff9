"""Opens a bundle: its manifest, its signed checkpoints, and everything that isn't as it was signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from foodtrace.evidence import Checkpoint, read_checkpoint, read_note
from foodtrace.problems import FoodtraceError, TheirFault
from foodtrace_formats.evidence.container import Opened
from foodtrace_formats.evidence.manifest import (
    KEY,
    MANIFEST,
    MANIFEST_LIMIT,
    NOTE,
    Manifest,
    Part,
    read_manifest,
    signed_text,
    signer_of,
)
from foodtrace_formats.evidence.report import Fault, Faults
from foodtrace_formats.evidence.trust import Trust, fingerprint

#: Notes and keys are small, in bytes.
_SMALL = 64 * 1024


@dataclass(slots=True, kw_only=True)
class Bundle:
    """A bundle that is read; `manifest` is None when there is nothing that could be believed.

    `signers` are the keys of the checkpoints whose signatures hold, by the names of their files.
    """

    opened: Opened
    trust: Trust
    signers: dict[str, bytes] = field(default_factory=dict)
    manifest: Manifest | None = None
    faults: Faults = field(default_factory=Faults)

    def checkpoint(self, part: Part, size: int) -> Checkpoint | None:
        """The signed checkpoint of that size; what is wrong with it is a fault."""
        assert self.manifest is not None, "a part comes from there"
        name = part.note(size)
        note = self.text(name)
        if note is None:
            return None
        try:
            claimed = note.split("\n", 1)[0]
            text, key = self.trust.opened(note, claimed)
            found = read_checkpoint(text)
        except FoodtraceError as error:
            self.faults.add(
                Fault(code=error.code, place=part.place, file=name, detail=error.detail)
            )
            return None
        if not part.is_of(self.manifest.installation, found) or found.size != size:
            detail = f"{found.origin} {found.size}"
            self.faults.add(
                Fault(code="bundle.other-log", place=part.place, file=name, detail=detail)
            )
            return None
        self.signers[name] = key
        return found

    def compare_keys(self) -> None:
        """Hold the list of keys to what the signatures that were checked show."""
        assert self.manifest is not None, "there is something to hold it to"
        if not self.manifest.keys:
            return
        listed = {name: one.key for one in self.manifest.keys for name in one.signed}
        for name, key in self.signers.items():
            if listed.get(name) != key:
                detail = fingerprint(key)
                self.faults.add(Fault(code="bundle.keys-differ", file=name, detail=detail))

    def text(self, name: str) -> str | None:
        """A small member as text; None where it isn't there or can't be text (a fault already)."""
        data = read_small(self.opened, name, _SMALL)
        if data is None:
            return None
        try:
            return data.decode()
        except UnicodeDecodeError:
            # Its digest differs from the manifest's as well, which is told.
            return data.decode(errors="replace")

    def compare_members(self, tell: Callable[[int], None]) -> None:
        """Hold every member to the manifest; `tell` is told how many bytes were read."""
        assert self.manifest is not None, "there is something to hold it to"
        stated = {one.name: one for one in self.manifest.members}
        present = [name for name in self.opened.members if name not in (MANIFEST, NOTE)]
        for name in sorted(stated.keys() - set(present)):
            self.faults.add(Fault(code="bundle.member-missing", file=name))
        for name, member in self.opened.members.items():
            digest, sound = self.opened.digest(name, tell)
            if name in present and name not in stated:
                self.faults.add(Fault(code="bundle.member-added", file=name))
            elif name in present and digest != stated[name]:
                self.faults.add(Fault(code="bundle.member-changed", file=name))
            elif not sound and name in present:
                self.opened.odd.append(member.start)
        if [name for name in stated if name in present] != present and not self.faults:
            self.faults.add(Fault(code="bundle.container", detail="order"))


def open_bundle(opened: Opened, trust: Trust) -> Bundle:
    """Read manifest and note; the other members wait until they are asked for."""
    bundle = Bundle(opened=opened, trust=trust)
    data = read_small(opened, MANIFEST, MANIFEST_LIMIT)
    if data is None:
        bundle.faults.add(Fault(code="bundle.manifest-unreadable", file=MANIFEST))
        return bundle
    try:
        bundle.manifest = read_manifest(data)
    except TheirFault as error:
        bundle.faults.add(Fault(code=error.code, file=MANIFEST, detail=error.detail))
        return bundle
    _check_signed(bundle, data)
    return bundle


def read_small(opened: Opened, name: str, limit: int) -> bytes | None:
    """A member that is read whole; None when there is none, or a larger one."""
    if name not in opened.members or opened.members[name].size > limit:
        return None
    source = opened.source(name)
    return source.take(source.left)


def key_inside(opened: Opened) -> bytes | None:
    """The public key that lies in the bundle, as PEM."""
    return read_small(opened, KEY, _SMALL)


def _check_signed(bundle: Bundle, data: bytes) -> None:
    assert bundle.manifest is not None, "it was read"
    installation = bundle.manifest.installation
    note = bundle.text(NOTE)
    if note is None:
        bundle.faults.add(Fault(code="bundle.manifest-changed", file=NOTE))
        return
    try:
        text = bundle.trust.check(note, signer_of(installation))
    except FoodtraceError as error:
        bundle.faults.add(Fault(code=error.code, file=NOTE, detail=error.detail))
        return
    if text != signed_text(installation, data) or len(read_note(note)[1]) != 1:
        bundle.faults.add(Fault(code="bundle.manifest-changed", file=MANIFEST))
        return
    # Whoever believes the key that signed this believes its word for those before it.
    bundle.trust.vouch(one.key for one in bundle.manifest.keys)
