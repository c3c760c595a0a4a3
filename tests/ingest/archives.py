"""Small archives of invented captures, written byte by byte so that each can also be written wrongly."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.ingest.warc import WarcReader
from pipeline.records import RawRecord

SITE = "http://www.rusemb.org.uk"
HTML = "<html><head><title>no line</title></head><body><p>18 November 2019</p><p>{}</p></body></html>"


def http(body: bytes, *headers: str, status: str = "200 OK", media_type: str = "text/html; charset=utf-8") -> bytes:
    """An HTTP response as a crawler stores it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc(
    block: bytes,
    *headers: str,
    kind: str = "response",
    url: str | None = f"{SITE}/article/1",
    date: str = "2019-11-18T21:03:00Z",
    length: int | None = None,
    record_id: str = "<urn:uuid:00000000-0000-4000-8000-000000000001>",
    version: str = "1.0",
) -> bytes:
    """One WARC record; `length` overrides its true Content-Length."""
    lines = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Record-ID: {record_id}", f"WARC-Date: {date}"]
    if url is not None:
        lines.append(f"WARC-Target-URI: {url}")
    if kind in ("response", "revisit"):
        lines.append("Content-Type: application/http; msgtype=response")
    lines += [*headers, f"Content-Length: {len(block) if length is None else length}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def page(word: str, **kwargs: str) -> bytes:
    """A WARC record of a page that shows `word`."""
    return warc(http(HTML.format(word).encode()), **kwargs)  # type: ignore[arg-type]


def members(records: Iterable[bytes]) -> bytes:
    """A .warc.gz with a member for each record."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def raw_file(path: Path, content: bytes) -> RawFile:
    """Write a file and describe it as discovery would."""
    path.write_bytes(content)
    return RawFile(path, path.name, len(content), 0)


def words(records: Iterable[RawRecord]) -> list[str]:
    """The last line of each page."""
    return [record.page.text.split("\n")[-1] for record in records if record.page is not None]


ANY_SITE = ReadOptions()


THREE = [page("one"), page("two"), page("three")]
"""Records of three pages."""


def read_warc(tmp_path: Path, content: bytes, options: ReadOptions = ANY_SITE) -> list[RawRecord]:
    """The records of a WARC file with that content."""
    return list(WarcReader().read(raw_file(tmp_path / "dump", content), options))
