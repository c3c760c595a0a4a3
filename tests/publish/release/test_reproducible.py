"""The same raw input and code give the same release, whatever surrounds them."""

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.publish.release.making import ISSUED, ROOT

RUN = "import sys; from pipeline.cli import main; sys.argv[0] = 'chancery'; main()"


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def chancery(*arguments: str | Path, **environment: str) -> str:
    """Run the program in a process of its own, in another working folder than the project's."""
    result = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=ROOT.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("edition", ["full", "no_text"])
def test_another_folder_time_zone_locale_order_and_more_workers_give_the_same_bytes(
    edition: str, request: pytest.FixtureRequest, elsewhere: Path
) -> None:
    expected = digests(request.getfixturevalue(edition))
    assert digests(elsewhere / "releases" / ("1.0.0" if edition == "full" else "1.0.0-no-text")) == expected


@pytest.fixture(scope="module")
def elsewhere(raw_dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same dumps, copied in another order, built and released under other circumstances."""
    folder = tmp_path_factory.mktemp("Другая папка")
    (folder / "dumps").mkdir()
    for path in sorted(raw_dumps.iterdir(), reverse=True):
        shutil.copy(path, folder / "dumps" / path.name)
        os.utime(folder / "dumps" / path.name, (0, 0))
    surroundings = {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "4711",
        "POLARS_MAX_THREADS": "1",
        "SOURCE_DATE_EPOCH": str(int(datetime(ISSUED.year, ISSUED.month, ISSUED.day, 23, 59, tzinfo=UTC).timestamp())),
    }
    outputs = folder / "outputs"
    chancery("build", "--raw", folder / "dumps", "--outputs", outputs, "--workers", "3", **surroundings)
    for edition in ("full", "no-text"):
        profile = ROOT / "release.toml"
        chancery("release", "--outputs", outputs, "--edition", edition, "--profile", profile, **surroundings)
    return outputs
