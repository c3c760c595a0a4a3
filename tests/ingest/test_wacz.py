"""WACZ files: read in place, their own lists checked, clipped ones recovered."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from pipeline.ingest.reader import RejectedFileError
from pipeline.ingest.wacz import WaczReader
from pipeline.records import Outcome, RawRecord
from tests.ingest.archives import ANY_SITE, SITE, members, page, raw_file, words

WARC = members([page("one", url=f"{SITE}/article/1"), page("two", url=f"{SITE}/article/2")])
PAGES = (
    json.dumps({"format": "json-pages-1.0", "id": "pages"})
    + "\n"
    + json.dumps({"url": f"{SITE}/article/1", "ts": "2019-11-18T21:03:00Z"})
    + "\n"
).encode()


def wacz(
    tmp_path: Path,
    warc: bytes = WARC,
    *,
    pages: bytes = PAGES,
    promised: bytes | None = None,
    names: tuple[str, ...] = ("archive/data.warc.gz",),
    packing: int = zipfile.ZIP_STORED,
) -> Path:
    """A WACZ with the same WARC under each name; `promised` is what the datapackage was made from."""
    path = tmp_path / "dump.wacz"
    listed = dict.fromkeys(names, warc if promised is None else promised) | {"pages/pages.jsonl": pages}
    resources = [
        {"path": name, "hash": "sha256:" + hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in listed.items()
    ]
    package = json.dumps({"profile": "data-package", "resources": resources}).encode()
    digest = {"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(package).hexdigest()}
    with zipfile.ZipFile(path, "w", packing) as file:
        for name in names:
            file.writestr(name, warc)
        file.writestr("pages/pages.jsonl", pages)
        file.writestr("datapackage.json", package)
        file.writestr("datapackage-digest.json", json.dumps(digest))
    return path


def read(path: Path, content: bytes | None = None) -> list[RawRecord]:
    return list(WaczReader().read(raw_file(path, path.read_bytes() if content is None else content), ANY_SITE))


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_records_are_read_in_place(tmp_path: Path, packing: int) -> None:
    path = wacz(tmp_path, packing=packing)
    one, two = read(path)
    assert words([one, two]) == ["one", "two"]
    assert {one.raw_format, two.raw_format} == {"wacz"}
    assert sorted(tmp_path.iterdir()) == [path]
    if packing == zipfile.ZIP_STORED:
        assert one.offset is not None
        stored = path.read_bytes()[one.offset : one.offset + (one.length or 0)]
        assert stored == members([page("one", url=f"{SITE}/article/1")])
    else:
        assert (one.offset, one.length) == (None, None)


def test_several_warcs_are_numbered_through(tmp_path: Path) -> None:
    records = read(wacz(tmp_path, names=("archive/a.warc.gz", "archive/b.warc.gz")))
    assert [record.record_no for record in records] == [0, 1, 2, 3]


@pytest.mark.parametrize("promised", [WARC[:-1] + b"x", WARC + b"x"], ids=["digest", "size"])
def test_a_datapackage_that_disagrees_is_reported_and_not_fatal(tmp_path: Path, promised: bytes) -> None:
    *pages, fault = read(wacz(tmp_path, promised=promised))
    assert words(pages) == ["one", "two"]
    assert (fault.outcome, fault.reason) == (Outcome.NOT_A_PAGE, "wacz_datapackage_mismatch")
    assert fault.detail is not None
    assert "archive/data.warc.gz differs" in fault.detail


def test_a_listed_page_without_record_is_reported(tmp_path: Path) -> None:
    more = PAGES + json.dumps({"url": f"{SITE}/article/99"}).encode()
    fault = read(wacz(tmp_path, pages=more))[-1]
    assert (fault.outcome, fault.reason) == (Outcome.NOT_A_PAGE, "wacz_pages_mismatch")
    assert fault.detail is not None
    assert "1 of 2" in fault.detail


@pytest.mark.parametrize("name", ["../../evil.warc.gz", "/etc/evil.warc.gz", "C:\\evil.warc.gz", "a\nb\x1b[2J.warc.gz"])
def test_hostile_names_are_only_labels(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    records = read(wacz(folder, names=(name,)))
    assert words(records) == ["one", "two"]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["dump.wacz"]
    assert not any("\x1b" in (record.detail or "") for record in records)


def test_a_clipped_zip_gives_what_its_local_headers_allow(tmp_path: Path) -> None:
    path = wacz(tmp_path)
    whole = path.read_bytes()
    after_warc = whole.index(b"pages/pages.jsonl")
    *found, said = read(path, whole[: after_warc + 200])
    assert words(found) == ["one", "two"]
    assert (said.outcome, said.reason) == (Outcome.REJECTED, "clipped_zip")
    one, *_rest, said = read(path, whole[: whole.index(WARC) + len(WARC) - 20])
    assert words([one]) == ["one"]
    assert said.reason == "clipped_zip"


def test_a_broken_warc_does_not_hide_the_next(tmp_path: Path) -> None:
    path = tmp_path / "dump.wacz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/a.warc.gz", b"no archive at all")
        file.writestr("archive/b.warc.gz", WARC)
    records = read(path)
    assert records[0].outcome is Outcome.REJECTED
    assert words(records) == ["one", "two"]


def test_a_package_without_warc_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dump.wacz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("pages/pages.jsonl", PAGES)
    with pytest.raises(RejectedFileError) as refused:
        read(path)
    assert refused.value.reason == "no_records"
