"""The client: push events, ask where goods came from and where they went, keep the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, Self
from urllib.parse import quote

import httpx

from foodtrace_client.answers import EventAnswer, Pushed
from foodtrace_client.batches import BATCH_BYTES, BATCH_EVENTS, Document
from foodtrace_client.errors import Conflicting, NotKnown, Unavailable, local_problem
from foodtrace_client.line import Line
from foodtrace_client.push import Limits, Pusher
from foodtrace_client.retry import RetryPolicy

#: What a question starts from: one party's lot, or a batch in all the hands that hold it.
Subject = Literal["lot", "batch"]
#: Which way a question goes.
Question = Literal["upstream", "downstream", "affected"]
_FOLDER: Mapping[Subject, str] = {"lot": "lots", "batch": "batches"}


class Client:
    """A connection to one foodtrace, with one key. Close it, or use it in a `with` block.

    Every method raises an `ApiError` (errors.py) when there is no answer; answers are the JSON of
    the API as it is (docs of the API say what is in them). `after` is the token of a push: the
    answer then waits until that push is in the ledger.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        language: str = "en",
        timeout_s: float = 60.0,
        retry: RetryPolicy | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        """Talk to `base_url` with `key`, problems in `language` (zh or en).

        `http` replaces the connection, for instance by one through a proxy.
        """
        self._http = http or connection(base_url, timeout_s)
        self._http.headers["Accept-Language"] = language
        if key is not None:
            self._http.headers["Authorization"] = f"Bearer {key}"
        self._line = Line(self._http, retry or RetryPolicy())

    def __enter__(self) -> Self:
        """Nothing is connected before the first request."""
        return self

    def __exit__(self, *_reason: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def push(
        self,
        documents: Iterable[Document],
        *,
        batch: int = BATCH_EVENTS,
        batch_bytes: int = BATCH_BYTES,
        on_answer: Callable[[EventAnswer], None] | None = None,
        on_progress: Callable[[Pushed], None] | None = None,
    ) -> Pushed:
        """Push documents in their order, `batch` of them or `batch_bytes` a request.

        `on_answer` hears each document's verdict, `on_progress` the sum after each request. Refused
        documents don't stop the others. Raises `Unavailable` when a request can't be handed over in
        the attempts of the retry policy: what came before is stored, and the same push may simply
        be repeated. The `after` of the sum covers the whole push.
        """
        pusher = Pusher(self._line, on_answer, on_progress)
        return pusher.push(documents, Limits(events=batch, size=batch_bytes))

    def wait(self, after: str) -> None:
        """Return once the push of that token is in the ledger; raises `Unavailable` if it takes long.

        Any question does; whether the code asked for is known doesn't matter.
        """
        try:
            self.find_lots("-", after=after)
        except (NotKnown, Conflicting) as error:
            if not error.problem.code.startswith("code."):
                raise

    def find_lots(self, code: str, **filters: Any) -> Any:
        """What a code may stand for: the batches that fit, each with the lots that hold it."""
        return self._line.ask("GET", "/v1/lots", params={"code": code, **filters})

    def lot(self, lot_id: str) -> Any:
        """One party's lot: what is printed on it, its balance, papers and flags."""
        return self._line.ask("GET", f"/v1/lots/{_part(lot_id)}")

    def batch(self, batch_id: str) -> Any:
        """A batch, with the lots of it in all hands."""
        return self._line.ask("GET", f"/v1/batches/{_part(batch_id)}")

    def ask(
        self,
        question: Question,
        subject: Subject,
        subject_id: str,
        *,
        after: str | None = None,
        **params: Any,
    ) -> Any:
        """Upstream or downstream of a lot or batch, or whom it affects."""
        path = f"/v1/{_FOLDER[subject]}/{_part(subject_id)}/{question}"
        return self._line.ask("GET", path, params={"after": after, **params})

    def affected(self, subject: Subject, subject_id: str, **params: Any) -> Any:
        """Who holds, held or sold it or what was made of it."""
        return self.ask("affected", subject, subject_id, **params)

    def upstream(self, subject: Subject, subject_id: str, **params: Any) -> Any:
        """Where it came from."""
        return self.ask("upstream", subject, subject_id, **params)

    def downstream(self, subject: Subject, subject_id: str, **params: Any) -> Any:
        """Where it went."""
        return self.ask("downstream", subject, subject_id, **params)

    def receipt(self, code: str, **params: Any) -> Any:
        """A receipt by its code, or by its number with `amount` or `date`."""
        return self._line.ask("GET", f"/v1/receipts/{_part(code)}", params=params)

    def voucher(self, number: str, **params: Any) -> Any:
        """What a voucher number ties together."""
        return self._line.ask("GET", f"/v1/vouchers/{_part(number)}", params=params)

    def get(self, path: str, **params: Any) -> Any:
        """Any other GET, by its path below the address."""
        return self._line.ask("GET", path, params=params)

    def pages(self, path: str, name: str, **params: Any) -> Iterator[Any]:
        """All entries of a list that comes in pages, `name` being the list's member."""
        cursor = None
        while True:
            page = self._line.ask("GET", path, params={**params, "cursor": cursor})
            yield from page[name]
            cursor = page.get("next")
            if cursor is None:
                return

    def post(self, path: str, document: Mapping[str, Any]) -> Any:
        """Any other POST of a JSON document."""
        return self._line.ask("POST", path, json=document, repeatable=False)

    def post_bytes(self, path: str, document: bytes) -> Any:
        """The same of a JSON document as it is written, so that no amount in it is rounded."""
        return self._line.ask(
            "POST", path, body=document, media_type="application/json", repeatable=False
        )

    def delete(self, path: str, name: str) -> Any:
        """DELETE of the entry `name` of a list."""
        return self._line.ask("DELETE", f"{path}/{_part(name)}")


def connection(base_url: str, timeout_s: float) -> httpx.Client:
    """A proxy of the environment is for the world outside, never for this machine."""
    try:
        here = httpx.URL(base_url).host in {"localhost", "127.0.0.1", "::1"}
        return httpx.Client(base_url=base_url, timeout=timeout_s, trust_env=not here)
    except httpx.InvalidURL as error:
        raise Unavailable(local_problem("api.unreachable", f"{base_url}: {error}")) from error


def _part(text: str) -> str:
    """A path segment: codes hold slashes, spaces and Chinese characters."""
    return quote(text, safe="")
