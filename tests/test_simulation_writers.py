"""Every raw form holds the captures it was given, the same bytes each time, and other people's readers agree."""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from tests.simulation import SimCapture, crawl, simulate_site
from tests.simulation.render import NBSP
from tests.simulation.warc_writers import urlkey
from tests.simulation.writers import FORMS, main_content, newest_per_url, write_jsonl_stream, write_warc_stream


@pytest.fixture(scope="module")
def captures() -> list[SimCapture]:
    return list(crawl(simulate_site(3, n_items=200), 4, n_captures=45))


def written(form: str, captures: Sequence[SimCapture], folder: Path) -> dict[str, bytes]:
    """The files of a form by their relative path."""
    folder.mkdir()
    FORMS[form].write(captures, folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_captures_give_the_same_bytes(form: str, captures: list[SimCapture], tmp_path: Path) -> None:
    assert written(form, captures, tmp_path / "a") == written(form, captures, tmp_path / "b")


@pytest.mark.parametrize("form", ["warc", "warc_gz", "warc_gz_cdxj", "warc_lz4", "warc_zst"])
def test_fastwarc_reads_every_capture(form: str, captures: list[SimCapture], tmp_path: Path) -> None:
    written(form, captures, tmp_path / "a")
    path = next(path for path in (tmp_path / "a").iterdir() if ".warc" in path.name)
    if form == "warc_zst":
        plain = path.with_suffix("")
        with path.open("rb") as packed:
            plain.write_bytes(zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read())
        path = plain
    with path.open("rb") as file:
        found = [
            (record.headers["WARC-Target-URI"], record.reader.read().decode())
            for record in ArchiveIterator(file)
            if record.headers["WARC-Type"] == "response" and "image" not in (record.http_content_type or "")
        ]
    assert found == [(capture.url, capture.html) for capture in captures]


@pytest.mark.parametrize("form", ["warc", "warc_gz", "arc", "arc_gz"])
def test_warcio_reads_every_capture(form: str, captures: list[SimCapture], tmp_path: Path) -> None:
    (path,) = written(form, captures, tmp_path / "a")
    found = []
    with (tmp_path / "a" / path).open("rb") as file:
        for record in WarcioIterator(file, arc2warc=True):
            if record.rec_type == "response" and "image" not in record.http_headers.get_header("Content-Type"):
                date = record.rec_headers.get_header("WARC-Date")
                found.append((record.rec_headers.get_header("WARC-Target-URI"), date, record.content_stream().read()))
    assert found == [
        (capture.url, f"{capture.captured_at:%Y-%m-%dT%H:%M:%SZ}", capture.html.encode()) for capture in captures
    ]


def test_a_single_member_holds_the_bytes_of_the_plain_warc(captures: list[SimCapture], tmp_path: Path) -> None:
    single = written("warc_gz_single", captures, tmp_path / "a")["simulated-single.warc.gz"]
    assert gzip.decompress(single) == written("warc", captures, tmp_path / "b")["simulated.warc"]


def test_wet_holds_the_texts(captures: list[SimCapture], tmp_path: Path) -> None:
    written("wet", captures, tmp_path / "a")
    with (tmp_path / "a" / "simulated.warc.wet.gz").open("rb") as file:
        texts = [record.content_stream().read().decode() for record in WarcioIterator(file)]
    assert texts == [capture.text for capture in captures]


def test_a_wacz_is_a_zip_whose_package_names_every_digest(captures: list[SimCapture], tmp_path: Path) -> None:
    written("wacz", captures, tmp_path / "a")
    with zipfile.ZipFile(tmp_path / "a" / "simulated.wacz") as archive:
        assert archive.testzip() is None
        package = json.loads(archive.read("datapackage.json"))
        assert {resource["path"] for resource in package["resources"]} == {
            "archive/simulated.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl"
        }  # fmt: skip
        for resource in package["resources"]:
            data = archive.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            assert resource["bytes"] == len(data)
        assert len(archive.read("pages/pages.jsonl").splitlines()) == 1 + len(captures)


@pytest.mark.parametrize("name", ["c4", "culturax", "fineweb", "fineweb_extracted", "oscar"])
def test_corpora_hold_text_url_and_time_in_every_packing(name: str, captures: list[SimCapture], tmp_path: Path) -> None:
    (plain,) = written(f"{name}_jsonl", captures, tmp_path / "a").values()
    (packed,) = written(f"{name}_jsonl_gz", captures, tmp_path / "b").values()
    (zst,) = written(f"{name}_jsonl_zst", captures, tmp_path / "c").values()
    assert gzip.decompress(packed) == plain
    assert zstandard.ZstdDecompressor().decompress(zst) == plain
    rows = [json.loads(line) for line in plain.decode().split("\n")[:-1]]
    (table,) = written(f"{name}_parquet", captures, tmp_path / "d")
    assert pq.read_table(tmp_path / "d" / table).to_pylist() == rows
    for row, capture in zip(rows, captures, strict=True):
        headers = row.get("warc_headers", {})
        assert row.get("url", headers.get("warc-target-uri")) == capture.url
        moment = row.get("timestamp", row.get("date", headers.get("warc-date")))
        assert moment.replace("/", "-").replace(" ", "T").rstrip("Z") == f"{capture.captured_at:%Y-%m-%dT%H:%M:%S}"
        text = row.get("text", row.get("content"))
        assert text == (main_content(capture) if name == "fineweb_extracted" else capture.text)


def test_an_extractors_text_has_neither_header_nor_list(captures: list[SimCapture]) -> None:
    for capture in captures:
        text = main_content(capture)
        assert "London:" not in text
        assert "all messages" not in text
        assert "days have passed" not in text
        assert not text.startswith(NBSP)


def test_text_files_are_the_captures(captures: list[SimCapture], tmp_path: Path) -> None:
    files = written("text", captures, tmp_path / "a")
    assert sorted(files.values()) == sorted(capture.text.encode() for capture in captures)


def test_downloads_lie_where_their_tools_put_them(captures: list[SimCapture], tmp_path: Path) -> None:
    capture = next(one for one in captures if "/fnapr/" in one.url and "://www." in one.url)
    stamp, number = f"{capture.captured_at:%Y%m%d%H%M%S}", capture.url.rsplit("/", 1)[-1]
    host = "www.rusemb.org.uk"
    for form, path in (
        ("waybackpack", f"{stamp}/{host}/fnapr/{number}"),
        ("downloader_all", f"websites/{host}/{stamp}/fnapr/{number}/index.html"),
        ("downloader", f"websites/{host}/fnapr/{number}/index.html"),
        ("wget", f"{host}/fnapr/{number}.html"),
    ):
        files = written(form, captures, tmp_path / form)
        assert path in files
        kept = newest_per_url(captures) if FORMS[form].newest_only else captures
        assert sorted(files.values()) == sorted(one.html.encode() for one in kept)


def test_a_mirrors_index_has_a_line_per_file_with_its_digest(captures: list[SimCapture], tmp_path: Path) -> None:
    files = written("wget_cdx", captures, tmp_path / "a")
    head, *lines = files["index.cdx"].decode().splitlines()
    assert head == " CDX N b a m s k S"
    assert lines == sorted(lines)
    assert len(lines) == len(files) - 1


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.rusemb.org.uk/fnapr/6869", "uk,org,rusemb)/fnapr/6869"),
        ("http://rusemb.org.uk/embassy/", "uk,org,rusemb)/embassy"),
        ("https://rusemb.org.uk/index.php?path=article&id=5", "uk,org,rusemb)/index.php?id=5&path=article"),
        ("https://m.rusemb.org.uk/article/on-tea-3", "uk,org,rusemb,m)/article/on-tea-3"),
        ("http://rusemb.org.uk/newarh/&start=41&ps=10&ppp=15", "uk,org,rusemb)/newarh/&start=41&ps=10&ppp=15"),
    ],
)
def test_index_keys_are_those_of_wayback_indexes(url: str, key: str) -> None:
    assert urlkey(url) == key


def test_streams_hold_the_same_records_as_files(captures: list[SimCapture], tmp_path: Path) -> None:
    assert write_jsonl_stream(captures, tmp_path / "c4.jsonl") == 45
    assert (tmp_path / "c4.jsonl").read_bytes() == written("c4_jsonl", captures, tmp_path / "a")["c4.jsonl"]
    assert write_warc_stream(captures, tmp_path / "s.warc.gz") == 45 + 1 + 2 * 5
    assert (tmp_path / "s.warc.gz").read_bytes() == written("warc_gz", captures, tmp_path / "b")["simulated.warc.gz"]
