"""Serves the report and the page that explains every table on this machine, beside Dagster, so that its links open.

Decides one thing: the page on tables needs no build. It is the same for any data, so it is there before the first one.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from pipeline.report.pages import DICTIONARY, HERE, dictionary_page

_STATIC: Final = "/static/"


@contextmanager
def serve_pages(report: Path, host: str) -> Iterator[str]:
    """Serve a report folder at a free port until the block ends.

    Args:
        report: `outputs/report`; it may be missing, or be replaced by a build meanwhile.
        host: address of this machine.

    Yields:
        The address of the pages, without a slash at the end.
    """
    server = _Server((host, 0), partial(_Pages, directory=str(report)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a browser goes away in the middle of a file; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Pages(SimpleHTTPRequestHandler):
    """Files of the report; the page on tables and its style come off the program where no report is yet."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == f"/{DICTIONARY}":
            self._send(dictionary_page().encode())
        elif path in {"/", "/index.html"} and not Path(self.directory, "index.html").is_file():
            self.send_error(HTTPStatus.NOT_FOUND, "No report yet", "The first build makes it.")
        else:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        found = super().translate_path(path)
        name = urlsplit(path).path.removeprefix(_STATIC)
        own = HERE / "static" / name
        is_missing = not Path(found).exists() and "/" not in name
        return str(own) if is_missing and urlsplit(path).path.startswith(_STATIC) else found

    def list_directory(self, _path: str | object) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, *_: object) -> None:
        """Keep quiet: the terminal belongs to the command."""

    def _send(self, content: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
