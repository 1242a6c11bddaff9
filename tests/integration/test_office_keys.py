"""The office on a real PostgreSQL: migrations, keys, first keys, mandates."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from foodtrace.access import Role
from foodtrace.problems import InvalidValue, NotFound, OurFault
from foodtrace_office import migrate
from foodtrace_office.first import DEMO_REPORTER, DEMO_SOURCE, first_keys
from foodtrace_office.keys import KeyRequest, find_key, issue_key, list_keys, revoke_key
from foodtrace_office.mandates import (
    MandateRequest,
    grant_mandate,
    holds_mandate,
    list_mandates,
    mandates_of,
    revoke_mandate,
)
from foodtrace_office.tables import SCHEMA, metadata

MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 1)


def engine_of(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg2"))


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = engine_of(database)
    yield made
    made.dispose()


@pytest.fixture
def office(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def test_migrations_run_once_however_many_call_them(empty_database: str) -> None:
    assert migrate.current(empty_database) is None
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate.upgrade, [empty_database] * 3))
    assert migrate.current(empty_database) == migrate.head()


def test_an_older_office_is_a_named_error_and_a_newer_one_none(empty_database: str) -> None:
    engine = engine_of(empty_database)
    with pytest.raises(OurFault, match="office revision none") as caught:
        migrate.check(engine)
    assert caught.value.code == "ledger.older"
    migrate.upgrade(empty_database, "0002")
    with pytest.raises(OurFault, match=f"office revision 0002, this code needs {migrate.head()}"):
        migrate.check(engine)
    migrate.upgrade(empty_database)
    assert migrate.check(engine) == migrate.head()
    with engine.begin() as connection:
        connection.execute(text("UPDATE office.alembic_version SET version_num = '9999'"))
    assert migrate.check(engine) == "9999"
    engine.dispose()


def test_migrations_make_what_the_tables_say(engine: Engine) -> None:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "schema" or name == SCHEMA

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table_schema": SCHEMA,
                "include_schemas": True,
                "include_name": ours,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_a_key_opens_until_it_is_revoked_and_is_kept_as_a_hash_only(office: Connection) -> None:
    wanted = KeyRequest(role=Role.PARTY, party="P1", source="erp-1", label="till")
    key, clear = issue_key(office, wanted)
    assert find_key(office, clear) == key
    assert clear.startswith(key.prefix)
    kept = office.execute(text("SELECT k::text FROM office.api_key AS k")).scalar_one()
    assert clear not in kept
    assert clear.removeprefix(key.prefix + "_") not in kept
    ended = revoke_key(office, key.id)
    assert ended.revoked_at is not None
    assert revoke_key(office, key.id).revoked_at == ended.revoked_at
    assert find_key(office, clear) is None


def test_an_expired_key_opens_nothing(office: Connection) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    _, clear = issue_key(office, KeyRequest(role=Role.OPS, expires_at=past))
    assert find_key(office, clear) is None
    assert list_keys(office, live=True) == []
    assert len(list_keys(office)) == 1


@pytest.mark.parametrize("clear", ["", "ft_ops_0_x", "\ud800", "\x00", "钥匙"])
def test_what_is_no_key_opens_nothing(office: Connection, clear: str) -> None:
    assert find_key(office, clear) is None


def test_keys_are_listed_in_pages(office: Connection) -> None:
    made = {issue_key(office, KeyRequest(role=Role.INSPECTOR))[0].id for _ in range(5)}
    first = list_keys(office, limit=3)
    rest = list_keys(office, limit=3, after=first[-1].id)
    assert {key.id for key in (*first, *rest)} == made
    assert len(rest) == 2


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"role": Role.PARTY, "party": "p"}, "source"),
        ({"role": Role.PARTY, "source": "s"}, "party"),
        ({"role": Role.REPORTER, "source": "s"}, "reporter"),
        ({"role": Role.PUBLIC}, "role"),
        ({"role": Role.REPORTER, "reporter": "m", "source": "ops"}, "source"),
        ({"role": Role.OPS, "label": "a\x00b"}, "label"),
        ({"role": Role.OPS, "expires_at": datetime(2030, 1, 1)}, "expires_at"),  # noqa: DTZ001
    ],
)
def test_a_key_that_stands_for_nothing_is_named(wrong: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        KeyRequest(**wrong)  # type: ignore[arg-type]
    assert caught.value.path == path


def test_revoking_what_is_not_there_is_named(office: Connection) -> None:
    with pytest.raises(NotFound) as key:
        revoke_key(office, uuid4())
    with pytest.raises(NotFound) as mandate:
        revoke_mandate(office, uuid4())
    assert (key.value.code, mandate.value.code) == ("key.unknown", "mandate.unknown")


def test_the_first_keys_are_made_once_by_however_many_stacks(engine: Engine) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = [keys for keys in pool.map(first_keys, [engine] * 3) if keys]
    assert len(made) == 1
    assert set(made[0]) == {"admin", "ops", "inspector", "reporter"}
    with engine.connect() as connection:
        reporter = find_key(connection, made[0]["reporter"])
    assert reporter is not None
    assert (reporter.reporter, reporter.source) == (DEMO_REPORTER, DEMO_SOURCE)
    again = first_keys(engine, again=True)
    with engine.connect() as connection:
        assert find_key(connection, made[0]["ops"]) is None
        assert find_key(connection, again["ops"]) is not None


def test_a_mandate_holds_on_its_days_and_for_its_party(office: Connection) -> None:
    granted = grant_mandate(
        office, MandateRequest(reporter="m1", party=" p1", valid_from=MAY, valid_to=JUNE)
    )
    assert granted.party == "P1"

    def held(reporter: str, party: str, at: date) -> bool:
        return holds_mandate(office, reporter, party=party, at=at)

    assert held("m1", "P1", MAY)
    assert held("m1", "P1", JUNE)
    assert not held("m1", "P1", date(2026, 4, 30))
    assert not held("m1", "P1", date(2026, 6, 2))
    assert not held("m1", "P2", MAY)
    assert not held("m2", "P1", MAY)
    assert granted.holds(JUNE)
    revoke_mandate(office, granted.id)
    assert not held("m1", "P1", MAY)
    assert mandates_of(office, "m1", parties=["P1"]) == []


def test_a_market_stands_for_its_stalls(office: Connection) -> None:
    grant_mandate(office, MandateRequest(reporter="m1", market="M17", valid_from=MAY))
    assert holds_mandate(office, "m1", markets=["M17", "CITY"], at=JUNE)
    assert not holds_mandate(office, "m1", markets=["M18"], at=JUNE)
    assert len(mandates_of(office, "m1", markets=["M17"])) == 1


def test_the_same_mandate_twice_is_one(office: Connection) -> None:
    wanted = MandateRequest(reporter="m1", party="P1", valid_from=MAY)
    first = grant_mandate(office, wanted)
    assert grant_mandate(office, wanted) == first
    assert list_mandates(office, reporter="m1") == [first]
    assert list_mandates(office, reporter="m2") == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reporter": "m", "valid_from": MAY}, "mandate.one-subject"),
        ({"reporter": "m", "party": "p", "market": "x", "valid_from": MAY}, "mandate.one-subject"),
        ({"reporter": "", "party": "p", "valid_from": MAY}, "text.empty"),
        (
            {"reporter": "m", "party": "p", "valid_from": JUNE, "valid_to": MAY},
            "date.impossible",
        ),
    ],
)
def test_a_mandate_that_cannot_be_is_named(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        MandateRequest(**wrong)  # type: ignore[arg-type]
    assert caught.value.code == code
