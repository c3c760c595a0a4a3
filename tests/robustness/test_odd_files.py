"""What a folder can hold besides files to read: nothing hangs, nothing is passed over, every name is accounted for."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import ROOT
from tests.forms.builds import build_tables
from tests.ingest.files import PAGE

BUILD = "import sys; sys.argv[0] = 'chancery'; from pipeline.cli import main; sys.exit(main())"


def chancery(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, and not for ever."""
    command = [sys.executable, "-c", BUILD, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)


def ledger(outputs: Path) -> dict[str, tuple[str, str | None]]:
    """Status and reason by raw path of published records."""
    frame = pl.read_parquet(outputs / "tables" / "raw_records.parquet")
    return {path: (status, reason) for path, status, reason in frame.select("raw_path", "status", "reason").iter_rows()}


def test_pipes_sockets_loops_and_wild_names_are_accounted_for_and_nothing_hangs(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "deep" / "er").mkdir(parents=True)
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    for name in (b"a name with blanks .txt", b"a\nline.txt", b"caf\xe9.txt", b"-rf", "Посольство.txt".encode()):
        (raw / "deep" / os.fsdecode(name)).write_text(f"{PAGE}\n{name!r}\n", encoding="utf-8")
    os.mkfifo(raw / "deep" / "pipe.warc.gz")
    with socket.socket(socket.AF_UNIX) as bound:
        folder = Path.cwd()
        os.chdir(raw)  # a socket's path has room for 107 bytes
        try:
            bound.bind("a.socket")
        finally:
            os.chdir(folder)
    (raw / "deep" / "er" / "up").symlink_to(raw / "deep", target_is_directory=True)
    (raw / "itself").symlink_to("itself")
    (raw / "nowhere.txt").symlink_to("gone.txt")
    (raw / "again").symlink_to("deep", target_is_directory=True)
    (raw / "archive.warc.gz").mkdir()
    done = chancery("build", "--raw", raw, "--outputs", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert ledger(tmp_path / "out") == {
        "page.txt": ("capture", None),
        "deep/a name with blanks .txt": ("capture", None),
        "deep/a\nline.txt": ("capture", None),
        "deep/caf%E9.txt": ("capture", None),
        "deep/-rf": ("capture", None),
        "deep/Посольство.txt": ("capture", None),
        "deep/pipe.warc.gz": ("rejected", "not_a_file"),
        "a.socket": ("rejected", "not_a_file"),
        "deep/er/up": ("rejected", "symlink_loop"),
        "itself": ("rejected", "symlink_loop"),
        "nowhere.txt": ("rejected", "broken_symlink"),
        "again": ("not_a_page", "linked_twice"),
    }
    for told in ("pipe.warc.gz", "a.socket", "deep/er/up", "itself", "nowhere.txt"):
        assert told in done.stdout
    again = chancery("build", "--raw", raw, "--outputs", tmp_path / "out")
    assert (again.returncode, again.stdout.startswith("Nothing new")) == (0, True)


AS_NOBODY = """
import json, os, sys
from pathlib import Path
from tests.forms.builds import build_tables
raw, out, warm = map(Path, sys.argv[1:])
build_tables(raw / "page.txt", outputs=warm)  # all modules are loaded while they may be read
closed = [raw / "secret.txt", raw / "closed"]
if os.geteuid() == 0:
    for path in (raw, out, *closed):
        os.chown(path, 65534, 65534)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for mode in (0, 0o755):
    for path in closed:
        path.chmod(mode)
    found = build_tables(raw, outputs=out)
    ledger = found["raw_records"].select("raw_path", "status", "reason").rows()
    told = [sentence for sentence in found.details.values() if sentence]
    print(json.dumps([ledger, told, found.broken_rules]))
"""


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that another user can get at, given to nobody where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="chancery-"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no permissions of this kind")
def test_what_may_not_be_read_is_rejected_and_its_neighbours_go_through(shared_folder: Path) -> None:
    raw, out, warm = (shared_folder / name for name in ("raw", "out", "warm"))
    (raw / "closed").mkdir(parents=True)
    out.mkdir()
    shared_folder.chmod(0o755)
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    (raw / "secret.txt").write_text(PAGE + "more\n", encoding="utf-8")
    (raw / "closed" / "page.txt").write_text(PAGE + "most\n", encoding="utf-8")
    command = [sys.executable, "-c", AS_NOBODY, *map(str, (raw, out, warm))]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=600, check=False)
    if "Operation not permitted" in done.stderr:
        pytest.skip("root may read all here and cannot become another user")
    assert done.returncode == 0, done.stderr
    closed, opened = (json.loads(line) for line in done.stdout.splitlines())
    assert closed[0] == [
        ["closed", "rejected", "unreadable"],
        ["page.txt", "capture", None],
        ["secret.txt", "rejected", "unreadable"],
    ]
    assert [("Permission denied" in sentence, sentence.endswith(".")) for sentence in closed[1]] == [(True, True)] * 2
    assert [row[:2] for row in opened[0]] == [
        ["closed/page.txt", "capture"],
        ["page.txt", "capture"],
        ["secret.txt", "capture"],
    ]
    assert (closed[2], opened[2]) == ([], [])


def test_two_thousand_small_files_are_two_thousand_records(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for folder in range(20):
        (raw / f"{folder}").mkdir(parents=True)
        for number in range(100):
            words = hashlib.sha256(f"{folder} {number}".encode()).hexdigest()
            text = PAGE.replace("harbour lights", words[:12]).replace("were lit again", " ".join(words))
            (raw / f"{folder}" / f"{number}.txt").write_text(text if number % 4 else "", encoding="utf-8")
    found = build_tables(raw, outputs=tmp_path / "out", workers=2)
    assert found.statuses == {"capture": 1500, "rejected": 500}
    assert found["raw_records"].height == 2000
    assert found.broken_rules == ()
