"""Requests to a portal: passing failures told from final ones, bodies streamed, tokens kept with their own host.

The one decision: a token goes to the origin of the endpoint only; a link a portal hands out to another origin is
followed without it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from pipeline.publish.targets.contract import PublishError
from pipeline.publish.targets.retry import PASSING_STATUS, PassingError, Retry
from pipeline.publish.targets.secrets import Token
from pipeline.publish.targets.source import PIECE

_TIMEOUT: Final = (15.0, 300.0)
BROKEN: Final = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
"""What `requests` raises when a connection fails or ends too early."""


class _Signed(AuthBase):
    """Puts the token on requests to one origin; given as `auth`, it also keeps a ~/.netrc from replacing it."""

    def __init__(self, origin: str, scheme: str, token: Token | None) -> None:
        self._origin, self._scheme, self._token = origin, scheme, token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None and origin_of(request.url or "") == self._origin:
            request.headers["Authorization"] = f"{self._scheme}{self._token.unwrap()}"
        return request


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def signed_session(endpoint: str, token: Token | None, scheme: str = "Bearer ") -> requests.Session:
    """A session that signs requests to the endpoint's origin, and none to another one."""
    session = requests.Session()
    session.auth = _Signed(origin_of(endpoint), scheme, token)
    return session


class Http:
    """One portal's endpoint."""

    def __init__(self, endpoint: str, token: Token | None, retry: Retry, scheme: str = "Bearer ") -> None:
        self.endpoint = endpoint
        self._retry = retry
        self._session = signed_session(endpoint, token, scheme)

    def json(self, method: str, url: str, body: object = None, *, missing: bool = False) -> Any:
        """Send and receive JSON; None for an answer without a body, and for 404 where that is no error."""
        return self._retry(lambda: self.json_once(method, url, body, missing=missing))

    def json_once(self, method: str, url: str, body: object = None, *, missing: bool = False) -> Any:
        """As `json`, without trying again: for what must not happen twice when only the answer was lost."""
        with self._answer(method, url, missing=missing, **({} if body is None else {"json": body})) as answer:
            if answer.status_code == 404 or not answer.content:
                return None
            try:
                return answer.json()
            except ValueError as error:
                raise PassingError(f"{method} {_plain(url)} was answered with something that is no JSON") from error

    def put_file(self, url: str, path: Path) -> None:
        """Upload a file from its beginning, again after each passing failure."""

        def attempt() -> None:
            with path.open("rb") as stream:
                # requests sends an empty stream as "chunked", which object stores refuse.
                self._answer("PUT", url, data=stream if path.stat().st_size else b"").close()

        self._retry(attempt)

    def pieces(self, url: str) -> Iterator[bytes]:
        """A file's bytes as sent, in pieces; raises `PassingError` when the connection is cut, without trying again."""
        try:
            with self._answer("GET", url, stream=True, headers={"Accept-Encoding": "identity"}) as answer:
                # Not decoded: no encoding was asked for, and a .gz is served by some as text in gzip encoding.
                yield from answer.raw.stream(PIECE, decode_content=False)
        except urllib3.exceptions.HTTPError as error:
            raise PassingError(f"the connection broke ({type(error).__name__})") from error

    def _answer(self, method: str, url: str, *, missing: bool = False, **more: Any) -> requests.Response:
        address = url if "://" in url else self.endpoint + url
        try:
            answer = self._session.request(method, address, timeout=_TIMEOUT, **more)
        except BROKEN as error:
            raise PassingError(f"the connection broke ({type(error).__name__})") from error
        if answer.ok or (missing and answer.status_code == 404):
            return answer
        sentence = f"{method} {_plain(address)} was answered with {answer.status_code}"
        with answer:
            if answer.status_code in PASSING_STATUS:
                raise PassingError(sentence, wait=_asked_wait(answer))
            raise PublishError(f"{sentence}: {_reason(answer)}")


def _asked_wait(answer: requests.Response) -> float | None:
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else None


def _reason(answer: requests.Response) -> str:
    return " ".join(answer.text.split())[:300] or "no reason was given"


def _plain(url: str) -> str:
    return url.partition("?")[0]
