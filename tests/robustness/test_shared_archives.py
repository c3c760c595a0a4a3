"""Real archive files of other projects through the whole pipeline, every site of theirs wanted."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.ingest.reader import ReadOptions
from pipeline.request import BuildRequest
from pipeline.summary import BuildSummary
from tests.conftest import SHARED
from tests.forms.builds import build_tables

FOLDER = SHARED / "warc"


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the reference folder shared/ does not lie beside the clone")
def test_real_archives_of_any_site_keep_every_rule(tmp_path: Path) -> None:
    found = build_tables(FOLDER, outputs=tmp_path / "out", options=ReadOptions(), workers=2)
    assert found.broken_rules == ()
    assert sum(found.statuses.values()) == found["raw_records"].height
    assert set(found["raw_records"]["raw_path"]) == {path.name for path in FOLDER.iterdir()}
    index = (FOLDER / "INDEX.md").read_text(encoding="utf-8")
    for name, kinds in re.findall(r"\| (\S+) \| \d+ \|[^|]*\|[^|]*\| (\{.*?\})", index):
        n_read = sum(int(count) for count in re.findall(r": (\d+)", kinds))
        assert found["raw_records"].filter(found["raw_records"]["raw_path"] == name).height >= n_read, name
    assert found.statuses["capture"] > 30


@pytest.mark.parametrize(
    ("given", "hosts"),
    [((), ("rusemb.org.uk",)), (("--site", "example.org"), ("example.org",)), (("--site", "*"), ())],
)
def test_every_site_is_wanted_when_asked_for(
    given: tuple[str, ...], hosts: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[BuildRequest] = []

    def build(request: BuildRequest, *_more: object) -> BuildSummary:
        asked.append(request)
        return BuildSummary((), {"capture": 1}, (), 0, ())

    monkeypatch.setattr("pipeline.build.build", build)
    (tmp_path / "raw").mkdir()
    CliRunner().invoke(chancery, ["build", "--raw", str(tmp_path / "raw"), "--outputs", str(tmp_path), *given])
    assert asked[0].options.site_hosts == hosts
