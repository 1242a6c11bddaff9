"""Locations and parties in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering import places
from foodtrace_deploy.texts import TEXTS, say

Json = Mapping[str, Any]


def show_location(console: Console, location: Json, children: Sequence[Json], count: int) -> None:
    """What it is and is part of, who sits there, what stands in it, and all tenants."""
    place = location["place"]
    title = places.called(place["name"] or place["location"], place["now"])
    kind = _kind(place["kind"]) or say("location-unregistered")
    console.print(Text(f"{title}  {place['location']}  {kind}", style="bold"))
    if location["above"]:
        above = " → ".join(each["name"] or each["location"] for each in location["above"])
        console.print(Text("  " + say("location-in", above=above)))
    _show_occupants(console, location)
    if count:
        console.print(_children(children, count))
    if location["history"]:
        console.print(_tenancies(say("location-history"), location["history"], "occupant"))
    for each in location["overlaps"]:
        told = say(
            "location-overlap",
            occupants=" + ".join(each["occupants"]),
            since=each["since"],
            until=each["until"] or say("until-open"),
        )
        console.print(Text("  " + told, style="yellow"))
    for each in location["gaps"]:
        console.print(Text("  " + say("location-gap", **each), style="yellow"))
    if location["limited"]:
        console.print(Text("  " + say("location-limited"), style="dim"))


def _kind(kind: str | None) -> str:
    return _word("place", kind) if kind else ""


def _word(about: str, code: str) -> str:
    """What a code of a register means; one that no table knows as it is."""
    key = f"{about}-{code}"
    return say(key) if key in TEXTS else code


def _show_occupants(console: Console, location: Json) -> None:
    names = ", ".join(_party(each) for each in location["occupants"])
    if names:
        console.print(Text("  " + say("location-occupants", day=location["at"], names=names)))
    elif location["history"]:
        console.print(Text("  " + say("location-nobody", day=location["at"]), style="dim"))


def _party(each: Json) -> str:
    return f"{places.called(each['name'] or each['party'], each['now'])} ({each['party']})"


def _children(children: Iterable[Json], count: int) -> Table:
    table = _table(say("location-children", count=count), ("child", "kind", "occupant"))
    for each in children:
        place = each["place"]
        indent = "  " * (each["depth"] - 1)
        table.add_row(
            Text(f"{indent}{place['location']}  {place['name'] or ''}"),
            Text(_kind(place["kind"])),
            Text(", ".join(_party(occupant) for occupant in each["occupants"])),
        )
    return table


def _tenancies(title: str, tenancies: Iterable[Json], who: str) -> Table:
    table = _table(title, ("occupant" if who == "occupant" else "child", "sat-since", "sat-until"))
    for each in tenancies:
        name = _party({**each, "party": each["occupant"]}) if who == "occupant" else each[who]
        since = each["since"]
        if not each["since_stated"]:
            since = say("since-unstated", since=since)
        table.add_row(Text(name), Text(since), Text(_until(each)))
    return table


def _until(each: Json) -> str:
    if each["until"] is None:
        return say("until-open")
    if each["end"] == "implied":
        return say("until-implied", until=each["until"])
    return str(each["until"])


def _table(title: str, columns: Iterable[str]) -> Table:
    table = Table(title=Text(title), box=None, title_style="bold", title_justify="left")
    for name in columns:
        table.add_column(say(f"column-{name}"), overflow="fold")
    return table


def show_party(console: Console, party: Json) -> None:
    """Names, codes, merges and places over time; of a stranger what is known and by what."""
    if party["unidentified"] is not None:
        name = places.holder(party["party"], {})
    else:
        name = places.called(party["name"] or party["party"], party["now"])
    unregistered = "" if party["registered"] else "  " + say("location-unregistered")
    console.print(Text(f"{name}  {party['party']}{unregistered}", style="bold"))
    if party["goes_on_as"] != party["party"]:
        last = party["goes_on_name"] or party["goes_on_as"]
        console.print(Text("  " + say("party-goes-on", name=last, id=party["goes_on_as"])))
    if party["circle"]:
        told = say("party-circle", ids=", ".join(party["circle"]))
        console.print(Text("  " + told, style="yellow"))
    _lines(console, "party-names", [say("party-name-since", **_plain(e)) for e in party["names"]])
    _lines(console, "party-aliases", [_alias(each) for each in party["aliases"]])
    _lines(console, "party-merges", [_merge(each) for each in party["merges"]])
    for each in party["documents"]:
        told = say("party-document", document=places.document(each))
        console.print(Text(f"  {told}  {each['business_date']}"))
    if party["occupied"]:
        title = say("party-occupied", count=party["occupied_count"])
        console.print(_tenancies(title, party["occupied"], "location"))


def _plain(each: Json) -> dict[str, Any]:
    return {"since": each["since"], "name": each["name"]}


def _alias(each: Json) -> str:
    days = " – ".join(day or "…" for day in (each["valid_from"], each["valid_to"]))
    shown = "" if each["valid_from"] is each["valid_to"] is None else days
    scheme = _word("scheme", each["scheme"])
    return say("party-alias", scheme=scheme, code=each["code"], days=shown).rstrip()


def _merge(each: Json) -> str:
    return say(
        "party-merge",
        party=each["party_name"] or each["party"],
        into=each["into_name"] or each["into"],
        since=each["since"],
    )


def _lines(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(Text(say(title), style="bold"))
        for line in lines:
            console.print(Text("  " + line))
