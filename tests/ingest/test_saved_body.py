"""Bodies saved as they travelled: chunks joined, packings undone, by what the bytes show."""

import gzip

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from pipeline.ingest.reader import RejectedFileError
from pipeline.ingest.saved_body import join_chunks, unwrap_body
from tests.ingest.files import HTML

PAGE = HTML.encode()
LIMIT = 1_000_000


def chunked(body: bytes, size: int = 100) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%X;x=y\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        gzip.compress(PAGE),
        zstandard.compress(PAGE),
        brotli.compress(PAGE),
        chunked(PAGE),
        chunked(gzip.compress(PAGE)),
        gzip.compress(chunked(PAGE)),
        chunked(brotli.compress(PAGE)),
        gzip.compress(gzip.compress(PAGE)),
    ],
)
def test_every_layer_is_taken_off(body: bytes) -> None:
    assert unwrap_body(body, LIMIT) == (PAGE, True)


def test_a_page_in_utf16_is_no_packed_body() -> None:
    body = HTML.encode("utf-16")
    assert unwrap_body(body, LIMIT) == (body, True)


@pytest.mark.parametrize("body", [b"\x00\x01\x02 wild", b"2019\r\nA page that begins with a year.", b"", b"a\r\n"])
def test_bytes_that_only_look_like_a_layer_stay(body: bytes) -> None:
    assert unwrap_body(body, LIMIT) == (body, True)


def test_a_page_that_begins_with_a_number_is_not_chunked() -> None:
    body = b"20\r\n" + b"A page that begins with a number and goes on for longer than that."
    assert unwrap_body(body, LIMIT) == (body, True)


def test_wrong_chunk_sizes_cost_no_byte_of_the_rest() -> None:
    content, is_whole = join_chunks(b"4\r\nabcd\r\n3\r\nefghij\r\n0\r\n\r\n")
    assert (content.startswith(b"abcdefghij"), is_whole) == (True, False)


def test_a_body_cut_inside_a_chunk_keeps_what_is_there() -> None:
    assert join_chunks(b"4\r\nabcd\r\n9\r\nef") == (b"abcdef", False)
    packed = gzip.compress(PAGE)
    content, is_whole = unwrap_body(packed[: len(packed) * 3 // 4], LIMIT)
    assert content.startswith(PAGE[:50])
    assert not is_whole


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, brotli.compress])
def test_a_bomb_is_stopped_at_the_limit(pack: object) -> None:
    assert callable(pack)
    with pytest.raises(RejectedFileError) as error:
        unwrap_body(pack(b"\0" * 10_000_000), LIMIT)
    assert error.value.reason == "record_too_large"
