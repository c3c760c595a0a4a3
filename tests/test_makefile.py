"""`make dataset` says to `chancery build` what was said to it."""

import shlex
import shutil
import subprocess

import pytest

from tests.worlds import ROOT


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("said", "meant"), [("/a/my dumps", "/a/my dumps"), ("~/dumps", "/home/me/dumps"), ("dumps's", "dumps's")]
)
def test_folders_may_have_blanks_and_lie_at_home(said: str, meant: str) -> None:
    asked = ["make", "--dry-run", "--no-print-directory", "dataset", f"RAW={said}", f"OUTPUTS={said}", "HOME=/home/me"]
    shown = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shlex.split(shown.splitlines()[-1]) == [".venv/bin/chancery", "build", "--raw", meant, "--outputs", meant]
