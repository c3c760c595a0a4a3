"""Unpacking: bounded, streaming, and a broken end costs only what lies behind the break."""

import gzip
import zlib
from pathlib import Path

import lz4.frame  # type: ignore[import-untyped]
import pytest
import zstandard

from pipeline.ingest.reader import RejectedFileError
from pipeline.ingest.unpack import packing_of, peek, read_bounded, stream, unpack

LINES = b"".join(b"line %d of the dump\n" % number for number in range(20_000))
PACKERS = {"gzip": gzip.compress, "zstd": zstandard.compress, "lz4": lz4.frame.compress}


def read_until_break(path: Path) -> tuple[bytes, str]:
    """Return what a stream gives before it raises, and the reason."""
    got = bytearray()
    try:
        for piece in stream(path):
            got += piece
    except RejectedFileError as error:
        return bytes(got), error.reason
    return bytes(got), "whole"


@pytest.mark.parametrize("packing", PACKERS)
def test_members_one_after_another_give_their_content(tmp_path: Path, packing: str) -> None:
    pack = PACKERS[packing]
    path = tmp_path / "a"
    path.write_bytes(pack(LINES) + pack(b"") + pack(LINES))
    assert packing_of(path.read_bytes()) == packing
    assert b"".join(stream(path)) == LINES * 2


def test_an_unpacked_file_streams_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(LINES)
    assert b"".join(stream(tmp_path / "a")) == LINES


@pytest.mark.parametrize("packing", PACKERS)
def test_a_stream_that_breaks_off_gives_what_was_before(tmp_path: Path, packing: str) -> None:
    path = tmp_path / "a"
    whole = PACKERS[packing](LINES)
    path.write_bytes(whole + whole[: len(whole) * 2 // 3])
    got, reason = read_until_break(path)
    assert reason == "truncated_compression"
    assert got.startswith(LINES)
    assert (LINES * 2).startswith(got)


@pytest.mark.parametrize("packing", PACKERS)
def test_a_damaged_stream_says_so(tmp_path: Path, packing: str) -> None:
    path = tmp_path / "a"
    whole = bytearray(PACKERS[packing](LINES))
    path.write_bytes(bytes(whole) + bytes(whole[:20]) + b"\xff" * 64 + bytes(whole[20:]))
    got, reason = read_until_break(path)
    assert reason in {"damaged_compression", "truncated_compression"}
    assert got.startswith(LINES)


def test_zero_bytes_behind_a_gzip_member_are_padding(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(LINES) + b"\0" * 512)
    assert b"".join(stream(tmp_path / "a")) == LINES


@pytest.mark.parametrize("packing", PACKERS)
def test_a_bomb_is_stopped_at_the_limit_with_little_memory(tmp_path: Path, packing: str) -> None:
    import tracemalloc

    bomb = PACKERS[packing](b"\0" * 60_000_000)
    (tmp_path / "a").write_bytes(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(RejectedFileError) as error:
            read_bounded(tmp_path / "a", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 32_000_000
    finally:
        tracemalloc.stop()
    assert error.value.reason == "record_too_large"


@pytest.mark.parametrize("packing", PACKERS)
def test_unpacked_bytes_say_whether_they_are_whole(packing: str) -> None:
    whole = PACKERS[packing](LINES)
    assert unpack(whole, packing, len(LINES)) == (LINES, True)
    with pytest.raises(RejectedFileError):
        unpack(whole, packing, len(LINES) - 1)


def test_a_cut_gzip_body_keeps_its_start() -> None:
    packed = zlib.compress(LINES, 1, 31)
    content, is_whole = unpack(packed[: len(packed) // 2], "gzip", len(LINES))
    assert not is_whole
    assert len(content) > 1000
    assert LINES.startswith(content)


@pytest.mark.parametrize("packing", PACKERS)
def test_a_peek_gives_what_can_be_had(packing: str) -> None:
    start = PACKERS[packing](LINES) if packing != "gzip" else PACKERS[packing](LINES)[:4096]
    assert peek(start, packing, 100) == LINES[:100]
    assert peek(PACKERS[packing](LINES)[:5], packing, 100) == b""
