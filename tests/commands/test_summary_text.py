"""The summary of a build fits a terminal and explains its words."""

from pathlib import Path

from pipeline.commands.summary_text import GROUPS, WIDTH, summary_lines
from pipeline.summary import BuildSummary, TableSummary
from schemas.names import TABLE_NAMES
from schemas.registry import TABLES


def summary(**facts: object) -> BuildSummary:
    known = {
        "tables": tuple(TableSummary(name, 123_456_789, 0, 40, 0) for name in TABLE_NAMES),
        "statuses": {"capture": 1_000_000, "duplicate": 1, "not_a_page": 3},
        "problems": (),
        "n_problems": 0,
        "warnings": (),
    }
    return BuildSummary(**(known | facts))  # type: ignore[arg-type]


def lines(given: BuildSummary) -> list[str]:
    return list(summary_lines(given, Path("outputs/tables")))


def test_every_table_stands_in_80_columns_under_the_group_its_schema_names() -> None:
    text = lines(summary())
    assert max(map(len, text)) <= WIDTH
    group = ""
    headings = {"The dataset": "headline", "What it rests on": "evidence", "How good it is": "quality"}
    seen = []
    for line in text:
        group = line.strip() if line.strip() in GROUPS.values() else group
        name = line.split()[0] if line.startswith("    ") and group else ""
        if name in TABLES:
            seen.append(name)
            assert headings.get(group, "ledger") == TABLES[name].group
    assert seen == list(TABLE_NAMES)


def test_one_and_many_are_told_apart() -> None:
    assert lines(summary())[0] == "1,000,004 raw records: 1,000,000 captures, 1 copy of one of them, 3 files or"
    assert lines(summary(statuses={"capture": 1}))[0] == "1 raw record: 1 capture."


def test_what_quarantined_means_is_said_where_something_is() -> None:
    assert not any("Quarantined" in line for line in lines(summary()))
    tables = (TableSummary("captures", 5, 2, 40, 0),)
    text = "\n".join(lines(summary(tables=tables)))
    assert "    captures                         5             2          all 40" in text
    assert "Quarantined: rows read off a page that break a rule" in text
    assert "quarantine.parquet" in text


def test_a_warning_is_counted_and_named() -> None:
    tables = (TableSummary("events", 5, 0, 47, 1),)
    told = ("events: title_date_not_after_publication does not hold for 1 of 5 rows",)
    text = " ".join(" ".join(lines(summary(tables=tables, warnings=told))).split())
    assert "46 of 47" in text
    assert "Warning: events: title_date_not_after_publication does not hold for 1 of 5 rows." in text


def test_a_warning_says_no_more_than_it_knows() -> None:
    text = lines(summary(warnings=("no capture of the site was found, so the tables are empty",)))
    assert not any("exceptions" in line for line in text)
    assert "Warning: no capture of the site was found, so the tables are empty." in text


def test_what_is_no_fault_is_said_without_a_warning() -> None:
    assert "3 pages are of other sites (a.example 3)." in lines(
        summary(notes=("3 pages are of other sites (a.example 3)",))
    )


def test_each_rejected_record_has_its_sentence_and_the_others_are_counted() -> None:
    told = ("a.txt holds no text, so nothing could be read from it; look whether it was saved whole.",)
    text = lines(summary(statuses={"rejected": 4}, problems=told, n_problems=4))
    assert text[0] == "4 raw records: 4 rejected."
    assert max(map(len, text)) <= WIDTH
    joined = " ".join(" ".join(text).split())
    assert f"Rejected: {told[0]}" in joined
    assert "… and 3 more rejected; raw_records.parquet names every one with its reason." in joined


def test_nothing_new_is_the_first_line() -> None:
    assert lines(summary(up_to_date=True))[0] == "Nothing new: the tables are up to date."
