"""What goes wrong is one sentence; where it went wrong is told to those who ask with --debug."""

from pathlib import Path

import pytest

from pipeline import cli
from pipeline.stages import read


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that finds the disk full."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "outputs/work")

    monkeypatch.setattr(read, "read", fail)


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    monkeypatch.setattr("sys.argv", ["chancery", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
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
