"""A file that several slices share gives the tables of one that is read in one go."""

from pathlib import Path

import pytest

from pipeline.ingest import reader
from pipeline.slices import plan
from tests.forms.builds import build_tables
from tests.simulation import crawl, simulate_site
from tests.simulation.warc_writers import gzip_bytes
from tests.simulation.writers import FORMS


def test_sharing_files_changes_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures = list(crawl(simulate_site(7, n_items=60), 8, n_captures=150))
    for place, form in enumerate(("warc_gz", "c4_jsonl", "wacz", "fineweb_parquet")):
        (tmp_path / "raw" / form).mkdir(parents=True)
        FORMS[form].write(captures[place * 30 : place * 30 + 45], tmp_path / "raw" / form)  # some captures in two forms
    (corpus,) = (tmp_path / "raw" / "c4_jsonl").iterdir()
    packed = gzip_bytes(corpus.read_bytes())
    (tmp_path / "raw" / "clipped.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    whole = build_tables(tmp_path / "raw", outputs=tmp_path / "whole")
    for name, value in (("SMALL_FILE", 20), ("SHARE_BYTES", 20_000)):
        monkeypatch.setattr(plan, name, value)
    monkeypatch.setattr(reader, "RECORDS_IN_TURN", 10)
    shared = build_tables(tmp_path / "raw", outputs=tmp_path / "shared")
    n_slices = {name: len(list((tmp_path / name / "work" / "slices").iterdir())) for name in ("whole", "shared")}
    assert n_slices["shared"] >= n_slices["whole"] + 9
    assert whole.reasons["truncated_compression"] == 1
    assert whole.statuses["duplicate"] > 45
    assert shared.details == whole.details
    for name, table in whole.tables.items():
        assert shared.tables[name].equals(table), name
