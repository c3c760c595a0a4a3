"""A real CKAN on this machine: its own PostgreSQL cluster and Redis in a folder of the test's, a stand-in for Solr.

Everything listens on 127.0.0.1 only and ends with the test. PostgreSQL and Redis are Debian's; CKAN is the one locked
in `locks/ckan.txt`.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.portals.solr_standin import SolrStandIn

_PATIENCE = 180.0
"""Seconds a service may take to start."""


class NotHereError(Exception):
    """What a real CKAN needs is not installed; the message says what."""


@dataclass(frozen=True)
class Ckan:
    url: str
    token: str
    """Of a system administrator."""
    log: Path


@contextmanager
def running_ckan(command: Path, site_url: str | None = None) -> Iterator[Ckan]:
    """Start CKAN from its environment's `ckan` command; `site_url` is the address it gives its files."""
    with ExitStack() as stack:
        # PostgreSQL refuses to run as root: it gets a user and a folder of its own, below a path it can enter.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chancery-ckan-")))
        folder.chmod(0o755)
        database = stack.enter_context(_postgres(folder))
        redis = stack.enter_context(_redis(folder))
        solr = SolrStandIn()
        stack.enter_context(solr.running())
        port = _free_port()
        config = folder / "ckan.ini"
        environment = {**os.environ, "CKAN_INI": str(config), "PYTHONWARNINGS": "ignore"}
        _run([command, "generate", "config", config], environment, folder / "generate.log")
        _configure(
            config,
            {
                "sqlalchemy.url": database,
                "solr_url": f"{solr.url}/solr/ckan",
                "ckan.redis.url": redis,
                "ckan.site_url": site_url or f"http://127.0.0.1:{port}",
                "ckan.storage_path": str(folder / "storage"),
            },
        )
        _run([command, "db", "init"], environment, folder / "init.log")
        name = "publisher"
        _run(
            [command, "user", "add", name, "email=publisher@example.org", f"password={secrets.token_hex()}"],
            environment,
            folder / "user.log",
        )
        _run([command, "sysadmin", "add", name], environment, folder / "sysadmin.log")
        told = _run([command, "user", "token", "add", name, "tests"], environment, folder / "token.log")
        log = folder / "ckan.log"
        stack.enter_context(
            _process(
                [command, "run", "--host", "127.0.0.1", "--port", str(port), "--disable-reloader"], environment, log
            )
        )
        url = f"http://127.0.0.1:{port}"
        _wait(lambda: requests.get(f"{url}/api/3/action/status_show", timeout=30).ok, log)
        yield Ckan(url, told.split()[-1], log)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    place = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
    if place is None:
        raise NotHereError("PostgreSQL's server is not installed (apt-get install postgresql)")
    data, port = folder / "postgres", _free_port()
    data.mkdir()
    as_owner: list[str] = []
    if os.getuid() == 0:
        as_owner = ["runuser", "-u", "postgres", "--"]
        shutil.chown(data, "postgres")
    _run(
        [*as_owner, place / "initdb", "-D", data / "db", "-A", "trust", "-U", "ckan", "--no-sync"],
        None,
        folder / "db.log",
    )
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(data),
        "fsync": "off",
        "port": str(port),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = folder / "postgres.log"
    with _process([*as_owner, place / "postgres", "-D", data / "db", *options], None, log):
        _wait(lambda: _listens(port), log)
        create = [place / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "ckan", "-T", "template0", "-E", "UTF8"]
        _wait(
            lambda: subprocess.run([*map(str, create), "ckan"], capture_output=True, check=False).returncode == 0, log
        )
        yield f"postgresql://ckan@127.0.0.1:{port}/ckan"


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    command = shutil.which("redis-server")
    if command is None:
        raise NotHereError("Redis is not installed (apt-get install redis-server)")
    port, log = _free_port(), folder / "redis.log"
    arguments = [command, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with _process(arguments, None, log):
        _wait(lambda: _listens(port), log)
        yield f"redis://127.0.0.1:{port}/0"


def _configure(config: Path, settings: Mapping[str, str]) -> None:
    text = config.read_text()
    for name, value in settings.items():
        text, n_changed = re.subn(rf"(?m)^{re.escape(name)} *=.*$", f"{name} = {value}", text)
        assert n_changed == 1, name
    config.write_text(text)


def _run(command: Sequence[str | Path], environment: Mapping[str, str] | None, log: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    log.write_text(done.stdout + done.stderr)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} {command[1]} failed: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


@contextmanager
def _process(command: Sequence[str | Path], environment: Mapping[str, str] | None, log: Path) -> Iterator[None]:
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(is_ready: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            if is_ready():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"it did not start: {log.read_text(errors='replace')[-2000:]}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
