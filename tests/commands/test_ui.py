"""`chancery ui` really starts Dagster on this machine, answers, and leaves nothing running when it is interrupted."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.commands.ui import HOST, _environment
from schemas.names import TABLE_NAMES
from tests.worlds import World

_QUERY = """{ assetNodes { assetKey { path } groupName description metadataEntries { label
... on UrlMetadataEntry { url } } } schedulesOrError(repositorySelector:
{repositoryName: "__repository__", repositoryLocationName: "pipeline.definitions"})
{ ... on Schedules { results { name scheduleState { status } } } } }"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def processes_of(session: int) -> list[str]:
    """Command lines of the processes of a session, where the system tells them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append((stat.parent / "cmdline").read_text().replace("\0", " "))
        except (OSError, ValueError):
            continue
    return found


def ask(port: int, method: str, path: str, body: str | None = None) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def fetch(address: str) -> str:
    place = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/.*)", address)
    assert place is not None, address
    return ask(int(place[1]), "GET", place[2])


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for what is left running in /proc")
def test_it_serves_the_builds_and_stops_cleanly_when_interrupted(samples: World) -> None:
    port = free_port()
    code = "import sys; from pipeline.cli import main; sys.argv[0] = 'chancery'; main()"
    command = [sys.executable, "-c", code, "ui", "--outputs", str(samples.outputs), "--port", str(port)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert server.stdout is not None
    try:
        said = [server.stdout.readline() for _ in range(3)]
        assert said[1] == f"Dagster is at http://{HOST}:{port} - stop it with Ctrl-C.\n"
        child = int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0])
        assert processes_of(child)
        told = json.loads(ask(port, "POST", "/graphql", json.dumps({"query": _QUERY})))["data"]
        assert {"articles", "events", "dataset"} <= {node["assetKey"]["path"][0] for node in told["assetNodes"]}
        nodes = {node["assetKey"]["path"][0]: node for node in told["assetNodes"]}
        for name in TABLE_NAMES:
            (address,) = (entry["url"] for entry in nodes[name]["metadataEntries"] if entry["label"] == "docs")
            assert address in nodes[name]["description"]
            pages, _, anchor = address.partition("#")
            assert pages in said[2]
            assert f'<section id="{anchor}"' in fetch(pages)
        assert "What the dataset holds" in fetch(pages.replace("tables.html", "index.html"))
        states = {row["name"]: row["scheduleState"]["status"] for row in told["schedulesOrError"]["results"]}
        assert states == {"build_every_night": "STOPPED"}
        page = ask(port, "GET", "/")
        assert '"telemetryEnabled": false' in page or "telemetryEnabled" not in page
    finally:
        server.send_signal(signal.SIGINT)
        time.sleep(0.3)
        server.send_signal(signal.SIGINT)  # as impatient people do
        rest, _ = server.communicate(timeout=90)
    assert server.returncode == 0, rest
    assert rest.splitlines()[-1] == "Stopped."
    until = time.monotonic() + 10
    while processes_of(child) and time.monotonic() < until:
        time.sleep(0.2)
    assert processes_of(child) == []
    assert "enabled: false" in (samples.outputs / "dagster" / "dagster.yaml").read_text(encoding="utf-8")


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(chancery, ["ui", "--outputs", str(tmp_path), "--port", port])
    assert f"port {port} cannot be used" in str(result.exception)
    assert "name another with --port" in str(result.exception)
    assert not list(tmp_path.iterdir())


def test_dagster_is_told_where_things_lie_and_to_send_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = _environment(tmp_path / "home", Path("outputs"), (Path("one"), Path("two")), "http://127.0.0.1:9")
    assert told["DAGSTER_DISABLE_TELEMETRY"] == "1"
    assert told["CHANCERY_PAGES"] == "http://127.0.0.1:9"
    assert told["CHANCERY_OUTPUTS"] == str(tmp_path / "outputs")
    assert told["CHANCERY_RAW"].split(os.pathsep) == [str(tmp_path / "one"), str(tmp_path / "two")]
