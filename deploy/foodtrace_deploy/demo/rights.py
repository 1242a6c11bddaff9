"""The city's systems register as any reporter does: a key each, and mandates for whom they speak.

Mandates stay from one run to the next; keys are made anew for each, since only their hashes are
kept, and end by themselves after a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from foodtrace_city import REGISTER, City, Mandate, Source
from foodtrace_client import Client

LABEL = "demo"
#: Requests at a time; more don't make one API process quicker.
_AT_A_TIME = 4
_LIFE = timedelta(days=1)

#: Reporter, party or market, and the first day.
Subject = tuple[str, str | None, str | None, str]


def register(staff: Client, staff_key: str, city: City) -> Mapping[str, str]:
    """Keys by source, once every mandate of the city is granted.

    `staff` pushes with `staff_key`, that of ops; the city's register, which describes everybody,
    pushes with it too.
    """
    ends = datetime.now(UTC) + _LIFE
    with ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="rights") as pool:
        held = _held(staff)
        wanted = [mandate for mandate in city.mandates() if _subject(mandate) not in held]
        granted = [pool.submit(staff.post, "/v1/mandates", _mandate(each)) for each in wanted]
        reporters = [source for source in city.sources if source.name != REGISTER]
        made = {source.name: pool.submit(_key, staff, source, ends) for source in reporters}
        for each in granted:
            each.result()
        return {REGISTER: staff_key, **{name: each.result() for name, each in made.items()}}


def _held(staff: Client) -> frozenset[Subject]:
    """The mandates that stand already, from an earlier run."""
    return frozenset(
        (each["reporter"], each["party"], each["market"], each["valid_from"])
        for each in staff.pages("/v1/mandates", "mandates", limit=1000)
        if each["revoked_at"] is None
    )


def _subject(mandate: Mandate) -> Subject:
    return mandate.reporter, mandate.party, mandate.market, mandate.valid_from.isoformat()


def _key(staff: Client, source: Source, ends: datetime) -> str:
    wanted = {
        "role": "reporter",
        "reporter": source.reporter,
        "source": source.name,
        "label": LABEL,
        "expires_at": ends.isoformat(),
    }
    key: str = staff.post("/v1/keys", wanted)["key"]
    return key


def _mandate(mandate: Mandate) -> dict[str, Any]:
    subject = {"party": mandate.party} if mandate.party is not None else {"market": mandate.market}
    return {
        "reporter": mandate.reporter,
        "valid_from": mandate.valid_from.isoformat(),
        "note": LABEL,
        **subject,
    }
