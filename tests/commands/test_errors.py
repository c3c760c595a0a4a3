"""What goes wrong is one sentence; where it went wrong is told to those who ask with --debug."""

import os
import signal
import time
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.stages import read, resolve


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that finds the disk full."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "outputs/work")

    monkeypatch.setattr(read, "read", fail)


def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 1
) -> str:
    monkeypatch.setattr("sys.argv", ["chancery", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == code
    return capsys.readouterr().err


@pytest.mark.usefixtures("full_disk")
def test_an_error_nobody_foresaw_is_one_sentence(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(monkeypatch, capsys, "build", "--raw", raw, "--outputs", tmp_path).splitlines()
    assert lines[-1] == (
        "chancery: unexpected OSError: [Errno 28] No space left on device: 'outputs/work' "
        "(run again with --debug to see where)."
    )
    assert not [line for line in lines if "Traceback" in line or 'File "' in line]


@pytest.mark.usefixtures("full_disk")
def test_debug_shows_where(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = told(monkeypatch, capsys, "build", "--raw", raw, "--outputs", tmp_path, "--debug")
    assert "No space left on device" in shown
    assert "in fail" in shown


@pytest.mark.parametrize("name", ["read", "resolve"])
def test_ctrl_c_in_a_stage_stops_in_one_sentence_and_the_next_build_heals(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    def interrupted(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr({"read": read, "resolve": resolve}[name], name, interrupted)
        lines = told(patched, capsys, "build", "--raw", raw, "--outputs", tmp_path, code=130).splitlines()
    assert lines[-1] == "chancery: stopped; what was read so far is kept and the next build goes on from there."
    assert not [line for line in lines if "Traceback" in line or "unexpected" in line]
    assert not list((tmp_path / "tables").iterdir())
    told(monkeypatch, capsys, "build", "--raw", raw, "--outputs", tmp_path, code=0)
    assert (tmp_path / "tables" / "events.parquet").is_file()


def test_ctrl_c_that_meets_a_finalizer_stops_the_build_too(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def interrupted(*_: object) -> tuple[()]:
        Interrupted()
        time.sleep(2)
        return ()

    monkeypatch.setattr(resolve, "resolve", interrupted)
    lines = told(monkeypatch, capsys, "build", "--raw", raw, "--outputs", tmp_path, code=130).splitlines()
    assert lines[-1] == "chancery: stopped; what was read so far is kept and the next build goes on from there."
