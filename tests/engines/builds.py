"""A dump with names that are hard to hand on, and builds of a dump wherever it lies, with either engine."""

import base64
import hashlib
from pathlib import Path

from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.errors import ChanceryError
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream, write_warc_stream

LISTED = "pages/listed.txt"
AWKWARD = (
    ".hidden.txt",
    "pages/_under.txt",
    "pages/what?[1]*{a,b}.txt",
    "pages/50%25 off, #1%E9.txt",
    "pages/Посольство+1;a=b&c.txt",
)


def write_dump(folder: Path, sample: bytes) -> None:
    """Names that Spark's own readers pass over or take for patterns, a CDX file, archives, an empty file."""
    (folder / "pages").mkdir(parents=True)
    for number, name in enumerate(AWKWARD):
        (folder / name).write_bytes(sample + f"\n\nNumber {number}\n".encode())
    (folder / LISTED).write_bytes(sample)
    sha1 = base64.b32encode(hashlib.sha1(sample).digest()).decode()
    url = "http://www.rusemb.org.uk/fnapr/6789"
    listed = f"uk,org,rusemb)/fnapr/6789 20191118210325 {url} text/plain 200 {sha1} - - 900 - -\n"
    (folder / "index.cdx").write_text(f" CDX N b a m s k r M S V g\n{listed}")
    captures = list(crawl(simulate_site(41, n_items=60), 42, n_captures=60))
    write_jsonl_stream(captures[:40], folder / "corpus.jsonl")
    write_warc_stream(captures[30:], folder / "crawl.warc.gz")
    (folder / "empty.txt").write_bytes(b"")


def build(raw: Path | str, outputs: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(outputs), *more])
    if isinstance(result.exception, ChanceryError):
        return 1, str(result.exception)
    return result.exit_code, result.output


def on_spark(raw: Path | str, outputs: Path, *more: str) -> tuple[int, str]:
    return build(raw, outputs, "--engine", "spark", "--master", "local[2]", *more)


def refuse(_: object) -> None:
    """In place of `read_slice` of the process that calls Spark."""
    raise AssertionError("the driver read a slice")
