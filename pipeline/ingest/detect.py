"""From the first bytes of a file to the form it is in.

The one decision made here: content decides. Magic numbers come first, then what the first kilobytes say in whatever
packing and encoding they are; a file's name is asked only where the content fits several forms equally (a script, a
style sheet and a page without tags are all plain text), and by no other module.
"""

import json
import re
from dataclasses import dataclass

from pipeline.ingest.reader import RawFile
from pipeline.ingest.unpack import packing_of, peek

_HEAD_BYTES = 16 * 1024
_PEEK_BYTES = 8 * 1024
_LINES_TO_ASK = 20
# Zstandard and LZ4 give nothing before a whole block: up to 128 KiB and 4 MiB.
_BLOCK_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Detection:
    """What a file is."""

    form: str
    """`warc`, `arc`, `wacz`, `parquet`, `jsonl`, `cdx`, `html`, `text`, or one of the forms that hold no record:
    `empty`, `lfs_pointer`, `binary`, `media`, `packed` (a packing that is not read)."""
    media_type: str | None = None
    packing: str | None = None
    """`gzip`, `zstd`, `lz4` …; null where the file is not packed."""


_MEDIA_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"FWS", "application/x-shockwave-flash"),
    (b"CWS", "application/x-shockwave-flash"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"Bud1", "application/octet-stream"),
)
_MEDIA_AT = ((4, b"ftyp", "video/mp4"), (8, b"WEBP", "image/webp"), (8, b"WAVE", "audio/wav"), (4, b"Bud1", None))
_NAME_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "xml": "application/xml",
    "rss": "application/rss+xml",
    "svg": "image/svg+xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "log": "text/x-log",
    "py": "text/x-python",
    "sh": "text/x-shellscript",
}
_PAGE_SUFFIXES = frozenset({"html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp"})

# Before the first whole record may stand the first bytes of one that was cut.
_WARC = re.compile(rb"(?:^|\n)(?:W[ARC/\d.\r]{0,8})?WARC/\d[\d.]*\r?\n")
_ARC = re.compile(rb"\s*filedesc://", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_CDX_HEADER = re.compile(rb" CDX [A-Za-z](?: [A-Za-z])+\s")
_CDX_LINE = re.compile(rb"\S+[ \t]\d{4,17}[ \t](?:\{|\S*[.:/]\S*[ \t]\S+[ \t](?:\d{3}|-)[ \t])")
# The first line of JSON Lines holds a key; a JSON document of several lines begins with a lone bracket.
_OBJECT_START = re.compile(rb'\{[ \t]*"[^"\n]{1,100}"[ \t]*:')
_CDX_JSON = re.compile(rb'\s*\[\s*\[\s*"?(?:urlkey"|timestamp"|original"|\d{14}"?\s*,\s*"https?:)')
_PAGE_START = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|base|script|style|div|p|table|h[1-6]|center|font|br|span|ul|a)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b|</(?:head|body|title|div|table|p|a)>", re.IGNORECASE)
_ANY_TAG = re.compile(rb"<(?:br|p|a|div|b|i|img|span|hr)\b[^>]*>", re.IGNORECASE)
# Signs that a text does not hold: all controls but tab, the line ends and escape. One in 200 is a slip of the maker's.
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32)])
_CONTROLS_ALLOWED = 200


def detect(file: RawFile) -> Detection:
    """Tell a file's form by reading its first 16 kB, or its first block where it is packed in blocks.

    Raises:
        OSError: Where the file cannot be read.
    """
    with file.path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        if packing_of(head) in ("zstd", "lz4"):
            head += stream.read(_BLOCK_BYTES)
    return detect_content(head, file.raw_path)


def detect_content(head: bytes, name: str) -> Detection:  # noqa: PLR0911 -- one return per form, in order
    """Tell the form of a file that starts with `head`; `name` settles what the content leaves open."""
    if not head:
        return Detection("empty")
    if head.startswith(b"version https://git-lfs.github.com/spec/"):
        return Detection("lfs_pointer")
    if head.startswith(b"PAR1"):
        return Detection("parquet")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Detection("wacz")
    packing = packing_of(head)
    if packing is None:
        return _detect_plain(head, name)
    content = peek(head, packing, _PEEK_BYTES)
    if content:
        inner = _detect_plain(content, name.rpartition(".")[0])
        return Detection(inner.form, inner.media_type, packing)
    if packing == "zstd" and b".warc" in name.lower().encode():
        return Detection("warc", None, packing)  # its frames need the dictionary that stands before them
    return Detection("packed", None, packing)


def _detect_plain(head: bytes, name: str) -> Detection:
    """Tell the form of unpacked content."""
    if b"WARC-" in head and _WARC.search(head):
        return Detection("warc")
    if _ARC.match(head):
        return Detection("arc")
    for magic, media_type in _MEDIA_MAGIC:
        if head.startswith(magic):
            return Detection("media", media_type)
    for offset, magic, other_type in _MEDIA_AT:
        if head[offset : offset + len(magic)] == magic:
            return Detection("media", other_type or "application/octet-stream")
    text = _as_ascii_compatible(head)
    return _detect_text(text, name) if text is not None else _detect_binary(head)


def _as_ascii_compatible(head: bytes) -> bytes | None:
    """Return the content with its ASCII signs as single bytes, null where it is no text in any encoding we read."""
    if head.startswith(b"\xef\xbb\xbf"):
        return head[3:]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) & ~1].decode("utf-16", "replace").encode()
    n_controls = len(head) - len(head.translate(None, _CONTROLS))
    return head if n_controls * _CONTROLS_ALLOWED <= len(head) else None


def _detect_binary(head: bytes) -> Detection:
    """Tell a packed or chunked body that was saved as a file from bytes that mean nothing to us."""
    chunk = _CHUNK_SIZE.match(head)
    if chunk and packing_of(head[chunk.end() :]) == "gzip":
        return Detection("html", "text/html")
    if _is_brotli_page(head):
        return Detection("html", "text/html", "brotli")
    return Detection("binary", "application/octet-stream")


def _is_brotli_page(head: bytes) -> bool:
    """Whether the start of a file unpacks as Brotli, which has no magic number, to a page."""
    import brotli  # type: ignore[import-untyped]

    try:
        content = brotli.Decompressor().process(head, output_buffer_limit=_PEEK_BYTES)
    except brotli.error:
        return False
    return bool(_PAGE_TAG.search(content) or _ANY_TAG.search(content))


def _detect_text(text: bytes, name: str) -> Detection:  # noqa: PLR0911 -- one return per form, in order
    """Tell the forms that are made of lines."""
    start = text.lstrip()
    if not start:
        return Detection("empty")
    suffix = _suffix(name)
    if _CDX_HEADER.match(text) or _CDX_LINE.match(_first_cdx_line(start)) or _CDX_JSON.match(start):
        return Detection("cdx")
    if _OBJECT_START.match(start) and not (suffix == "json" and _is_lone_object(start)):
        return Detection("cdx" if _is_index_line(start) else "jsonl")
    if start[:1] in (b"{", b"[") and (suffix == "json" or _is_json(start)):
        return Detection("media", "application/json")
    chunk = _CHUNK_SIZE.match(start)
    body = start[chunk.end() :].lstrip() if chunk else start
    if b"<" in body and (
        _PAGE_START.match(body) or _PAGE_TAG.search(body) or (suffix in _PAGE_SUFFIXES and _ANY_TAG.search(body))
    ):
        return Detection("html", "text/html")
    if start.startswith((b"<?xml", b"<svg")):
        return Detection("media", "image/svg+xml" if b"<svg" in start else "application/xml")
    if suffix in _NAME_TYPES:
        return Detection("media", _NAME_TYPES[suffix])
    return Detection(_form_of_later_lines(text), "text/plain")


def _form_of_later_lines(text: bytes) -> str:
    """Tell an index or a corpus whose first line is damaged from a text."""
    for line in text.split(b"\n")[:_LINES_TO_ASK]:
        if _CDX_LINE.match(line):
            return "cdx"
        if _OBJECT_START.match(line) and _is_json(line):
            return "jsonl"
    return "text"


def _first_cdx_line(text: bytes) -> bytes:
    """Return the first line that is no CDXJ header (`!context …`)."""
    for line in text.split(b"\n"):
        if not line.startswith(b"!"):
            return line
    return b""


def _is_lone_object(text: bytes) -> bool:
    """Whether the content is one object on one line that names no text: a manifest rather than a corpus of one row."""
    return _is_json(text) and b"\n" not in text.rstrip() and b'"text"' not in text and b'"content"' not in text


def _is_index_line(text: bytes) -> bool:
    """Whether the first line is a capture as an index server prints it with `output=json`, one object per line."""
    line = text.partition(b"\n")[0]
    return b'"urlkey"' in line and b'"timestamp"' in line and b'"text"' not in line


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _suffix(name: str) -> str:
    """Return the file name's last extension in lower case, '' for none."""
    return name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""
