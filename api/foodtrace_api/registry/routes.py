"""The routes of Confluent's Schema Registry that its clients use.

Reading needs no key: contracts are public. Registering and setting levels is for ops.
"""

from __future__ import annotations

from threading import Lock
from typing import Annotated, Any

import structlog
from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response

from foodtrace_api.registry.dialect import MEDIA_TYPE, PREFIX, said
from foodtrace_api.registry.shapes import LevelWanted, SchemaWanted
from foodtrace_api.start import publish_rows
from foodtrace_api.web.caller import Staff, by
from foodtrace_api.web.door import door_of
from foodtrace_schemas.registry import Registered, Registry

_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Confluent's error body",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["error_code", "message"],
                    "properties": {
                        "error_code": {"type": "integer"},
                        "message": {"type": "string"},
                    },
                }
            }
        },
    }
}
log = structlog.get_logger(__name__)

_REGISTERING = Lock()

router = APIRouter(
    prefix=PREFIX, tags=["registry"], responses=_ERRORS, default_response_class=Response
)

Subject = Annotated[str, Path(examples=["foodtrace.Trade"])]
Version = Annotated[str, Path(examples=["latest"])]
Inherited = Annotated[bool, Query(alias="defaultToGlobal")]
Prefix = Annotated[str, Query(alias="subjectPrefix")]


def _registry(request: Request) -> Registry:
    return Registry(door_of(request).rows)


@router.get("/")
@router.get("")
def root() -> Response:
    """Clients ask it to see whether there is a registry."""
    return said({})


@router.get("/subjects", summary="Subjects")
def subjects(request: Request, prefix: Prefix = "") -> Response:
    """All subjects, or those that begin so."""
    return said([each for each in _registry(request).subjects() if each.startswith(prefix)])


@router.get("/subjects/{subject}/versions", summary="Versions of a subject")
def versions(request: Request, subject: Subject) -> Response:
    """Their numbers, oldest first."""
    return said(_registry(request).versions(subject))


@router.get("/subjects/{subject}/versions/{version}", summary="A version of a subject")
def version(request: Request, subject: Subject, version: Version) -> Response:
    """By number, or `latest`."""
    return said(_version(_registry(request).version(subject, version)))


@router.get("/subjects/{subject}/versions/{version}/schema", summary="The schema of a version")
def version_schema(request: Request, subject: Subject, version: Version) -> Response:
    """The schema alone, unescaped."""
    found = _registry(request).version(subject, version)
    return Response(found.text, media_type=MEDIA_TYPE)


@router.post("/subjects/{subject}/versions", summary="Register a schema (ops)")
async def register(
    request: Request, _caller: Staff, subject: Subject, wanted: SchemaWanted
) -> Response:
    """Gives the id once the schemas topic holds it too, so that workers can read it.

    A schema that is registered already keeps its id and version.
    """

    def in_office() -> Registered:
        # One at a time: each is compared with all that came before it.
        with _REGISTERING:
            return _registry(request).register(
                subject, wanted.schema, schema_type=wanted.type, references=wanted.refers_to
            )

    row = await to_thread.run_sync(in_office)
    log.info("schema.registered", by=by(request), subject=subject, version=row.version)
    # Also where it was there already: a call that failed between the two is mended by a retry.
    await publish_rows(door_of(request), [row])
    return said(_version(row))


@router.post("/subjects/{subject}", summary="Look a schema up")
def look_up(request: Request, subject: Subject, wanted: SchemaWanted) -> Response:
    """The version of the subject that has exactly this schema."""
    found = _registry(request).lookup(
        subject, wanted.schema, schema_type=wanted.type, references=wanted.refers_to
    )
    return said(_version(found))


@router.get("/schemas/types", summary="Kinds of schemas")
def types() -> Response:
    """Avro alone."""
    return said(["AVRO"])


@router.get("/schemas/ids/{schema_id}", summary="The schema of an id")
def schema(request: Request, schema_id: int) -> Response:
    """As text within JSON, which is how serializers ask for it."""
    return said({"schema": _registry(request).text(schema_id)})


@router.get("/schemas/ids/{schema_id}/schema", summary="The schema of an id, unescaped")
def schema_alone(request: Request, schema_id: int) -> Response:
    """The schema alone."""
    return Response(_registry(request).text(schema_id), media_type=MEDIA_TYPE)


@router.get("/schemas/ids/{schema_id}/subjects", summary="Subjects that have a schema")
def schema_subjects(request: Request, schema_id: int) -> Response:
    """Sorted."""
    return said(sorted({row.subject for row in _registry(request).places(schema_id)}))


@router.get("/schemas/ids/{schema_id}/versions", summary="Versions that have a schema")
def schema_versions(request: Request, schema_id: int) -> Response:
    """Subject and version."""
    places = _registry(request).places(schema_id)
    return said([{"subject": row.subject, "version": row.version} for row in places])


@router.post("/compatibility/subjects/{subject}/versions", summary="Compare with all versions")
def compare_all(
    request: Request, subject: Subject, wanted: SchemaWanted, verbose: bool = False
) -> Response:
    """Whether the subject would take the schema, by its level."""
    return _compared(_clashes(request, subject, wanted, None), verbose)


@router.post(
    "/compatibility/subjects/{subject}/versions/{version}", summary="Compare with a version"
)
def compare(
    request: Request,
    subject: Subject,
    version: Version,
    wanted: SchemaWanted,
    verbose: bool = False,
) -> Response:
    """Whether the schema fits one version, by the subject's level."""
    return _compared(_clashes(request, subject, wanted, version), verbose)


@router.get("/config", summary="The level of all subjects")
def level(request: Request) -> Response:
    """FULL_TRANSITIVE unless ops set another."""
    return said({"compatibilityLevel": _registry(request).level()})


@router.put("/config", summary="Set the level of all subjects (ops)")
def set_level(request: Request, _caller: Staff, wanted: LevelWanted) -> Response:
    """For subjects without a level of their own."""
    return said({"compatibility": _registry(request).set_level(wanted.compatibility)})


@router.get("/config/{subject}", summary="The level of a subject")
def subject_level(request: Request, subject: Subject, inherited: Inherited = False) -> Response:
    """Its own; with defaultToGlobal that of all where it has none."""
    found = _registry(request).level(subject, inherited=inherited)
    return said({"compatibilityLevel": found})


@router.put("/config/{subject}", summary="Set the level of a subject (ops)")
def set_subject_level(
    request: Request, _caller: Staff, subject: Subject, wanted: LevelWanted
) -> Response:
    """It comes before the level of all."""
    return said({"compatibility": _registry(request).set_level(wanted.compatibility, subject)})


@router.delete("/config/{subject}", summary="Let a subject follow the level of all (ops)")
def unset_level(request: Request, _caller: Staff, subject: Subject) -> Response:
    """Gives the level it had."""
    return said({"compatibilityLevel": _registry(request).unset_level(subject)})


@router.get("/mode", summary="The mode of the registry")
def mode() -> Response:
    """Always readable and writable; only ops write."""
    return said({"mode": "READWRITE"})


@router.get("/mode/{subject}", summary="The mode of a subject")
def subject_mode(subject: Subject) -> Response:
    """The same for all."""
    return said({"mode": "READWRITE"})


def _version(row: Registered) -> dict[str, Any]:
    return {
        "subject": row.subject,
        "id": row.schema_id,
        "version": row.version,
        "schemaType": "AVRO",
        "schema": row.text,
    }


def _clashes(
    request: Request, subject: str, wanted: SchemaWanted, version: str | None
) -> tuple[str, ...]:
    return _registry(request).clashes(subject, wanted.schema, version, schema_type=wanted.type)


def _compared(clashes: tuple[str, ...], verbose: bool) -> Response:
    told: dict[str, Any] = {"is_compatible": not clashes}
    return said({**told, "messages": list(clashes)} if verbose else told)
