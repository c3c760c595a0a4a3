"""How many captures are worked on at once, and in which parts their pages were read, changes no byte of any table."""

import hashlib
from pathlib import Path

import pytest

from pipeline.stages.shuffle import PAGES_PER_PARTITION
from pipeline.workspace import Workspace
from tests.forms.builds import Built, build_tables
from tests.forms.test_times_and_revisits import LATE, html, record_id, revisit
from tests.ingest.archives import http, warc
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream, write_warc_stream

N_CAPTURES = 90


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crawl twice, as WARC and as text, pages with revisits in other files, and files that cannot be read."""
    folder = tmp_path_factory.mktemp("dump")
    captures = list(crawl(simulate_site(7, n_items=60), 7, n_captures=N_CAPTURES))
    write_warc_stream(captures, folder / "m.warc.gz")
    write_jsonl_stream(captures[::2], folder / "b.jsonl")
    pages = [http(html(word, LATE if word == "ships" else word)) for word in ("lamps", "ships", "maps", "coins")]
    originals = [
        warc(page, date=f"2019-11-18T21:0{number}:25Z", record_id=record_id(number))
        for number, page in enumerate(pages)
    ]
    (folder / "z.warc").write_bytes(b"".join(originals))
    for name, month in (("a.warc", 1), ("n.warc", 2), ("zz.warc", 3)):
        repeats = [
            revisit(
                10 * month + number, f"2020-0{month}-0{number + 1}T10:00:00Z", f"WARC-Refers-To: {record_id(number)}"
            )
            for number in range(len(pages) + 1)
        ]
        (folder / name).write_bytes(b"".join(repeats))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 8)
    return folder


def built(dump: Path, outputs: Path, partition_size: int = PAGES_PER_PARTITION) -> tuple[Built, dict[str, str]]:
    found = build_tables(dump, outputs=outputs, partition_size=partition_size)
    files = Workspace(outputs).staging.glob("[!_]*.parquet")
    return found, {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


@pytest.fixture(scope="module")
def whole(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Digests of the tables made in one piece."""
    found, digests = built(dump, tmp_path_factory.mktemp("whole"))
    assert not found.broken_rules
    assert found.statuses == {"capture": 94, "duplicate": 45, "not_a_page": 19, "rejected": 5, "revisit": 12}
    assert found["quarantine"].height > 0
    assert len(digests) == 21
    return digests


@pytest.mark.parametrize("n_partitions", [2, 16])
def test_the_number_of_partitions_changes_no_byte(
    dump: Path, tmp_path: Path, whole: dict[str, str], n_partitions: int
) -> None:
    n_pages = 2 * N_CAPTURES
    assert built(dump, tmp_path, partition_size=n_pages // n_partitions + 1)[1] == whole


def test_the_parts_in_which_pages_were_read_change_no_byte(
    dump: Path, tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.slices.part.PAGES_PER_PART", 7)
    assert built(dump, tmp_path / "one")[1] == whole
    assert built(dump, tmp_path / "many", partition_size=20)[1] == whole
    assert len(list((tmp_path / "many" / "work" / "slices").glob("*/*"))) > 15


def test_the_order_of_slices_changes_no_byte(
    dump: Path, tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.slices.plan.SMALL_FILE", 0)  # every file is a slice of its own
    plan = built(dump, tmp_path / "plan", partition_size=20)
    assert plan[1] == whole
    monkeypatch.setattr("pipeline.slices.plan._bundles", lambda files: ((file,) for file in files[::-1]))
    assert built(dump, tmp_path / "reversed", partition_size=20)[1] == whole


def test_nothing_is_left_of_what_was_shuffled(dump: Path, tmp_path: Path, whole: dict[str, str]) -> None:
    assert built(dump, tmp_path, partition_size=20)[1] == whole
    assert not [path for path in Workspace(tmp_path).staging.iterdir() if path.is_dir()]
