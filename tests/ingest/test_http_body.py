"""HTTP bodies as crawlers really store them: chunked or not, packed or not, whatever the headers say."""

import gzip
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.http_body import Body, BodyTooLargeError, HttpMessage, decode_body, join_chunks, parse_http

HTML = b"<html><body><p>" + b"18 November 2019 Moscow: 00:03 " * 40 + b"</p></body></html>"
LIMIT = 1_000_000


def chunked(content: bytes, size: int = 300, end: bytes = b"0\r\n\r\n") -> bytes:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x;name=value\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + end


def decoded(body: bytes, **headers: str) -> Body:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return decode_body(HttpMessage(200, named, body), LIMIT)


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


PACKED = {
    "gzip": gzip.compress(HTML),
    "x-gzip": gzip.compress(HTML),
    "deflate": zlib.compress(HTML),
    "br": brotli.compress(HTML),
    "zstd": zstandard.compress(HTML),
}


def test_a_response_is_parted() -> None:
    message = parse_http(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: a\r\n b\r\ncontent-type: no\r\n\r\nbody\r\n\r\n"
    )
    assert (message.status, message.body) == (200, b"body\r\n\r\n")
    assert message.headers == {"content-type": "text/html", "x": "a b"}


@pytest.mark.parametrize(
    ("block", "status", "body"),
    [
        (b"HTTP/1.0 404\n\nbody", 404, b"body"),
        (b"HTTP/2 200\r\n\r\n", 200, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html", 200, b""),
        (b"HTTP/1.1\r\n\r\nbody", None, b"body"),
        (b"HTTP/1.1 abc\r\n\r\nbody", None, b"body"),
        (b"<html>no header</html>", None, b"<html>no header</html>"),
        (b"", None, b""),
    ],
)
def test_odd_responses_are_parted_too(block: bytes, status: int | None, body: bytes) -> None:
    message = parse_http(block)
    assert (message.status, message.body) == (status, body)


@pytest.mark.parametrize("encoding", PACKED)
def test_content_encodings_are_undone(encoding: str) -> None:
    assert decoded(PACKED[encoding], content_encoding=encoding.upper()) == Body(HTML, is_whole=True)


def test_deflate_without_its_wrapper_is_undone() -> None:
    assert decoded(raw_deflate(HTML), content_encoding="deflate") == Body(HTML, is_whole=True)


@pytest.mark.parametrize("encoding", PACKED)
def test_a_body_that_was_unpacked_already_stays(encoding: str) -> None:
    assert decoded(HTML, content_encoding=encoding).content == HTML


@pytest.mark.parametrize("encoding", PACKED)
def test_a_body_that_breaks_off_gives_what_there_is(encoding: str) -> None:
    noise = b"<p>" + b"".join(b"%d " % (number * 7919 % 10007) for number in range(20_000))
    packed = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": lambda content: b"".join(zstandard.ZstdCompressor().read_to_iter(content)),
    }[encoding](noise)
    body = decoded(packed[: len(packed) * 3 // 4], content_encoding=encoding)
    assert not body.is_whole
    if encoding != "zstd":  # Zstandard gives whole blocks only
        assert noise.startswith(body.content[:1000])
        assert len(body.content) > 1000


def test_chunks_are_joined_and_then_unpacked() -> None:
    body = decoded(chunked(gzip.compress(HTML), 50), transfer_encoding="chunked", content_encoding="gzip")
    assert body == Body(HTML, is_whole=True)


def test_a_chunked_header_over_a_plain_body_is_ignored() -> None:
    assert decoded(HTML, transfer_encoding="chunked") == Body(HTML, is_whole=True)


def test_missing_last_chunk_means_cut() -> None:
    assert join_chunks(chunked(HTML, end=b"")) == (HTML, False)
    assert join_chunks(chunked(HTML)[:500])[1] is False
    assert HTML.startswith(join_chunks(chunked(HTML)[:500])[0])


def test_chunks_that_stop_making_sense_leave_the_rest_as_it_stands() -> None:
    content, is_whole = join_chunks(chunked(HTML, end=b"") + b"<p>not a chunk")
    assert content.startswith(HTML)
    assert content.endswith(b"<p>not a chunk")
    assert not is_whole


def test_a_short_body_is_cut() -> None:
    assert decoded(b"<p>begin", content_length="5000") == Body(b"<p>begin", is_whole=False)
    assert decoded(b"<p>whole", content_length="x").is_whole


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_refused(encoding: str) -> None:
    zeros = bytes(20_000_000)
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstandard.compress}[
        encoding
    ]
    with pytest.raises(BodyTooLargeError):
        decoded(pack(zeros), content_encoding=encoding)


@given(
    st.binary(max_size=200),
    st.sampled_from(["chunked", "gzip, chunked", "", "identity"]),
    st.sampled_from(["gzip", "br", "zstd", "deflate", "br, gzip", "odd"]),
    st.sampled_from(sorted(PACKED)),
    st.integers(0, 200),
)
def test_no_bytes_raise(body: bytes, transfer: str, content: str, packed: str, at: int) -> None:
    for damaged in (body, PACKED[packed][:at] + body, b"1f\r\n" + body):
        assert isinstance(decoded(damaged, transfer_encoding=transfer, content_encoding=content).content, bytes)
        parse_http(damaged)


@given(st.binary(min_size=1, max_size=2000), st.integers(1, 500))
def test_what_is_chunked_comes_back(content: bytes, size: int) -> None:
    assert join_chunks(chunked(content, size)) == (content, True)
