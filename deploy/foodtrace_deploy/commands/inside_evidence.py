"""What the commands of evidence need that read log and database themselves: settings, named ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from foodtrace.problems import FoodtraceError, OurFault, TheirFault
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.show import fail
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import is_transient
from foodtrace_ops.settings import Settings

_CODES: Mapping[str, Exit] = {
    "evidence.log-differs": Exit.REFUSED,
    "evidence.forked": Exit.REFUSED,
    "bundle.other-event": Exit.REFUSED,
    "evidence.nothing-to-retire": Exit.REFUSED,
    "evidence.key-in-use": Exit.REFUSED,
    "evidence.retired-key": Exit.REFUSED,
    "evidence.not-yet": Exit.UNAVAILABLE,
    "push.bus-away": Exit.UNAVAILABLE,
    "ledger.away": Exit.UNAVAILABLE,
    "event.unknown": Exit.NOT_KNOWN,
    "evidence.no-checkpoint": Exit.NOT_KNOWN,
}


@contextmanager
def failing(*, json_form: bool) -> Iterator[None]:
    """Ends the command by the name of what went wrong, each with its exit code."""
    try:
        yield
    except StackProblem as problem:
        fail(problem, json_form=json_form)
    except FoodtraceError as error:
        code = Exit.FILE if isinstance(error, TheirFault) else Exit.NOT_STARTED
        fail(error, json_form=json_form, code=_CODES.get(error.code, code))
    except DBAPIError as error:
        if not is_transient(error):
            raise
        away = OurFault("ledger.away", str(error.orig).strip())
        fail(away, json_form=json_form, code=Exit.UNAVAILABLE)


@contextmanager
def engine_of(settings: Settings) -> Iterator[Engine]:
    """A few connections to the database, closed in the end."""
    url = settings.database_url.get_secret_value()
    engine = make_engine(url, application="foodtrace-evidence", pool_size=2)
    try:
        yield engine
    finally:
        engine.dispose()
