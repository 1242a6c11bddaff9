"""`foodtrace import`: data in outside formats, as the same events and lineage as everything else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from foodtrace.problems import TheirFault
from foodtrace_client.batches import BATCH_EVENTS
from foodtrace_deploy.commands.asking import Key, Lang, Url
from foodtrace_deploy.commands.connect import PUSHING, Where, connect
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.files import opened
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.push import WaitOption, wait_for
from foodtrace_deploy.commands.pushing import Keeper, push_entries, refused_file, summary
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.pushed import progress_bar, show_pushed
from foodtrace_deploy.show import as_json, news
from foodtrace_deploy.texts import say
from foodtrace_formats import foodchainlab
from foodtrace_formats.files import Entry
from foodtrace_formats.foodchainlab import Network

FileArgument = Annotated[str, typer.Argument(metavar="FILE", help=say("help-fcl-file"))]
Scope = Annotated[str, typer.Option("--scope", help=say("help-scope"))]
Source = Annotated[str, typer.Option("--source", help=say("help-import-source"))]
Revision = Annotated[int, typer.Option("--revision", min=0, help=say("help-revision"))]
StopAt = Annotated[
    list[str] | None, typer.Option("--stop-at", metavar="STATION", help=say("help-stop-at"))
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("help-out"))]


def register(app: typer.Typer) -> None:
    """Add the group and its commands."""
    group = typer.Typer(help=say("help-import"), no_args_is_help=True)
    group.command("foodchain-lab", help=say("help-import-fcl"))(foodchain_lab)
    app.add_typer(group, name="import")


def foodchain_lab(
    file: FileArgument,
    scope: Scope = foodchainlab.SCOPE,
    source: Source = foodchainlab.SOURCE,
    revision: Revision = 0,
    stop_at: StopAt = None,
    out: Out = None,
    wait: WaitOption = False,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Push the events of a FoodChain-Lab file, or write them to a file."""
    with telling(lang=lang, json_form=json_form):
        with opened(file) as raw:
            network = foodchainlab.read_network(raw)
        stops = _known(network, stop_at or [])
        made = foodchainlab.documents(
            network, source=source, scope=scope, revision=revision, stop_at=stops
        )
        documents = list(made)
        found = _found(network, documents)
        if not json_form:
            _tell(network, found, followed=bool(stops))
        if out is not None:
            _write(out, documents)
            done: dict[str, Any] = {"written": len(documents), "out": str(out)}
            if not json_form:
                note("written", count=len(documents), file=out)
        else:
            done = _push(file, documents, Where(url=url, key=key, data=data), wait, json_form)
        if json_form:
            as_json({**found, **done})
        if done.get("refused"):
            raise typer.Exit(Exit.REFUSED)


def _known(network: Network, wished: Iterable[str]) -> list[str]:
    """Stations where nothing passes on; a misspelt one would change the answer without a word."""
    names = {name for each in network.stations.values() for name in (each.id, each.name)}
    for station in wished:
        if station not in names:
            raise TheirFault("fcl.unknown-station", repr(station), "--stop-at")
    return list(wished)


def _found(network: Network, documents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    dated = [each for each in documents if each["kind"] == "trade"]
    return {
        "stations": len(network.stations),
        "deliveries": len(network.deliveries),
        "relations": sum(map(len, network.inputs.values())),
        "dates_assumed": sum("fcl.date" in each["envelope"]["extra"] for each in dated),
        "amounts_missing": sum("fcl.amount" in each["envelope"]["extra"] for each in dated),
        "stops": sorted(network.stops),
    }


def _tell(network: Network, found: Mapping[str, Any], *, followed: bool) -> None:
    note("fcl-found", **{name: found[name] for name in ("stations", "deliveries", "relations")})
    if found["dates_assumed"]:
        note("fcl-assumed", count=found["dates_assumed"])
    if found["amounts_missing"]:
        note("fcl-amounts", count=found["amounts_missing"])
    if network.stops and not followed:
        note("fcl-stops", stations=", ".join(network.stations[s].name for s in network.stops))


def _write(out: Path, documents: Iterable[Mapping[str, Any]]) -> None:
    try:
        with out.open("w", encoding="utf-8") as file:
            for each in documents:
                file.write(json.dumps(each, ensure_ascii=False) + "\n")
    except OSError as error:
        raise TheirFault("file.unreadable", f"{out}: {error.strerror}") from error


def _push(
    file: str, documents: list[dict[str, Any]], where: Where, wait: bool, json_form: bool
) -> dict[str, Any]:
    keeper = Keeper(refused_file(file), "item")
    entries = (Entry(number=n, document=each) for n, each in enumerate(documents, start=1))
    with connect(where, PUSHING) as client:
        try:
            with progress_bar(news) as bar:
                task = bar.add_task(say("pushing", file=file), total=len(documents), events=0)
                pushed = push_entries(
                    client,
                    entries,
                    keeper,
                    batch=BATCH_EVENTS,
                    on_progress=lambda total: bar.update(
                        task, completed=total.events, events=total.events
                    ),
                )
        finally:
            keeper.close()
        if not json_form:
            show_pushed(news, file, pushed, keeper)
        if wait:
            wait_for(client, [asdict(pushed)], quiet=json_form)
    return summary(file, pushed, keeper)
