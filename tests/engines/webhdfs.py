"""A folder of this machine as HDFS over HTTP: what Hadoop's own client asks of a namenode and a datanode when it reads.

As the WebHDFS REST API of Hadoop 3 has it: the namenode lists, and sends who wants to read a file to a datanode, which
sends the file from an offset to its end; a file that is not there is a RemoteException in JSON. One thing is left out:
`Content-Type`, for PySpark 4.3.0 lacks the class with which Hadoop's client would read it (docs/scale.md).
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

PREFIX = "/webhdfs/v1"


class Request(NamedTuple):
    server: str
    operation: str
    path: str
    offset: int


class WebHdfs:
    """The two servers, what they were asked, and what happens when the first file is opened."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.requests: list[Request] = []
        self.surprises: list[Callable[[], object]] = []
        """Each is called once, before a request to open a file is answered."""
        self._servers = {
            name: ThreadingHTTPServer(("127.0.0.1", 0), type(name, (_Handler,), {"hdfs": self, "server_name": name}))
            for name in ("namenode", "datanode")
        }
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.05,)).start()

    @property
    def url(self) -> str:
        return f"webhdfs://{self.authority('namenode')}"

    def authority(self, name: str) -> str:
        return f"127.0.0.1:{self._servers[name].server_port}"

    def stop(self) -> None:
        """Nothing listens any more; what was asked before is still answered."""
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


@contextmanager
def webhdfs(root: Path) -> Iterator[WebHdfs]:
    """Serve a folder as the root of a file system."""
    hdfs = WebHdfs(root)
    try:
        yield hdfs
    finally:
        hdfs.stop()


class _Handler(BaseHTTPRequestHandler):
    hdfs: WebHdfs
    server_name: str
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        # Java sends letters beyond ASCII as they are, in UTF-8, and http.server has taken them for Latin-1
        url = urlsplit(self.path.encode("latin-1").decode())
        query = {name.lower(): values[0] for name, values in parse_qs(url.query).items()}
        path = unquote(url.path, errors="strict").removeprefix(PREFIX)
        request = Request(self.server_name, query["op"].upper(), path, int(query.get("offset", 0)))
        self.hdfs.requests.append(request)
        try:
            self._answer(request)
        except FileNotFoundError as error:
            name = "FileNotFoundException"
            told = {"exception": name, "javaClassName": f"java.io.{name}", "message": str(error)}
            self._tell({"RemoteException": told}, 404)
        except ConnectionError:
            pass  # the client has what it wanted

    def _answer(self, request: Request) -> None:
        here = self.hdfs.root / request.path.lstrip("/")
        match request:
            case Request("namenode", "GETFILESTATUS"):
                self._tell({"FileStatus": _status(here, "")})
            case Request("namenode", "LISTSTATUS"):
                found = [_status(child, child.name) for child in sorted(here.iterdir())]
                self._tell({"FileStatuses": {"FileStatus": found}})
            case Request("namenode", "GETFILEBLOCKLOCATIONS"):
                self._tell({"BlockLocations": {"BlockLocation": [_block(here)]}})
            case Request("namenode", "OPEN", path, offset):
                while self.hdfs.surprises:
                    self.hdfs.surprises.pop()()
                _length(here)
                self.send_response(307)
                place = f"http://{self.hdfs.authority('datanode')}{PREFIX}{quote(path)}"
                self.send_header("Location", f"{place}?op=OPEN&namenoderpcaddress=127.0.0.1:8020&offset={offset}")
                self.send_header("Content-Length", "0")
                self.end_headers()
            case Request("datanode", "OPEN", _, offset):
                self._send(here.read_bytes()[offset:])
            case _:
                raise AssertionError(request)

    def _tell(self, what: dict[str, Any], code: int = 200) -> None:
        self._send(json.dumps(what).encode(), code)

    def _send(self, content: bytes, code: int = 200) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:100])
        time.sleep(0.002)  # as on a network, where a part arrives before the rest
        self.wfile.write(content[100:])

    def log_message(self, *_: object) -> None:
        """`WebHdfs.requests` is the log."""


def _length(path: Path) -> int:
    if not path.is_file():
        raise FileNotFoundError(f"File {path} not found.")
    return path.stat().st_size


def _status(path: Path, suffix: str) -> dict[str, Any]:
    if not path.exists():
        raise FileNotFoundError(f"File does not exist: {path}")
    found = path.stat()
    return {
        "accessTime": 0,
        "blockSize": 134217728,
        "group": "supergroup",
        "length": 0 if path.is_dir() else found.st_size,
        "modificationTime": found.st_mtime_ns // 1_000_000,
        "owner": "webuser",
        "pathSuffix": suffix,
        "permission": "644",
        "replication": 1,
        "type": "DIRECTORY" if path.is_dir() else "FILE",
    }


def _block(path: Path) -> dict[str, Any]:
    return {
        "cachedHosts": [],
        "corrupt": False,
        "hosts": ["127.0.0.1"],
        "length": _length(path),
        "names": ["127.0.0.1:9866"],
        "offset": 0,
        "storageTypes": ["DISK"],
        "topologyPaths": ["/default-rack/127.0.0.1:9866"],
    }
