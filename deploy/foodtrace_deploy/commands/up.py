"""`foodtrace up`: the whole stack, until somebody ends it."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from foodtrace.problems import FoodtraceError
from foodtrace_deploy import view
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.options import DATA, ApiPort, Broker, Brokers, Data, Json, Workers
from foodtrace_deploy.show import as_json, fail, news
from foodtrace_deploy.stack.notice import Said
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.signals import Signals, StopRequested
from foodtrace_deploy.stack.stack import Running, Stack
from foodtrace_deploy.texts import say, speak
from foodtrace_ops.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up", help=say("up-help"))(up)


def up(
    data: Data = DATA,
    broker: Broker = "auto",
    brokers: Brokers = None,
    workers: Workers = 1,
    api_port: ApiPort = None,
    new_keys: Annotated[bool, typer.Option("--new-keys", help=say("option-new-keys"))] = False,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Start everything, say where it is, keep it running, end it in order."""
    if lang is not None:
        speak(lang)
    try:
        options = Options(
            data=data,
            broker=broker,
            brokers=brokers,
            workers=workers,
            api_port=api_port,
            new_keys=new_keys,
            settings=Settings(),
        )
        if not json_form:
            news.print(say("up-starting", data=data.absolute()))
        while _one_run(options, json_form=json_form):
            lost = Said(key="memory-lost")
            if json_form:
                view.json_news(lost)
            else:
                news.print(say(lost.key), style="yellow")
    except (StackProblem, FoodtraceError) as problem:
        fail(problem, json_form=json_form)


def _one_run(options: Options, *, json_form: bool) -> bool:
    """From start to end; True if all has to begin anew, because the in-memory broker ended."""
    try:
        with view.View() as shown:
            stack = Stack(options, view.json_news if json_form else shown)
            with Signals(stack.kill):
                _keep_up(stack, json_form=json_form)
    except StopRequested:
        if not json_form:
            news.print(say("up-stopped"))
        return False
    return True


def _keep_up(stack: Stack, *, json_form: bool) -> None:
    began = time.monotonic()
    try:
        running = stack.start()
        _announce(running, time.monotonic() - began, json_form=json_form)
        stack.wait()
    except StopRequested:
        if not json_form:
            news.print(say("up-stopping"))
        raise
    finally:
        stack.stop()


def _announce(running: Running, seconds: float, *, json_form: bool) -> None:
    if json_form:
        as_json(view.as_object(running))
        return
    news.print(say("up-ready", seconds=f"{seconds:.1f}"), style="bold green")
    view.ready(running)
