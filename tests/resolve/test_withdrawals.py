"""A withdrawn item's words stand nowhere any more; what is left keeps every rule."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.check.set_rules import check_tables
from pipeline.cli import chancery
from pipeline.resolve.ids import REDIRECTS, empty_redirects
from pipeline.resolve.withdrawals import CHANGED, Withdrawal, Withdrawn, find_withdrawn, read_withdrawals
from schemas.names import TABLE_NAMES

Tables = Mapping[str, pl.DataFrame]
ON = date(2026, 11, 21)
BURUNDI = "following talks with Foreign Minister of the Republic of Burundi Ezechiel Nibigira"
LINE = f"06.11.2019 Foreign Minister Sergey Lavrov’s remarks {BURUNDI}"


@pytest.fixture(scope="module")
def tables(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The two samples' tables, with a line and a quarantined teaser that repeat the Burundi item, and two others."""
    outputs = tmp_path_factory.mktemp("withdrawals")
    result = CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(outputs)])
    assert result.exit_code == 0, result.output
    built = {name: pl.read_parquet(outputs / "tables" / f"{name}.parquet") for name in TABLE_NAMES}
    first = built["teaser_observations"].filter(pl.col("position") == 0).sort("capture_id").item(0, "capture_id")
    lines = [(first, 900, BURUNDI), (first, 901, "A line of something else entirely")]
    teasers = [(0, f"{first}/90", LINE), (1, f"{first}/91", "Another title that breaks a rule of its own")]
    schema = built["quarantine"].schema
    built["unplaced_lines"] = pl.DataFrame(lines, schema=built["unplaced_lines"].schema, orient="row")
    built["quarantine"] = pl.DataFrame(
        [
            (number, "teaser_observations", key, None, "published_on", json.dumps({"title": title}), first)
            for number, key, title in teasers
        ],
        schema=schema,
        orient="row",
    )
    here = pl.when(pl.col("capture_id") == first)
    built["captures"] = built["captures"].with_columns(
        n_teasers=here.then(pl.col("n_teasers") + 2).otherwise("n_teasers"),
        n_unplaced_lines=here.then(2).otherwise("n_unplaced_lines"),
    )
    return built


def find(tables: Tables, name: object, previous: pl.DataFrame, release: str | None = None) -> Withdrawn:
    lazy = {table: frame.lazy() for table, frame in tables.items()}
    return find_withdrawn(lazy, [Withdrawal(str(name), "asked", ON)], previous, release)


def left_of(tables: Tables, found: Withdrawn, rows_at_once: int = 1_000) -> Tables:
    """All tables without what was found, worked on so many rows at a time."""
    left = {
        name: pl.concat(found.left_of(name, rows) for rows in frame.iter_slices(rows_at_once))
        if frame.height
        else found.left_of(name, frame)
        for name, frame in tables.items()
    }
    return left | {"quarantine": found.quarantine, "id_redirects": found.id_redirects}


def burundi(tables: Tables) -> dict[str, object]:
    rows = tables["events"].filter(pl.col("title").str.contains(BURUNDI, literal=True))
    assert rows.height == 1
    return rows.row(0, named=True)


def broken_rules(tables: Tables) -> list[str]:
    results = check_tables({name: frame.lazy() for name, frame in tables.items()})
    return [f"{result.table}.{result.rule}" for result in results if result.n_failed and result.severity == "error"]


def words_of(tables: Tables) -> str:
    return "\n".join(
        frame.select(pl.col(pl.String)).write_csv() for name, frame in tables.items() if name != "raw_records"
    )


@pytest.mark.parametrize("named_by", ["event_id", "article_id"])
def test_the_words_of_a_withdrawn_item_stand_nowhere_and_all_rules_hold(tables: Tables, named_by: str) -> None:
    assert broken_rules(tables) == []
    item = burundi(tables)
    assert item["known_from"] == "both"
    found = find(tables, item[named_by], empty_redirects())
    left = left_of(tables, found)
    assert found.unknown == ()
    assert "Nibigira" in words_of(tables)
    assert "Nibigira" not in words_of(left)
    assert "Burundian colleagues have informed us" not in words_of(left)
    assert broken_rules(left) == []
    assert left["id_redirects"].rows() == [
        (item["article_id"], None, "withdrawn", None),
        (item["event_id"], None, "withdrawn", None),
    ]


def test_what_is_not_withdrawn_stays_as_it_was(tables: Tables) -> None:
    item = burundi(tables)
    left = left_of(tables, find(tables, item["event_id"], empty_redirects()))
    assert left["unplaced_lines"].get_column("text").to_list() == ["A line of something else entirely"]
    assert left["quarantine"].select("quarantine_no", "row").rows() == [
        (0, json.dumps({"title": "Another title that breaks a rule of its own"}))
    ]
    others = tables["events"].filter(pl.col("event_id") != item["event_id"])
    assert left["events"].equals(others)
    assert left["raw_records"].equals(tables["raw_records"])
    assert (
        left["captures"]
        .drop("n_teasers", "n_unplaced_lines")
        .equals(tables["captures"].drop("n_teasers", "n_unplaced_lines"))
    )


def test_ids_that_led_to_a_withdrawn_item_lead_to_nothing(tables: Tables) -> None:
    item = burundi(tables)
    merged = pl.DataFrame([("e" + "0" * 16, item["event_id"], "merged", "1.0.0")], schema=REDIRECTS, orient="row")
    found = find({**tables, "id_redirects": merged}, "e" + "0" * 16, merged, "1.1.0")
    assert set(found.id_redirects.rows()) == {
        ("e" + "0" * 16, None, "withdrawn", "1.0.0"),
        (item["article_id"], None, "withdrawn", "1.1.0"),
        (item["event_id"], None, "withdrawn", "1.1.0"),
    }


def test_an_item_withdrawn_before_keeps_the_release_in_which_it_went(tables: Tables) -> None:
    item = burundi(tables)
    before = pl.DataFrame([(item["event_id"], None, "withdrawn", "1.0.0")], schema=REDIRECTS, orient="row")
    found = find(tables, item["event_id"], before, "1.2.0")
    since = dict(found.id_redirects.select("old_id", "since_release").iter_rows())
    assert since[item["event_id"]] == "1.0.0"


def test_an_id_that_names_nothing_is_told(tables: Tables) -> None:
    found = find(tables, "a" + "0" * 16, empty_redirects())
    assert found.unknown == ("a" + "0" * 16,)
    assert found.id_redirects.is_empty()
    left = left_of(tables, found)
    assert all(left[name].equals(frame) for name, frame in tables.items())


@pytest.mark.parametrize("rows_at_once", [1, 3])
def test_how_many_rows_are_worked_on_at_once_changes_no_table(tables: Tables, rows_at_once: int) -> None:
    found = find(tables, burundi(tables)["event_id"], empty_redirects())
    whole, by_pieces = left_of(tables, found), left_of(tables, found, rows_at_once)
    assert all(by_pieces[name].equals(frame) for name, frame in whole.items())
    assert {name for name, frame in whole.items() if not frame.equals(tables[name])} <= {
        *CHANGED,
        "quarantine",
        "id_redirects",
    }


def test_a_list_of_withdrawals_is_read() -> None:
    text = '[[withdrawal]]\nid = "e0123456789abcdef"\nreason = "asked by the person named"\nrequested_on = 2026-11-21\n'
    assert read_withdrawals(text) == (Withdrawal("e0123456789abcdef", "asked by the person named", ON),)
    assert read_withdrawals("# none yet\n") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[withdrawal", "not valid TOML"),
        ("withdrawal = 3", "entry"),
        ('[[withdrawal]]\nid = "e0123456789abcdef"\nreason = "x"', "entry 1 must have"),
        ('[[withdrawal]]\nid = "c0123456789abcdef"\nreason = "x"\nrequested_on = 2026-11-21', "the id of entry 1"),
        ('[[withdrawal]]\nid = "e0123456789abcdef"\nreason = " "\nrequested_on = 2026-11-21', "gives no reason"),
        ('[[withdrawal]]\nid = "e0123456789abcdef"\nreason = "x"\nrequested_on = "soon"', "is not a date"),
    ],
)
def test_a_wrong_list_is_refused_in_one_sentence(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        read_withdrawals(text)
    assert "\n" not in str(caught.value)
