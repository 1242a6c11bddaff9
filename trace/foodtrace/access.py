"""Who may say what and see what: rules over values, asked by every door.

Writing: a key speaks for the parties it stands for. Reading: a party sees its own and one step up
and down the chain, an inspector the chain, the public what the law shows of one receipt.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What kind of key asks; `public` asks without one."""

    PUBLIC = "public"
    PARTY = "party"
    REPORTER = "reporter"
    INSPECTOR = "inspector"
    OPS = "ops"
    ADMIN = "admin"
