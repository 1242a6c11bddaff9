"""The registry's rules over the office's real rows."""

from __future__ import annotations

import pytest

from foodtrace.problems import Conflict
from foodtrace_ledger.engine import make_engine
from foodtrace_office.registry import RegistryRows
from foodtrace_schemas.compatibility import Level
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.registry import Registry
from foodtrace_schemas.topics import KIND_TABLE, subject_of


def test_the_office_keeps_what_the_registry_decides(database: str) -> None:
    engine = make_engine(database)
    try:
        registry = Registry(RegistryRows(engine))
        made = {kind: registry.register(subject_of(kind), schema_text(kind)) for kind in KIND_TABLE}
        assert registry.version("foodtrace.Trade", "latest") == made["trade"]
        assert registry.text(made["void"].schema_id) == schema_text("void")
        assert registry.level() is Level.FULL_TRANSITIVE
        with pytest.raises(Conflict, match="envelope is required"):
            registry.register("foodtrace.Trade", '{"type":"record","name":"Trade","fields":[]}')
        registry.set_level("NONE", "other")
        assert registry.unset_level("other") is Level.NONE
    finally:
        engine.dispose()
