"""Bombs and records of gigabytes: a reason each, little memory, and the records beside them go through."""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import ROOT
from tests.ingest.archives import http, page, warc
from tests.ingest.files import PAGE

MEGABYTE = 1024 * 1024
BOMB = 300 * MEGABYTE
GIGABYTES = 2200 * MEGABYTE
"""More than a signed 32-bit number of bytes; reading them for their digest is what the test costs."""

MEASURED = """
import json, resource, sys
from pathlib import Path
from tests.forms.builds import build_tables
sound, bombs, out = map(Path, sys.argv[1:])
peaks = []
for folder in (sound, bombs):
    found = build_tables(folder, outputs=out / folder.name)
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
found["raw_records"].write_parquet(out / "raw_records.parquet")
told = [sentence for sentence in found.details.values() if sentence]
print(json.dumps({"peaks": peaks, "broken": found.broken_rules, "told": told}))
"""
"""Builds of a sound tree and of one with bombs in one process: what the second adds to the peak is the bombs'."""


def deflated(start: bytes, n_bytes: int) -> bytes:
    """A gzip member of `start` and then as many letters as make `n_bytes`."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(start)]
    left = n_bytes - len(start)
    while left > 0:
        parts.append(packer.compress(b"a" * min(left, MEGABYTE)))
        left -= MEGABYTE
    return b"".join([*parts, packer.flush()])


@pytest.mark.skipif(sys.platform == "win32", reason="this system does not tell a process's peak memory")
def test_bombs_and_records_of_gigabytes_cost_one_row_each_and_little_memory(tmp_path: Path) -> None:
    sound, bombs = tmp_path / "sound", tmp_path / "bombs"
    for folder in (sound, bombs):
        folder.mkdir()
        (folder / "page.txt").write_text(PAGE, encoding="utf-8")
        (folder / "pages.warc").write_bytes(page("one") + page("two"))
        (folder / "row.jsonl").write_text(json.dumps({"text": PAGE, "url": "http://rusemb.org.uk/1"}), encoding="utf-8")
        (folder / "page.html").write_text(f"<html><body>{PAGE}</body></html>", encoding="utf-8")
    head = warc(b"", length=BOMB).rstrip(b"\r\n") + b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    member = deflated(head, BOMB + len(head) - 50)
    letters = deflated(b"<html><body>", BOMB)
    assert len(member) < MEGABYTE // 2
    (bombs / "member.warc.gz").write_bytes(member + deflated(page("three"), 0))
    (bombs / "body.warc").write_bytes(warc(http(letters, "Content-Encoding: gzip")) + page("four"))
    (bombs / "saved.html").write_bytes(letters)
    (bombs / "line.jsonl.gz").write_bytes(
        deflated(b'{"text": "', BOMB) + deflated(b'"}\n{"text": "' + PAGE[:9].encode() + b'"}\n', 0)
    )
    with (bombs / "gigabytes.warc").open("wb") as file:
        start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        file.write(page("five") + warc(b"", length=GIGABYTES).rstrip(b"\r\n") + b"\r\n\r\n" + start)
        file.seek(GIGABYTES - len(start), 1)  # a hole: it takes no room on the disk
        file.write(b"\r\n\r\n" + page("six"))
    command = [sys.executable, "-c", MEASURED, *map(str, (sound, bombs, tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    assert measured["broken"] == []
    ledger = pl.read_parquet(tmp_path / "raw_records.parquet").sort("raw_path", "record_no")
    of_bombs = ledger.filter(~pl.col("raw_path").is_in(["page.txt", "pages.warc", "row.jsonl", "page.html"]))
    assert of_bombs.select("raw_path", "status", "reason").rows() == [
        ("body.warc", "rejected", "record_too_large"),
        ("body.warc", "capture", None),
        ("gigabytes.warc", "capture", None),
        ("gigabytes.warc", "rejected", "record_too_large"),
        ("gigabytes.warc", "capture", None),
        ("line.jsonl.gz", "rejected", "record_too_large"),
        ("line.jsonl.gz", "capture", None),
        ("member.warc.gz", "rejected", "record_too_large"),
        ("member.warc.gz", "capture", None),
        ("saved.html", "rejected", "record_too_large"),
    ]
    assert len(measured["told"]) == 5
    assert all("limit" in sentence for sentence in measured["told"])
    before, after = measured["peaks"]  # in kB on Linux, in bytes on macOS
    unit = 1 if sys.platform == "darwin" else 1024
    assert (after - before) * unit < 250 * MEGABYTE
    print(f"peak {before} without, {after} with the bombs")
