"""The schema and the column shorthands that the tables share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Integer, MetaData, Text

SCHEMA = "ledger"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    },
)


def identity() -> Column[Any]:
    """The bigint key that only this ledger knows."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def text(name: str, *, null: bool = False) -> Column[Any]:
    """A text, required unless `null`."""
    return Column(name, Text, nullable=null)


def int8(name: str, *, null: bool = False) -> Column[Any]:
    """A bigint, required unless `null`."""
    return Column(name, BigInteger, nullable=null)


def int4(name: str, *, null: bool = False) -> Column[Any]:
    """An integer, required unless `null`."""
    return Column(name, Integer, nullable=null)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A closed list of the domain."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
