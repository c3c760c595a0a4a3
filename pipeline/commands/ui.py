"""`chancery ui`: Dagster's web pages over the builds of one outputs folder, on this machine only, until Ctrl-C.

Dagster runs as a process group of its own: Ctrl-C reaches this command alone, which then stops the whole group,
whatever Dagster left running.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

from pipeline.commands.options import debug_option, outputs_option
from pipeline.errors import ChanceryError

HOST = "127.0.0.1"
_START_SECONDS = 180
_STOP_SECONDS = 20


@click.command(name="ui", epilog="Example: chancery ui --port 3001")
@outputs_option
@click.option(
    "--raw",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    metavar="PATH",
    help="What a build started from the browser reads; may be given several times.  [default: raw]",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=3000,
    show_default=True,
    help="Port of this machine the pages are served on.",
)
@debug_option
def command(outputs: Path, raw: tuple[Path, ...], port: int) -> None:
    """Look at the builds in Dagster, in a browser.

    Shows every table with its columns, a preview, its checks and how it grew from build to build, and can start a
    build. Links lead to the report and to the meaning of every column. Serves this machine only and sends nothing
    anywhere. Stop it with Ctrl-C.
    """
    _refuse_taken(port)
    # set even where the shell that started this in the background told it to ignore Ctrl-C; Dagster inherits it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    home = _prepared_home(outputs)
    log = home / "ui.log"
    click.echo(f"Starting Dagster; its log is {log}.")
    from pipeline.commands.local_pages import serve_pages
    from pipeline.workspace import Workspace

    with serve_pages(Workspace(outputs).report, HOST) as pages:
        _serve(port, log, _environment(home, outputs, raw, pages), pages)
    click.echo("Stopped.")


def _serve(port: int, log: Path, environment: dict[str, str], pages: str) -> None:
    """Run Dagster until it is interrupted."""
    from pipeline.report.pages import DICTIONARY

    with log.open("wb") as written:
        server = subprocess.Popen(  # noqa: S603 -- this Python, arguments of ours
            _arguments(port),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_up(server, port, log)
        click.echo(f"Dagster is at http://{HOST}:{port} - stop it with Ctrl-C.")
        click.echo(f"The report and the meaning of every column are at {pages}/{DICTIONARY}.")
        while server.poll() is None:  # not wait(): polars' own handler of Ctrl-C lets a blocking call go on
            time.sleep(0.2)
        raise ChanceryError(f"Dagster ended by itself with code {server.returncode}; see {log}.")
    except KeyboardInterrupt:
        click.echo("Stopping Dagster …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave Dagster half stopped
        _stop(server)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ChanceryError(f"port {port} cannot be used ({error.strerror}); name another with --port.") from error


def _prepared_home(outputs: Path) -> Path:
    from pipeline.dagster_home import dagster_home
    from pipeline.workspace import Workspace

    try:
        return dagster_home(Workspace(outputs).dagster_home)
    except OSError as error:
        raise ChanceryError(
            f"{outputs} cannot be written ({error.strerror}); name another place with --outputs."
        ) from error


def _arguments(port: int) -> list[str]:
    # `dagster dev` serves the pages and runs the daemon that starts queued runs and schedules
    quiet = ["-W", "ignore"]
    return [sys.executable, *quiet, "-m", "dagster", "dev", "-m", "pipeline.definitions", "-h", HOST, "-p", str(port)]


def _environment(home: Path, outputs: Path, raw: tuple[Path, ...], pages: str) -> dict[str, str]:
    told = {
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "CHANCERY_OUTPUTS": str(outputs.resolve()),
        "CHANCERY_PAGES": pages,
    }
    if raw:
        told["CHANCERY_RAW"] = os.pathsep.join(str(root.resolve()) for root in raw)
    return {**os.environ, **told}


def _wait_until_up(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise ChanceryError(f"Dagster did not start (code {server.returncode}); see {log}.")
        connection = http.client.HTTPConnection(HOST, port, timeout=2)
        try:
            connection.request("GET", "/server_info")
            if connection.getresponse().status == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise ChanceryError(f"Dagster did not answer within {_START_SECONDS} seconds; see {log}.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask Dagster to stop, then end whatever of its process group is left."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, number)
        except ProcessLookupError:
            return
        time.sleep(0.5)
