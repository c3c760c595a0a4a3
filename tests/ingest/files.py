"""What the tests of the file readers share: making a raw file and reading it."""

from pathlib import Path

from pipeline.ingest.discover import discover
from pipeline.ingest.read import read_file
from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.records import RawRecord

PAGE = (
    "18 November 2019\nMoscow: 00:03\nLondon: 21:03\n\nConsular queries:\u00a0\u00a0\n"
    "+44 (0) 203 668 7474\u00a0\u00a0\ninfo@rusemb.org.uk\u00a0\u00a0\n\nPRESS RELEASES AND NEWS\n\n12.11.2019\n\n"
    "On the harbour lights of Port Vell\n\nThe lights were lit again – after “a long night”.\n\nLATEST EVENTS\n\n"
    "14.11.2019 - Letter to the keeper of the lighthouse\n\nDear keeper, we have seen the light.\n"
)
HTML = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>t</title></head><body>"
    "<p>18 November 2019<br>Moscow: 00:03<br>London: 21:03</p>"
    "<p>The lights were lit again – after “a long night”.</p>"
    "<p><a href='/fnapr/6840'>14.11.2019 - Letter to the keeper</a></p></body></html>"
)


def write(root: Path, name: str, content: bytes | str) -> RawFile:
    """Write a file under a root and return it as discovery sees it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return next(file for file in discover([root]).files if file.path == path)


def read(root: Path, name: str, content: bytes | str, options: ReadOptions | None = None) -> list[RawRecord]:
    """Write a file under a root and return its ledger records."""
    return list(read_file(write(root, name, content), options or ReadOptions()))


def read_one(root: Path, name: str, content: bytes | str, options: ReadOptions | None = None) -> RawRecord:
    """Write a file under a root and return its one ledger record."""
    (record,) = read(root, name, content, options)
    return record
