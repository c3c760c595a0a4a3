"""Real archive files of other projects: none gives fewer records than FastWARC or warcio read from it, none aborts."""

import gzip
import hashlib
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from pipeline.ingest.arc import ArcReader
from pipeline.ingest.detect import detect
from pipeline.ingest.reader import RawFile, Reader, ReadOptions, RejectedFileError
from pipeline.ingest.wacz import WaczReader
from pipeline.ingest.warc import WarcReader
from pipeline.records import Outcome, RawRecord
from pipeline.urls import urlkey
from tests.conftest import SHARED

FOLDER = SHARED / "warc"
READERS: dict[str, Reader] = {"warc": WarcReader(), "arc": ArcReader(), "wacz": WaczReader()}
ROW = re.compile(r"\| (\S+) \| \d+ \|[^|]*\|[^|]*\| (\{.*?\}|\"-\")[^|]*\| (\{.*?\}|\"-\")")
DAMAGES = 200

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the reference folder shared/ does not lie beside the clone"
)


def listed() -> list[tuple[str, Counter[str], Counter[str]]]:
    """File, record types by FastWARC, record types by warcio, as INDEX.md lists them."""
    if not FOLDER.is_dir():
        return []
    rows = ROW.findall((FOLDER / "INDEX.md").read_text(encoding="utf-8"))
    return [(name, counted(fast), counted(warcio)) for name, fast, warcio in rows]


def counted(printed: str) -> Counter[str]:
    return Counter({kind: int(count) for kind, count in re.findall(r'"(\w+)": (\d+)', printed)})


def read(path: Path, content: bytes | None = None) -> list[RawRecord]:
    file = RawFile(path, path.name, path.stat().st_size if content is None else len(content), 0)
    form = detect(file).form
    return list(READERS[form].read(file, ReadOptions())) if form in READERS else []


@pytest.mark.parametrize(("name", "fastwarc", "warcio"), listed(), ids=[row[0] for row in listed()])
def test_no_file_gives_fewer_records_than_its_peers_read(
    name: str, fastwarc: Counter[str], warcio: Counter[str]
) -> None:
    ours = Counter(record.record_type for record in read(FOLDER / name))
    fastwarc.pop("unknown", None)  # the evil headers' one response, which warcio knows as such
    for peer in (fastwarc, warcio):
        assert all(ours[kind] >= count for kind, count in peer.items()), (ours, peer)


def test_the_index_lists_every_file() -> None:
    assert {row[0] for row in listed()} == {path.name for path in FOLDER.iterdir()} - {"INDEX.md"}


def test_every_record_of_every_file_has_one_outcome_and_a_reason() -> None:
    for name, _fast, _warcio in listed():
        records = read(FOLDER / name)
        assert [record.record_no for record in records] == list(range(len(records)))
        for record in records:
            assert (record.page is not None) == (record.outcome is Outcome.PAGE)
            assert (record.reason is None) == (record.outcome in (Outcome.PAGE, Outcome.REVISIT))


@pytest.mark.parametrize("name", [row[0] for row in listed()])
@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_no_damage_makes_reading_fail(name: str, damage: str, tmp_path: Path) -> None:
    """Cut at 200 places, or with one of 200 bytes changed; the places follow from the file's name alone."""
    whole = (FOLDER / name).read_bytes()
    path = tmp_path / name
    for trial in range(DAMAGES):
        seed = int.from_bytes(hashlib.sha256(f"{name} {damage} {trial}".encode()).digest()[:8])
        content = bytearray(whole)
        if damage == "cut":
            del content[seed % len(whole) :]
        else:
            content[seed % len(whole)] ^= 1 + (seed >> 40) % 255
        path.write_bytes(content)
        file = RawFile(path, name, len(content), 0)
        form = detect(RawFile(FOLDER / name, name, len(whole), 0)).form
        try:
            # Taking pages apart costs most of the time: one trial in ten does it, the others only part the records.
            options = ReadOptions() if trial % 10 == 0 else ReadOptions(site_hosts=("example.invalid",))
            records = list(READERS[form].read(file, options))
        except RejectedFileError as error:
            assert error.reason  # noqa: PT017
        else:
            assert [record.record_no for record in records] == list(range(len(records)))


def test_the_keys_of_real_cdxj_files_are_ours() -> None:
    n_keys = 0
    for path in sorted(FOLDER.glob("*.wacz")):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if not name.startswith("indexes/") or name.endswith(".idx"):
                    continue
                content = package.read(name)
                text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode()
                for line in text.splitlines():
                    key, _time, fields = line.split(" ", 2)
                    assert urlkey(json.loads(fields)["url"]) == key
                    n_keys += 1
    assert n_keys == 14
