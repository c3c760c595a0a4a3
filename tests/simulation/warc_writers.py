"""Captures as archives: WARC in each packing, ARC, WET, WACZ, and CDX beside them; same captures, same bytes.

Records are put together here byte by byte: ids come from hashes, nothing asks for the time.
"""

import base64
import hashlib
import json
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import lz4.frame  # type: ignore[import-untyped]
import zstandard

from tests.simulation.capture import SimCapture

_IMAGE = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
_SOFTWARE = b"software: simulated crawl\r\nformat: WARC File Format 1.1\r\n"
_IP = "192.0.2.1"


def digits(at: datetime) -> str:
    """The 14 digits of a Wayback timestamp."""
    return f"{at:%Y%m%d%H%M%S}"


def w3c(at: datetime) -> str:
    """The time as WARC-Date."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def record_id(*parts: object) -> str:
    """A WARC-Record-ID that follows from what it names."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '|'.join(map(str, parts)))}>"


def sha1(payload: bytes) -> str:
    """The digest in the base 32 of Wayback and Common Crawl."""
    return base64.b32encode(hashlib.sha1(payload).digest()).decode()


def urlkey(url: str) -> str:
    """The SURT key of a URL of this site, as CDX files print it."""
    parts = urlsplit(url.lower())
    host = ",".join(reversed(parts.netloc.removeprefix("www.").split(".")))
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    return f"{host}){parts.path.rstrip('/') or '/'}{query}"


def gzip_bytes(data: bytes) -> bytes:
    """One gzip member without a time in it."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def http_response(body: bytes, media_type: str = "text/html; charset=utf-8") -> bytes:
    """The response as it came over the line."""
    head = f"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def warc_record(kind: str, date: str, name: str, block: bytes, **headers: str) -> bytes:
    """One WARC 1.1 record; underscores of header names stand for hyphens."""
    lines = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Date: {date}", f"WARC-Record-ID: {name}"]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
    lines.append(f"Content-Length: {len(block)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def warc_records(captures: Iterable[SimCapture]) -> Iterable[bytes]:
    """A warcinfo, a response per capture, and before each tenth its request and an image of the page."""
    for capture in captures:
        date, body = w3c(capture.captured_at), capture.html.encode()
        if capture.number == 0 or capture.number % 1000 == 0:
            yield warc_record(
                "warcinfo", date, record_id("info", capture.number), _SOFTWARE, Content_Type="application/warc-fields"
            )
        common = {"WARC_Target_URI": capture.url, "WARC_IP_Address": _IP}
        if capture.number % 10 == 0:
            parts = urlsplit(capture.url)
            request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
            http = "application/http; msgtype=request"
            yield warc_record(
                "request", date, record_id("request", capture.number), request, **common, Content_Type=http
            )
            image = {**common, "WARC_Target_URI": f"{parts.scheme}://{parts.netloc}/i/logo.gif"}
            block, http = http_response(_IMAGE, "image/gif"), "application/http; msgtype=response"
            yield warc_record("response", date, record_id("image", capture.number), block, **image, Content_Type=http)
        yield warc_record(
            "response",
            date,
            record_id("response", capture.number, capture.url, date),
            http_response(body),
            **common,
            Content_Type="application/http; msgtype=response",
            WARC_Payload_Digest=f"sha1:{sha1(body)}",
        )


def wet_records(captures: Iterable[SimCapture]) -> Iterable[bytes]:
    """A conversion record per capture: its text."""
    for capture in captures:
        date = w3c(capture.captured_at)
        yield warc_record(
            "conversion",
            date,
            record_id("conversion", capture.number, capture.url, date),
            capture.text.encode(),
            WARC_Target_URI=capture.url,
            WARC_Refers_To=record_id("response", capture.number, capture.url, date),
            WARC_Identified_Content_Language="eng",
            Content_Type="text/plain",
        )


def arc_records(captures: Iterable[SimCapture]) -> Iterable[bytes]:
    """The version block and a record per capture (ARC 1.0)."""
    version = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
    yield f"filedesc://simulated.arc 0.0.0.0 20220831000000 text/plain {len(version)}\n".encode() + version + b"\n"
    for capture in captures:
        block = http_response(capture.html.encode())
        head = f"{capture.url} {_IP} {digits(capture.captured_at)} text/html {len(block)}\n"
        yield head.encode() + block + b"\n"


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3, write_content_size=True).compress(data)


def _lz4(data: bytes) -> bytes:
    return bytes(lz4.frame.compress(data))


def _as_is(data: bytes) -> bytes:
    return data


def _write(path: Path, records: Iterable[bytes], pack: Callable[[bytes], bytes]) -> None:
    with path.open("wb") as file:
        for record in records:
            file.write(pack(record))


def write_warc(captures: Sequence[SimCapture], folder: Path) -> None:
    """Uncompressed."""
    _write(folder / "simulated.warc", warc_records(captures), _as_is)


def write_warc_gz(captures: Sequence[SimCapture], folder: Path) -> None:
    """A gzip member per record, as crawlers write it, with its CDXJ."""
    _write(folder / "simulated.warc.gz", warc_records(captures), gzip_bytes)


def write_warc_gz_single(captures: Sequence[SimCapture], folder: Path) -> None:
    """The whole file in one gzip member, as people pack it by hand."""
    (folder / "simulated-single.warc.gz").write_bytes(gzip_bytes(b"".join(warc_records(captures))))


def write_warc_zst(captures: Sequence[SimCapture], folder: Path) -> None:
    """A zstd frame per record."""
    _write(folder / "simulated.warc.zst", warc_records(captures), _zstd)


def write_warc_lz4(captures: Sequence[SimCapture], folder: Path) -> None:
    """An LZ4 frame per record."""
    _write(folder / "simulated.warc.lz4", warc_records(captures), _lz4)


def write_arc(captures: Sequence[SimCapture], folder: Path) -> None:
    """Uncompressed."""
    _write(folder / "simulated.arc", arc_records(captures), _as_is)


def write_arc_gz(captures: Sequence[SimCapture], folder: Path) -> None:
    """A gzip member per record."""
    _write(folder / "simulated.arc.gz", arc_records(captures), gzip_bytes)


def write_wet(captures: Sequence[SimCapture], folder: Path) -> None:
    """A gzip member per record."""
    _write(folder / "simulated.warc.wet.gz", wet_records(captures), gzip_bytes)


def cdxj_lines(captures: Iterable[SimCapture], filename: str) -> str:
    """The index of captures, sorted, a JSON object per line."""
    lines = []
    for capture in captures:
        fields = {
            "url": capture.url,
            "mime": "text/html",
            "status": "200",
            "digest": f"sha1:{sha1(capture.html.encode())}",
            "filename": filename,
        }
        lines.append(f"{urlkey(capture.url)} {digits(capture.captured_at)} {json.dumps(fields)}\n")
    return "".join(sorted(lines))


def cdx_lines(captures: Iterable[SimCapture]) -> str:
    """The index of captures in seven columns, sorted."""
    lines = []
    for capture in captures:
        body, at = capture.html.encode(), digits(capture.captured_at)
        lines.append(f"{urlkey(capture.url)} {at} {capture.url} text/html 200 {sha1(body)} {len(body)}\n")
    return " CDX N b a m s k S\n" + "".join(sorted(lines))


def write_wacz(captures: Sequence[SimCapture], folder: Path) -> None:
    """A zip with a WARC, its CDXJ, the pages and the digests of all (WACZ 1.1.1)."""
    pages = ['{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n']
    for capture in captures:
        page = {
            "id": f"{capture.number:06}",
            "url": capture.url,
            "ts": w3c(capture.captured_at),
            "title": "The Embassy",
        }
        pages.append(f"{json.dumps(page)}\n")
    members = {
        "archive/simulated.warc.gz": b"".join(gzip_bytes(record) for record in warc_records(captures)),
        "indexes/index.cdxj": cdxj_lines(captures, "simulated.warc.gz").encode(),
        "pages/pages.jsonl": "".join(pages).encode(),
    }
    resources = [
        {"name": path.rsplit("/", 1)[-1], "path": path, "hash": f"sha256:{_sha256(data)}", "bytes": len(data)}
        for path, data in members.items()
    ]
    package = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
    members["datapackage.json"] = json.dumps(package, indent=2).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{_sha256(members['datapackage.json'])}"}
    members["datapackage-digest.json"] = json.dumps(digest).encode()
    with zipfile.ZipFile(folder / "simulated.wacz", "w", zipfile.ZIP_STORED) as archive:
        for path, data in members.items():
            archive.writestr(zipfile.ZipInfo(path, (2022, 8, 31, 0, 0, 0)), data)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
