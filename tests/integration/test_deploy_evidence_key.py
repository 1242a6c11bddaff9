"""The embedded stack's signing key: made once, and never in place of one that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from foodtrace.problems import OurFault
from foodtrace_deploy.stack import bootstrap
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_office.signing import load_key, make_key
from foodtrace_ops.settings import Settings


def test_a_key_is_made_where_nothing_was_signed_and_never_replaced(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(tmp_path)
    none = Settings(database_url=SecretStr(database))
    made = Path(bootstrap.evidence_key(none, folder, database))
    assert made == tmp_path / "evidence.pem"
    assert bootstrap.evidence_key(none, folder, database) == str(made)
    kept = tmp_path / "kept.pem"
    made.rename(kept)
    with pytest.raises(OurFault, match="No such file") as missing:
        bootstrap.evidence_key(none, folder, database)
    assert missing.value.code == "evidence.bad-key-file"
    assert not made.exists()
    make_key(made)
    with pytest.raises(OurFault, match=r"evidence\.wrong-key"):
        bootstrap.evidence_key(none, folder, database)
    # Named by a path as the user stands; the workers stand elsewhere.
    monkeypatch.chdir(tmp_path)
    told = none.model_copy(update={"evidence_key": "kept.pem"})
    assert bootstrap.evidence_key(told, folder, database) == str(kept)
    assert load_key(kept).public
