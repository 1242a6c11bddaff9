"""What an ERP, a market or our own command line uses to talk to foodtrace over HTTP.

    from foodtrace_client import Client

    with Client("http://127.0.0.1:8000", key="ftk_...") as client:
        pushed = client.push(documents)
        answer = client.affected("batch", batch_id, after=pushed.after)

Pushing is safe to repeat: an event's id follows from its source, kind, source_event_id and
revision, so whatever is sent again after a failure is known to be the same event.

A system that must lose nothing while the network is away uses the producer kit. Its parts are
imported by their files, so that asking a question loads neither codec nor Kafka:

    from foodtrace_client.http_door import HttpDoor  # or kafka_door, with schema_ids
    from foodtrace_client.kit import Producer

    with Producer("/var/lib/erp/spool", HttpDoor(url, key), source="my-erp") as producer:
        producer.send(document)
"""

from foodtrace_client.answers import EventAnswer, Pushed, Verdict
from foodtrace_client.batches import Document
from foodtrace_client.client import Client
from foodtrace_client.errors import (
    ApiError,
    Conflicting,
    Denied,
    NotKnown,
    Problem,
    Refused,
    Unavailable,
)
from foodtrace_client.retry import RetryPolicy

__all__ = [
    "ApiError",
    "Client",
    "Conflicting",
    "Denied",
    "Document",
    "EventAnswer",
    "NotKnown",
    "Problem",
    "Pushed",
    "Refused",
    "RetryPolicy",
    "Unavailable",
    "Verdict",
]
