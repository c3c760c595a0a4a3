"""Captures in every raw form that people really have; the same captures give the same bytes.

`FORMS` names each writer. A form says what of a capture survives in it: `keeps_url`, `keeps_time`, `keeps_lists`, and
whether it holds every capture or only the newest of each URL.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.simulation import warc_writers
from tests.simulation.capture import SimCapture
from tests.simulation.warc_writers import cdx_lines, cdxj_lines, digits, gzip_bytes, record_id, urlkey, w3c

Row = dict[str, Any]
"""A row of a corpus: values of JSON."""


@dataclass(frozen=True, slots=True)
class Form:
    """A raw form and what it keeps of a capture."""

    write: Callable[[Sequence[SimCapture], Path], None]
    """Writes the captures into an existing folder."""
    raw_format: str
    """What a reader should call it."""
    is_html: bool
    keeps_url: bool = True
    keeps_time: bool = True
    newest_only: bool = False
    """Holds of each URL only the newest capture (`newest_per_url`)."""


def newest_per_url(captures: Iterable[SimCapture]) -> list[SimCapture]:
    """Of each host and path the newest capture, as a mirror on disk keeps it."""
    newest = {_mirror_path(capture.url): capture for capture in captures}
    return sorted(newest.values(), key=lambda capture: capture.number)


def write_text(captures: Sequence[SimCapture], folder: Path) -> None:
    """A text file per capture, named as the sample dumps are."""
    for capture in captures:
        name = hashlib.sha256(f"{capture.number} {capture.url}".encode()).hexdigest()[:16]
        sub = folder / f"part-{capture.number // 1000:03}"
        sub.mkdir(exist_ok=True)
        (sub / f"{capture.number % 1000:03}_{name}.txt").write_bytes(capture.text.encode())


def write_waybackpack(captures: Sequence[SimCapture], folder: Path) -> None:
    """`<14 digits>/<host>/<path>`; of an address with a query only the path is kept, as the tool does."""
    for capture in captures:
        parts = urlsplit(capture.url)
        path = parts.path.lstrip("/")
        _write_html(
            folder
            / digits(capture.captured_at)
            / parts.netloc
            / (f"{path}index.html" if not path or path.endswith("/") else path),
            capture,
        )


def write_downloader(captures: Sequence[SimCapture], folder: Path) -> None:
    """Wayback machine downloader without times: `websites/<host>/<path>/index.html`, the newest of each."""
    for capture in newest_per_url(captures):
        _write_html(folder / "websites" / _mirror_path(capture.url) / "index.html", capture)


def write_downloader_all(captures: Sequence[SimCapture], folder: Path) -> None:
    """Wayback machine downloader with all times: `websites/<host>/<14 digits>/<path>/index.html`."""
    for capture in captures:
        host, _, path = _mirror_path(capture.url).partition("/")
        _write_html(folder / "websites" / host / digits(capture.captured_at) / path / "index.html", capture)


def write_wget(captures: Sequence[SimCapture], folder: Path) -> None:
    """A wget mirror with adjusted extensions, the newest of each."""
    for capture in newest_per_url(captures):
        _write_html(folder / f"{_mirror_path(capture.url)}.html", capture)


def write_wget_cdx(captures: Sequence[SimCapture], folder: Path) -> None:
    """A wget mirror with a CDX beside it that knows its times."""
    write_wget(captures, folder)
    (folder / "index.cdx").write_text(cdx_lines(newest_per_url(captures)), encoding="utf-8")


def write_warc_gz_cdxj(captures: Sequence[SimCapture], folder: Path) -> None:
    """A gzip member per record, with its index beside it."""
    warc_writers.write_warc_gz(captures, folder)
    (folder / "simulated.cdxj").write_text(cdxj_lines(captures, "simulated.warc.gz"), encoding="utf-8")


def _mirror_path(url: str) -> str:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc}{parts.path.rstrip('/')}{query}"


def _write_html(path: Path, capture: SimCapture) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(capture.html.encode())


def c4_row(capture: SimCapture) -> Row:
    """C4: text, timestamp, url."""
    return {"text": capture.text, "timestamp": w3c(capture.captured_at), "url": capture.url}


def culturax_row(capture: SimCapture) -> Row:
    """CulturaX with texts of mC4: the time with slashes."""
    return {
        "text": capture.text,
        "timestamp": f"{capture.captured_at:%Y/%m/%d %H:%M:%S}",
        "url": capture.url,
        "source": "mC4",
    }


def fineweb_row(capture: SimCapture) -> Row:
    """FineWeb; its real texts come from a main-content extractor, see `main_content`."""
    date = w3c(capture.captured_at)
    return {
        "text": capture.text,
        "id": record_id("response", capture.number, capture.url, date),
        "dump": f"CC-MAIN-{capture.captured_at:%G-%V}",
        "url": capture.url,
        "date": date,
        "file_path": "s3://commoncrawl/crawl-data/simulated.warc.gz",
        "language": "en",
        "language_score": 0.95,
        "token_count": len(capture.text.split()),
    }


def main_content(capture: SimCapture) -> str:
    """What an extractor leaves: the article alone, a line per paragraph; no header, no list."""
    return "\n".join(one.text.strip() for one in capture.lines if one.role in ("title", "body"))


def fineweb_extracted_row(capture: SimCapture) -> Row:
    """FineWeb as it really is."""
    return {**fineweb_row(capture), "text": main_content(capture)}


def oscar_row(capture: SimCapture) -> Row:
    """OSCAR 22.01 and later."""
    date = w3c(capture.captured_at)
    return {
        "content": capture.text,
        "warc_headers": {
            "warc-refers-to": record_id("response", capture.number, capture.url, date),
            "warc-date": date,
            "warc-type": "conversion",
            "warc-target-uri": capture.url,
            "warc-record-id": record_id("conversion", capture.number, capture.url, date),
            "content-type": "text/plain",
            "content-length": str(len(capture.text.encode())),
            "warc-identified-content-language": "eng",
        },
        "metadata": {"identification": {"label": "en", "prob": 0.95}, "annotation": None},
    }


ROWS: Mapping[str, Callable[[SimCapture], Row]] = {
    "c4": c4_row,
    "culturax": culturax_row,
    "fineweb": fineweb_row,
    "fineweb_extracted": fineweb_extracted_row,
    "oscar": oscar_row,
}


def _jsonl(name: str, suffix: str, pack: Callable[[bytes], bytes]) -> Callable[[Sequence[SimCapture], Path], None]:
    def write(captures: Sequence[SimCapture], folder: Path) -> None:
        lines = [json.dumps(ROWS[name](capture), ensure_ascii=False) + "\n" for capture in captures]
        (folder / f"{name}.jsonl{suffix}").write_bytes(pack("".join(lines).encode()))

    return write


def _parquet(name: str) -> Callable[[Sequence[SimCapture], Path], None]:
    def write(captures: Sequence[SimCapture], folder: Path) -> None:
        table = pa.Table.from_pylist([ROWS[name](capture) for capture in captures])
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=500, compression="zstd")

    return write


def write_jsonl_stream(captures: Iterable[SimCapture], path: Path, row: Callable[[SimCapture], Row] = c4_row) -> int:
    """Captures one by one into a JSONL file (gzip where the name ends in .gz), for benchmarks; returns how many."""
    count = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, 0) if path.suffix == ".gz" else raw as file:
        for capture in captures:
            file.write(json.dumps(row(capture), ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def write_warc_stream(captures: Iterable[SimCapture], path: Path) -> int:
    """Captures one by one into a WARC (a gzip member per record where the name ends in .gz); returns records."""
    count = 0
    with path.open("wb") as file:
        for record in warc_writers.warc_records(captures):
            file.write(gzip_bytes(record) if path.suffix == ".gz" else record)
            count += 1
    return count


def _same(data: bytes) -> bytes:
    return data


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data)


FORMS: Mapping[str, Form] = {
    "text": Form(write_text, "text", is_html=False, keeps_url=False, keeps_time=False),
    "warc": Form(warc_writers.write_warc, "warc", is_html=True),
    "warc_gz": Form(warc_writers.write_warc_gz, "warc", is_html=True),
    "warc_gz_single": Form(warc_writers.write_warc_gz_single, "warc", is_html=True),
    "warc_gz_cdxj": Form(write_warc_gz_cdxj, "warc", is_html=True),
    "warc_zst": Form(warc_writers.write_warc_zst, "warc", is_html=True),
    "warc_lz4": Form(warc_writers.write_warc_lz4, "warc", is_html=True),
    "arc": Form(warc_writers.write_arc, "arc", is_html=True),
    "arc_gz": Form(warc_writers.write_arc_gz, "arc", is_html=True),
    "wet": Form(warc_writers.write_wet, "wet", is_html=False),
    "wacz": Form(warc_writers.write_wacz, "wacz", is_html=True),
    **{
        f"{name}_jsonl{label}": Form(_jsonl(name, suffix, pack), "jsonl", is_html=False)
        for name in ROWS
        for label, suffix, pack in (("", "", _same), ("_gz", ".gz", gzip_bytes), ("_zst", ".zst", _zstd))
    },
    **{f"{name}_parquet": Form(_parquet(name), "parquet", is_html=False) for name in ROWS},
    "waybackpack": Form(write_waybackpack, "html", is_html=True),
    "downloader_all": Form(write_downloader_all, "html", is_html=True),
    "downloader": Form(write_downloader, "html", is_html=True, keeps_time=False, newest_only=True),
    "wget": Form(write_wget, "html", is_html=True, keeps_time=False, newest_only=True),
    "wget_cdx": Form(write_wget_cdx, "html", is_html=True, newest_only=True),
}
"""Every form by name."""

__all__ = [
    "FORMS",
    "ROWS",
    "Form",
    "main_content",
    "newest_per_url",
    "urlkey",
    "write_jsonl_stream",
    "write_warc_stream",
]
