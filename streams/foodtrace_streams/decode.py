"""From the bytes of a record to a valid event, with the schema it was written with."""

from __future__ import annotations

from foodtrace_schemas import codec
from foodtrace_streams.schemas import SchemaBook
from foodtrace_streams.verdict import Decode, Decoding


def decoding(book: SchemaBook) -> Decoding:
    """The decoder for each chunk, reading schemas through `book`."""

    def for_chunk() -> Decode:
        lookup = book.for_chunk()
        return lambda value: codec.decode(value, lookup)

    return for_chunk
