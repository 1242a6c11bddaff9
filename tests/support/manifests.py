"""The files under deploy/ as values, and what may be said of them without an engine that runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from ruamel.yaml import YAML

from foodtrace_ops.settings import PREFIX, Settings, table, variable

DEPLOY = Path(__file__).parents[2] / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
PROMETHEUS = DEPLOY / "prometheus"

Document = dict[str, Any]

SETTINGS = frozenset(row.variable for row in table())
SECRETS = frozenset(
    variable(name)
    for name, field in Settings.model_fields.items()
    if isinstance(field.default, SecretStr)
)
#: A registry's host in front of an image's name has a dot or a port.
_HOST = re.compile(r"^[^/]*[.:][^/]*/")


@cache
def read(path: Path) -> list[Document]:
    """The YAML documents of a file, read once; a key that stands twice is an error."""
    with path.open(encoding="utf-8") as file:
        return [each for each in YAML(typ="safe").load_all(file) if each]


def resources() -> list[Document]:
    """What `kubectl apply -k` would apply, in its order."""
    [kustomization] = read(KUBERNETES / "kustomization.yaml")
    return [each for name in kustomization["resources"] for each in read(KUBERNETES / name)]


def of_kind(kind: str, name: str | None = None) -> Document:
    """The one resource of a kind, by its name where there are several."""
    [found] = [
        each
        for each in resources()
        if each["kind"] == kind and name in (None, each["metadata"]["name"])
    ]
    return found


def pods() -> dict[str, Document]:
    """Specs of our own pods by the name of what makes them."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in resources()
        if each["kind"] in ("Deployment", "StatefulSet", "Job")
    }


def container(pod: Document) -> Document:
    """The only container of a pod."""
    [found] = pod["containers"]
    told: Document = found
    return told


def environment(pod: Document) -> dict[str, Any]:
    """Variables of a pod's container: a text, or the reference that gives it."""
    shared = of_kind("ConfigMap", "foodtrace-settings")["data"]
    own = container(pod).get("env", [])
    return {**shared, **{each["name"]: each.get("value", each.get("valueFrom")) for each in own}}


def services() -> dict[str, Document]:
    """The services of the compose file, merges applied."""
    [compose] = read(COMPOSE)
    found: dict[str, Document] = compose["services"]
    return found


def unknown_variables(environment: Mapping[str, Any]) -> list[str]:
    """Variables with our prefix that no setting has: a part would silently take its default."""
    return [each for each in environment if each.startswith(PREFIX) and each not in SETTINGS]


def open_secrets(environment: Mapping[str, Any]) -> list[str]:
    """Secret settings that are written down; they have to come from elsewhere."""
    return [
        name
        for name in SECRETS & environment.keys()
        if isinstance(environment[name], str) and "${" not in environment[name]
    ]


def settings_of(environment: Mapping[str, Any]) -> Settings:
    """The settings that the plain values give; raises ValidationError for one that can't be."""
    plain: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name in SETTINGS and isinstance(value, str)
    }
    return Settings(**plain)


def images(documents: object) -> Iterator[str]:
    """Names of images, wherever they stand."""
    if isinstance(documents, Mapping):
        for key, value in documents.items():
            if key in ("image", "imageName") and isinstance(value, str):
                yield value
            else:
                yield from images(value)
    elif isinstance(documents, Sequence) and not isinstance(documents, str):
        for each in documents:
            yield from images(each)


def names_host(image: str) -> bool:
    """Whether an image's name says from which registry it comes."""
    return _HOST.match(image) is not None
