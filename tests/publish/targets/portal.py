"""A portal on this machine for tests: keeps what it is sent, and breaks at the moments a test chooses."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

REFUSAL = b"not now"
"""What a portal says when it refuses."""


@dataclass
class Fault:
    """What goes wrong, with the first `times` requests of this method whose path contains `part`."""

    method: str
    part: str
    kind: Literal["status", "lost", "cut", "corrupt"]
    """`status`: refused before anything happens. `lost`: done, but the answer never comes. `cut`: the body ends half
    way. `corrupt`: one byte is another one, in what is stored (PUT, POST) or sent (GET)."""
    times: int = 1
    status: int = 502
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, status: int = 200) -> "Reply":
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body) if self.body else {}


class Portal(ABC):
    """Serves while `running`; a subclass says in `answer` what the portal does."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.lock = RLock()
        self.url = ""

    @abstractmethod
    def answer(self, asked: Asked) -> Reply: ...

    def n_asked(self, method: str, part: str) -> int:
        return sum(asked.method == method and part in asked.path for asked in self.asked)

    @contextmanager
    def running(self) -> Iterator[None]:
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement
            wbufsize = 1 << 16

            def handle_one(self) -> None:
                portal._serve(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one  # noqa: N815

            def handle_expect_100(self) -> bool:
                wanted = super().handle_expect_100()
                self.wfile.flush()
                return wanted

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        path = unquote(parts.path)
        fault = self._fault(handler.command, path)
        length = int(handler.headers.get("Content-Length") or 0)
        if fault and fault.kind == "cut" and handler.command != "GET":
            handler.rfile.read(length // 2)
            handler.close_connection = True
            return
        if handler.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b"".join(_chunks(handler))
        else:
            body = handler.rfile.read(length)
        if fault and fault.kind == "corrupt" and handler.command != "GET":
            body = _other(body)
        asked = Asked(
            handler.command, path, parse_qs(parts.query, keep_blank_values=True), dict(handler.headers.items()), body
        )
        self.asked.append(asked)
        if fault and fault.kind == "status":
            reply = Reply(fault.status, REFUSAL, fault.headers)
        else:
            with self.lock:
                reply = self.answer(asked)
        if fault and fault.kind == "lost":
            handler.close_connection = True
            return
        sent = reply.body
        if fault and handler.command == "GET" and fault.kind in {"cut", "corrupt"}:
            sent = sent[: len(sent) // 2] if fault.kind == "cut" else _other(sent)
            handler.close_connection = fault.kind == "cut"
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if "Content-Length" not in reply.headers:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(sent)

    def _fault(self, method: str, path: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.method == method and fault.part in path:
                    fault.times -= 1
                    return fault
        return None


def _chunks(handler: BaseHTTPRequestHandler) -> Iterator[bytes]:
    while size := int(handler.rfile.readline().split(b";")[0], 16):
        yield handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()


def _other(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :] if body else b"?"
