"""The report's folder: the same bytes each time, whole or not at all, sound HTML, nothing from elsewhere."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipeline.report.write import write_report
from tests.report.sound import empty_tables, hostile_tables, sound_tables, write_tables


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tables(sound_tables(), tmp_path_factory.mktemp("sound") / "tables")


@pytest.fixture(scope="module")
def report(tables: Path) -> Path:
    write_report(tables, tables.parent / "report")
    return tables.parent / "report"


@pytest.fixture(scope="module")
def page(report: Path) -> LexborHTMLParser:
    return LexborHTMLParser((report / "index.html").read_text(encoding="utf-8"))


def test_the_same_tables_give_the_same_bytes(tables: Path, report: Path, tmp_path: Path) -> None:
    written = write_report(tables, tmp_path / "again")
    assert digests(tmp_path / "again") == digests(report)
    assert written.n_events == 3
    assert written.n_files == len(digests(report))


def test_a_report_that_fails_leaves_the_one_that_was(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(tables, tmp_path / "report")
    before = digests(tmp_path / "report")

    def fail(*_: object) -> None:
        raise OSError("no room left")

    monkeypatch.setattr("pipeline.report.write._write_explorer", fail)
    with pytest.raises(OSError, match="no room left"):
        write_report(tables, tmp_path / "report")
    assert digests(tmp_path / "report") == before
    monkeypatch.undo()
    write_report(tables, tmp_path / "report")
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_files_of_an_earlier_report_do_not_stay(tables: Path, tmp_path: Path) -> None:
    (tmp_path / "report" / "explorer").mkdir(parents=True)
    (tmp_path / "report" / "explorer" / "details-99999.js").write_text("of a withdrawn event")
    write_report(tables, tmp_path / "report")
    assert not (tmp_path / "report" / "explorer" / "details-99999.js").exists()


@pytest.mark.parametrize("name", ["index.html", "explorer.html"])
def test_everything_a_page_loads_or_links_lies_in_the_folder(report: Path, name: str) -> None:
    tree = LexborHTMLParser((report / name).read_text(encoding="utf-8"))
    named = [node.attributes[key] for key in ("src", "href") for node in tree.css(f"[{key}]")]
    files = {address.partition("#")[0] for address in named if address and not address.startswith("data:,")} - {""}
    assert files
    assert [file for file in files if not (report / file).is_file()] == []
    assert not tree.css("script:not([src])")
    assert not tree.css("[style], [onclick], [onload], [onerror]")


@pytest.mark.parametrize("name", ["index.html", "explorer.html"])
def test_a_page_forbids_foreign_and_inline_scripts(report: Path, name: str) -> None:
    tree = LexborHTMLParser((report / name).read_text(encoding="utf-8"))
    policy = tree.css_first("meta[http-equiv='Content-Security-Policy']")
    assert policy is not None
    rules = str(policy.attributes["content"])
    assert rules.startswith("default-src 'none'; script-src 'self' file:;")
    assert "unsafe" not in rules
    assert "http" not in rules


@pytest.mark.parametrize("name", ["index.html", "explorer.html"])
def test_a_page_has_landmarks_one_main_heading_and_unique_anchors(report: Path, name: str) -> None:
    tree = LexborHTMLParser((report / name).read_text(encoding="utf-8"))
    for landmark in ("header", "main", "nav[aria-label]", "footer", "a.skip[href='#main']"):
        assert tree.css(landmark), landmark
    assert len(tree.css("h1")) == 1
    assert tree.css("html[lang=en]")
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    labelled = [node.attributes["aria-labelledby"] for node in tree.css("[aria-labelledby]")]
    assert set(labelled) <= set(ids)
    fields = {node.attributes["id"] for node in tree.css("input, select")}
    assert fields == {node.attributes["for"] for node in tree.css("label")}


def test_headings_never_skip_a_level(page: LexborHTMLParser) -> None:
    levels = [int(str(node.tag)[1]) for node in page.css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_chart_is_one_picture_with_a_table_and_a_file_beside_it(page: LexborHTMLParser) -> None:
    figures = [figure for figure in page.css(".figure") if figure.css(".chart")]
    assert len(figures) >= 10
    for figure in figures:
        assert figure.css("svg[role='img'][aria-label]")
        assert figure.css("table caption")
        assert figure.css("th[scope='col']")
        assert figure.css(".take a[download]")


def test_the_footer_says_what_to_bear_in_mind(page: LexborHTMLParser) -> None:
    [footer] = [part.text() for part in page.css("footer")]
    for words in ("contested claims", "not whether it is true", "Whose texts", "Removal", "rights-and-ethics"):
        assert words in footer, words


def test_hostile_text_is_markup_in_no_file(tmp_path: Path) -> None:
    write_report(write_tables(hostile_tables(), tmp_path / "tables"), tmp_path / "report")
    for file in sorted((tmp_path / "report").rglob("*")):
        if file.suffix == ".html":
            tree = LexborHTMLParser(file.read_text(encoding="utf-8"))
            assert not tree.css("main img, main script, [onerror]")
        if file.parent.name == "explorer" and file.suffix == ".js":
            assert not re.search("[<>\u2028]", file.read_text(encoding="utf-8")), file.name


def test_a_dataset_without_rows_has_pages_that_say_so(tmp_path: Path) -> None:
    written = write_report(write_tables(empty_tables(), tmp_path / "tables"), tmp_path / "report")
    text = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert written.n_events == 0
    assert "No capture with a known time." in text
    assert "No capture shows a counter" in text
    assert "<svg" not in text
