"""How many brokers a data folder was made with, and whether they are all still there.

brokers.json    {"brokers": 3}, written once all of them are formatted
kafka/          the one broker of a folder with one
kafka-1/ ...    those of a folder with several

Events that are spread over three brokers aren't there for one, and a single one's events don't
spread by themselves, so the number is the folder's for good.
"""

from __future__ import annotations

import json
from pathlib import Path

from foodtrace_deploy.stack.problem import StackProblem

_FILE = "brokers.json"


def folders(data: Path, brokers: int) -> list[Path]:
    """Where the brokers of a data folder live, in the order of their numbers."""
    if brokers == 1:
        return [data / "kafka"]
    return [data / f"kafka-{number}" for number in range(1, brokers + 1)]


def number(data: Path, wish: int | None) -> int:
    """How many to start: what the folder was made with, else the wish, else one.

    Raises StackProblem `brokers-differ` for another wish, `brokers-lost` where so many of the
    brokers' folders are gone that the rest would begin with an empty log.
    """
    made_with = remembered(data)
    if made_with is None:
        return wish or 1
    if wish not in (None, made_with):
        raise StackProblem("brokers-differ", folder=data, made=made_with, wish=wish)
    there = [one for one in folders(data, made_with) if _is_formatted(one)]
    # The others bring one of them up again only while they are the majority.
    if 2 * len(there) <= made_with:
        lost = [one.name for one in folders(data, made_with) if one not in there]
        raise StackProblem("brokers-lost", folder=data, lost=", ".join(lost), made=made_with)
    return made_with


def remembered(data: Path) -> int | None:
    """What the folder was made with; None when no broker has been formatted in it yet."""
    try:
        return int(json.loads((data / _FILE).read_text())["brokers"])
    except FileNotFoundError:
        # A folder from before there could be several, or one whose first start was broken off.
        return 1 if _is_formatted(data / "kafka") else None
    except (ValueError, KeyError, TypeError) as error:
        raise StackProblem("brokers-unreadable", file=data / _FILE, why=str(error)) from error


def remember(data: Path, brokers: int) -> None:
    """Keep the number, once all of them are formatted."""
    (data / _FILE).write_text(json.dumps({"brokers": brokers}) + "\n")


def _is_formatted(folder: Path) -> bool:
    return (folder / "data" / "meta.properties").exists()
