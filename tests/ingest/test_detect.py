"""Detection: content decides, names only break ties."""

import gzip
import io
import zipfile

import brotli  # type: ignore[import-untyped]
import lz4.frame  # type: ignore[import-untyped]
import pytest
import zstandard

from pipeline.ingest.detect import detect_content
from tests.ingest.files import HTML, PAGE

WARC = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
ARC = b"filedesc://x.arc 0.0.0.0 20190101000000 text/plain 76\n1 0 Test\n"
JSONL = b'{"text": "a", "url": "http://x/"}\n{"text": "b"}\n'
CDX11 = b"uk,org,rusemb)/ 20191118210325 http://www.rusemb.org.uk/ text/html 200 ABC - - 12 34 a.warc.gz\n"
CDXJ = b'uk,org,rusemb)/ 20191118210325 {"url": "http://www.rusemb.org.uk/"}\n'
SKIPPABLE = b"\x5d\x2a\x4d\x18\x04\x00\x00\x00dict"


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("datapackage.json"), "{}")  # of 1980: names of tests tell no time of day
    return packed.getvalue()


@pytest.mark.parametrize("name", ["x", "x.txt", "x.warc.gz", "x.parquet", "x.html", "x.cdx"])
@pytest.mark.parametrize(
    ("content", "form"),
    [
        (WARC, "warc"),
        (b"\r\n\r\n" + WARC, "warc"),
        (b"lost end of a record\r\n\r\n" + WARC, "warc"),
        (WARC[:3] + WARC, "warc"),
        (WARC[:9] + WARC, "warc"),
        (ARC, "arc"),
        (zipped(), "wacz"),
        (zipped()[:30], "wacz"),
        (b"PAR1\x15\x04", "parquet"),
        (JSONL, "jsonl"),
        (b'\n{"text": "' + b"a" * 20000 + b'"}\n', "jsonl"),
        (CDX11, "cdx"),
        (b" CDX N b a m s k r M S V g\n" + CDX11, "cdx"),
        (CDXJ, "cdx"),
        (b'!OpenWayback-CDXJ 1.0\n!meta {"a": 1}\n' + CDXJ, "cdx"),
        (b'[["urlkey","timestamp","original"],\n["uk)/","20191118210325","http://u/"]]', "cdx"),
        (b'[\n  [\n    "20191118210325",\n    "http://www.rusemb.org.uk/"\n  ]\n]', "cdx"),
        (b'{"urlkey": "uk,org,rusemb)/", "timestamp": "20191118210325", "url": "http://www.rusemb.org.uk/"}\n', "cdx"),
        (HTML.encode(), "html"),
        (b"\xef\xbb\xbf" + HTML.encode(), "html"),
        (HTML.encode("utf-16"), "html"),
        (HTML.replace("again", "ag\0ain").encode(), "html"),
        (b"<!-- saved from url=(0010)http://x/ -->\n<html><body>x", "html"),
        (b"\n<?xml version='1.0'?>\n<html xmlns='x'><body>x", "html"),
        (b"%x\r\n" % len(HTML.encode()) + HTML.encode() + b"\r\n0\r\n\r\n", "html"),
        (PAGE.encode(), "text"),
        (PAGE.encode("utf-16"), "text"),
        ("18 октября 2016\nМосква: 12:00\n".encode("cp1251"), "text"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n", "lfs_pointer"),
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "media"),
        (b"%PDF-1.4\n", "media"),
        (b"\xff\xd8\xff\xe0\x00", "media"),
        (bytes(range(256)), "binary"),
        (b'<?xml version="1.0"?><rss></rss>', "media"),
    ],
)
def test_content_decides_whatever_the_name(content: bytes, form: str, name: str) -> None:
    assert detect_content(content, name).form == form


@pytest.mark.parametrize(
    ("content", "form"), [(WARC, "warc"), (ARC, "arc"), (JSONL, "jsonl"), (CDXJ, "cdx"), (PAGE.encode(), "text")]
)
@pytest.mark.parametrize(
    ("pack", "packing"),
    [(gzip.compress, "gzip"), (zstandard.compress, "zstd"), (lz4.frame.compress, "lz4")],
)
def test_packed_content_is_known_by_what_is_in_it(content: bytes, form: str, pack: object, packing: str) -> None:
    assert callable(pack)
    found = detect_content(pack(content), "anything")
    assert (found.form, found.packing) == (form, packing)


def test_a_zstandard_file_that_begins_with_a_skippable_frame_is_looked_into() -> None:
    assert detect_content(SKIPPABLE + zstandard.compress(JSONL), "x").form == "jsonl"


def test_a_warc_whose_frames_need_a_dictionary_is_known_by_its_name() -> None:
    unreadable = SKIPPABLE + zstandard.compress(WARC)[:6] + b"\xff\xff\xff\xff"
    assert detect_content(unreadable, "a.warc.zst").form == "warc"
    assert detect_content(unreadable, "a.zst").form == "packed"


def test_the_start_of_a_cut_off_packed_file_is_enough() -> None:
    assert detect_content(gzip.compress(PAGE.encode())[:200], "x").form == "text"


@pytest.mark.parametrize("head", [b"BZh91AY", b"\xfd7zXZ\x00\x00"])
def test_packings_that_are_not_read_are_named(head: bytes) -> None:
    assert detect_content(head + b"x" * 20, "x").form == "packed"


@pytest.mark.parametrize("name", ["fnapr/1", "fnapr/1.html"])
def test_brotli_has_no_magic_number_and_is_known_by_the_page_in_it(name: str) -> None:
    packed = brotli.compress(HTML.encode() * 50)
    assert detect_content(packed, name).form == "html"
    assert detect_content(packed[: len(packed) // 2], name).form == "html"
    assert detect_content(bytes(range(256)) * 4, name).form == "binary"


@pytest.mark.parametrize(
    ("name", "form"), [("a.css", "media"), ("a.js", "media"), ("a.txt", "text"), ("a", "text"), ("a.html", "text")]
)
def test_a_name_settles_what_plain_text_leaves_open(name: str, form: str) -> None:
    assert detect_content(b"body { color: red }\n", name).form == form


def test_a_few_tags_make_a_page_under_a_pages_name_only() -> None:
    assert detect_content(b"text\nx <br> y\n", "a.html").form == "html"
    assert detect_content(b"text\nx <br> y\n", "a.txt").form == "text"


def test_a_json_document_that_is_no_lines_is_other_media() -> None:
    assert detect_content(b'{\n  "a": 1\n}\n', "datapackage").form == "media"


@pytest.mark.parametrize(("good", "form"), [(JSONL, "jsonl"), (CDX11, "cdx"), (CDXJ, "cdx")])
def test_a_damaged_first_line_does_not_hide_the_lines_after_it(good: bytes, form: str) -> None:
    assert detect_content(b"the end of a line\n" + good, "x").form == form


def test_a_first_line_of_json_that_is_cut_is_still_a_corpus() -> None:
    assert detect_content(b'{"text": "the lights were', "x.json").form == "jsonl"


def test_a_page_that_holds_json_is_a_page() -> None:
    page = HTML.replace("</head>", '<script type="application/ld+json">\n{"@type": "NewsArticle"}\n</script></head>')
    assert detect_content(page.encode(), "x").form == "html"


def test_a_line_with_a_date_is_no_cdx_line() -> None:
    assert detect_content(b"Article 20191118 on the light house of Port Vell\n", "x").form == "text"
