"""Broken dumps, each with sound captures around its fault, and what the ledger must say of each.

A fault is a file name, the bytes of the file made from the captures it is given, and for each record in order the
status and reason it must have. Where a capture survives untouched, its id is known from the simulation.
"""

import base64
import bz2
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.simulation import SimCapture
from tests.simulation.warc_writers import (
    arc_records,
    gzip_bytes,
    http_response,
    record_id,
    sha1,
    w3c,
    warc_record,
)
from tests.simulation.writers import c4_row

Verdict = tuple[str, str | None]
CAPTURE: Verdict = ("capture", None)
N_CAPTURES = 4
"""Captures that each fault is given."""


@dataclass(frozen=True)
class Fault:
    """A broken file."""

    name: str
    content: Callable[[Sequence[SimCapture]], bytes]
    verdicts: tuple[Verdict, ...]
    survivors: tuple[int, ...] = (0, 1, 2, 3)
    """Which of the captures come through with every line."""
    changed: int = 0
    """Captures that come through with other lines than they had."""
    is_text: bool = False
    """The time is that of the page's clock."""


def response(capture: SimCapture, message: bytes | None = None) -> bytes:
    """A WARC record of a capture; `message` overrides its HTTP response."""
    date = w3c(capture.captured_at)
    return warc_record(
        "response",
        date,
        record_id("broken", capture.number),
        http_response(capture.html.encode()) if message is None else message,
        WARC_Target_URI=capture.url,
        Content_Type="application/http; msgtype=response",
        WARC_Payload_Digest=f"sha1:{sha1(capture.html.encode())}",
    )


def members(captures: Sequence[SimCapture]) -> list[bytes]:
    """A gzip member per capture."""
    return [gzip_bytes(response(capture)) for capture in captures]


def _cut_in_the_last_member(captures: Sequence[SimCapture]) -> bytes:
    whole = members(captures)
    return b"".join(whole[:-1]) + whole[-1][: len(whole[-1]) * 2 // 3]


def _corrupt_in_the_middle(captures: Sequence[SimCapture]) -> bytes:
    whole = members(captures)
    broken = bytearray(whole[1])
    for at in range(40, 80):
        broken[at] ^= 0x5A
    return b"".join([whole[0], bytes(broken), *whole[2:]])


def _garbage_between_members(captures: Sequence[SimCapture]) -> bytes:
    one, two, three, four = members(captures)
    return one + b"\x00\xffgarbage that is no member" * 9 + two + three + four


def _wrong_length(off: int) -> Callable[[Sequence[SimCapture]], bytes]:
    def content(captures: Sequence[SimCapture]) -> bytes:
        records = [response(capture) for capture in captures]
        block = http_response(captures[1].html.encode())
        right, wrong = (f"\r\nContent-Length: {n}\r\n\r\nHTTP".encode() for n in (len(block), len(block) + off))
        assert right in records[1]
        return b"".join([records[0], records[1].replace(right, wrong), *records[2:]])

    return content


def _with_message(change: Callable[[bytes], bytes]) -> Callable[[Sequence[SimCapture]], bytes]:
    """The second capture's HTTP response made by `change` from its body."""

    def content(captures: Sequence[SimCapture]) -> bytes:
        message = change(captures[1].html.encode())
        return b"".join(response(one, message if place == 1 else None) for place, one in enumerate(captures))

    return content


def _http(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers]).encode() + b"\r\n\r\n" + body


_HTML = "Content-Type: text/html; charset=utf-8"


def _chunked(body: bytes, sizes: Callable[[int, int], int]) -> bytes:
    """The body in chunks of 1,000 bytes whose printed size is what `sizes` makes of place and size."""
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (sizes(place, len(part)), part) for place, part in enumerate(parts))
    return _http(chunks + b"0\r\n\r\n", _HTML, "Transfer-Encoding: chunked")


def _windows_1252(body: bytes) -> bytes:
    page = body.decode().replace('charset="utf-8"', 'charset="x"')
    return _http(page.encode("cp1252", "xmlcharrefreplace"), _HTML)


def _clipped_zip(captures: Sequence[SimCapture]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.warc.gz", b"".join(members(captures)))
        archive.writestr("pages/pages.jsonl", "{}")
        archive.writestr("datapackage.json", '{"resources": []}')
    whole = packed.getvalue()
    return whole[: whole.find(b"pages/pages.jsonl") + 8]


def _zip_with_hostile_names(captures: Sequence[SimCapture]) -> bytes:
    names = ("../../../hostile.warc.gz", "/hostile.warc.gz", "nul#byte.warc.gz", "C:\\hostile\n.warc.gz")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, member in zip(names, members(captures), strict=True):
            archive.writestr(name, member)
        archive.writestr("datapackage.json", '{"resources": []}')
    return packed.getvalue().replace(b"nul#byte", b"nul\0byte")


def _lines(captures: Sequence[SimCapture], *, broken: bytes) -> bytes:
    rows = [json.dumps(c4_row(capture), ensure_ascii=False).encode() for capture in captures]
    return b"\n".join([rows[0], broken, *rows[1:]]) + b"\n"


def _arc(captures: Sequence[SimCapture]) -> bytes:
    records = list(arc_records(captures))
    return b"".join(records)[: -len(records[-1]) // 3]


def _revisits(captures: Sequence[SimCapture]) -> bytes:
    revisit = warc_record(
        "revisit",
        w3c(captures[1].captured_at),
        record_id("revisit", captures[1].number),
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        WARC_Target_URI=captures[1].url,
        WARC_Payload_Digest=f"sha1:{base64.b32encode(hashlib.sha1(b'nobody').digest()).decode()}",
        Content_Type="application/http; msgtype=response",
    )
    return response(captures[0]) + revisit + response(captures[2]) + response(captures[3])


_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 123456\n"

FAULTS = (
    Fault("cut/last member.warc.gz", _cut_in_the_last_member, (CAPTURE,) * 4, (0, 1, 2), changed=1),
    Fault(
        "corrupt/member.warc.gz",
        _corrupt_in_the_middle,
        (CAPTURE, ("rejected", "corrupt_member"), CAPTURE, CAPTURE),
        (0, 2, 3),
    ),
    Fault(
        "corrupt/garbage between.warc.gz",
        _garbage_between_members,
        (CAPTURE, ("rejected", "corrupt_member"), CAPTURE, CAPTURE, CAPTURE),
    ),
    Fault("length/too long.warc", _wrong_length(700), (CAPTURE,) * 4),
    Fault("length/too short.warc", _wrong_length(-700), (CAPTURE,) * 4),
    Fault(
        "length/far too long.warc",
        _wrong_length(10**12),
        (CAPTURE, ("rejected", "record_too_large"), CAPTURE, CAPTURE),
        (0, 2, 3),
    ),
    Fault(
        "length/of the message.warc",
        _with_message(lambda body: _http(body, _HTML, f"Content-Length: {len(body) + 999}")),
        (CAPTURE,) * 4,
    ),
    Fault(
        "chunks/none.warc", _with_message(lambda body: _http(body, _HTML, "Transfer-Encoding: chunked")), (CAPTURE,) * 4
    ),
    Fault(
        "chunks/last too long.warc",
        _with_message(lambda body: _chunked(body, lambda _, size: size if size == 1000 else size + 5000)),
        (CAPTURE,) * 4,
        (0, 2, 3),
        changed=1,
    ),
    Fault(
        "chunks/no number.warc",
        _with_message(lambda body: _chunked(body, lambda _, size: size).replace(b"\r\n3e8\r\n", b"\r\nzz\r\n", 1)),
        (CAPTURE,) * 4,
        (0, 2, 3),
        changed=1,
    ),
    Fault("encoding/mislabelled.warc", _with_message(_windows_1252), (CAPTURE,) * 4),
    Fault(
        "encoding/unknown.warc",
        _with_message(lambda body: _http(body, "Content-Type: text/html; charset=x-klingon")),
        (CAPTURE,) * 4,
    ),
    Fault(
        "encoding/says gzip.warc",
        _with_message(lambda body: _http(body, _HTML, "Content-Encoding: gzip")),
        (CAPTURE,) * 4,
    ),
    Fault("zip/clipped.wacz", _clipped_zip, (*(CAPTURE,) * 4, ("rejected", "clipped_zip"))),
    Fault("zip/hostile.wacz", _zip_with_hostile_names, (CAPTURE,) * 4),
    Fault("no archive/pointer.warc.gz", lambda _: _POINTER, (("rejected", "lfs_pointer"),), ()),
    Fault("no archive/text.warc.gz", lambda captures: captures[0].text.encode(), (CAPTURE,), (0,), is_text=True),
    Fault("no archive/html.warc.gz", lambda captures: captures[0].html.encode(), (CAPTURE,), (0,), is_text=True),
    Fault("no archive/empty.warc.gz", lambda _: b"", (("rejected", "empty"),), ()),
    Fault("no archive/empty.txt", lambda _: b"", (("rejected", "empty"),), ()),
    Fault("no archive/blank.txt", lambda _: b"\n \n\xc2\xa0\n", (("rejected", "empty"),), ()),
    Fault("no archive/noise.txt", lambda _: bytes(range(256)) * 16, (("rejected", "binary"),), ()),
    Fault("no archive/letters.txt", lambda _: b"Caf\xe9 \x81\xc3\x28 " * 9, (("rejected", "undecodable"),), ()),
    Fault(
        "no archive/packed.bz2",
        lambda captures: bz2.compress(captures[0].text.encode()),
        (("rejected", "unsupported_compression"),),
        (),
    ),
    Fault(
        "no archive/only a start.warc",
        lambda _: b"WARC/1.1\r\nWARC-Type: response",
        (("rejected", "truncated_record"),),
        (),
    ),
    Fault(
        "corpus/line.jsonl",
        lambda captures: _lines(captures, broken=b'{"text": "cut in the mid'),
        (CAPTURE, ("rejected", "bad_json"), CAPTURE, CAPTURE, CAPTURE),
    ),
    Fault(
        "corpus/clipped.jsonl.gz",
        lambda captures: gzip_bytes(_lines(captures, broken=b"") + b'{"text": "' + b"no end " * 9000)[:-20],
        (*(CAPTURE,) * 4, ("rejected", "truncated_compression")),
    ),
    Fault("corpus/no footer.parquet", lambda _: b"PAR1" + b"\x15\x00" * 500, (("rejected", "damaged_parquet"),), ()),
    Fault("cut/last record.arc", _arc, (("not_a_page", "warcinfo"), *(CAPTURE,) * 4), (0, 1, 2), changed=1),
    Fault(
        "revisit/alone.warc",
        _revisits,
        (CAPTURE, ("rejected", "revisit_without_original"), CAPTURE, CAPTURE),
        (0, 2, 3),
    ),
)
