"""`chancery show`: every kind of id, the way down to the raw record, ids of earlier releases, and hostile texts."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import chancery
from pipeline.commands.item_text import item_lines, printable
from pipeline.lookup import Item
from pipeline.publish.parquet import write_table
from pipeline.request import BuildRequest
from schemas.render import polars_schema
from tests.forms.test_times_and_revisits import AT, URL, html, record_id, revisit
from tests.ingest.archives import http, warc
from tests.stage_runs import run_stages
from tests.worlds import World

BURUNDI = "Republic of Burundi"
BURUNDI_DUMP = "003_9dab5ff1aff01632.txt"
TEASER_DUMP = "000_fce646e764c63825.txt"


def show(world: World | Path, *arguments: str) -> Result:
    outputs = world.outputs if isinstance(world, World) else world
    return CliRunner().invoke(chancery, ["show", *arguments, "--outputs", str(outputs)])


def known(world: World, asked: str) -> dict[str, Any]:
    result = show(world, asked, "--json")
    assert result.exit_code == 0, result.output
    item = json.loads(result.output)
    assert isinstance(item, dict)
    return item


def table(world: World, name: str) -> pl.DataFrame:
    return pl.read_parquet(world.tables / f"{name}.parquet")


@pytest.fixture(scope="module")
def burundi(samples: World) -> dict[str, str]:
    events = table(samples, "events").filter(pl.col("title").str.contains(BURUNDI), pl.col("known_from") == "both")
    assert events.height == 1
    return {key: events[key][0] for key in ("event_id", "article_id")}


def test_an_event_names_the_two_dumps_it_stands_in_with_place_and_digest(
    samples: World, burundi: dict[str, str]
) -> None:
    item = known(samples, burundi["event_id"])
    assert (item["kind"], item["facts"]["published_on"], item["facts"]["countries"]) == ("event", "2019-11-06", "BDI")
    assert [capture["captured_at"] for capture in item["captures"]] == ["2019-11-18T21:03:00Z", "2020-01-26T17:58:00Z"]
    teaser, article = item["captures"]
    for capture, name in ((teaser, TEASER_DUMP), (article, BURUNDI_DUMP)):
        (record,) = capture["raw_records"]
        body = (samples.folder / "raw" / name).read_bytes()
        assert (record["raw_path"], record["record_no"], record["offset"]) == (name, 0, 0)
        assert record["length"] == len(body)
        assert record["sha256"] == hashlib.sha256(body).hexdigest()
    assert [place["what"] for place in article["shows"]] == ["article"]
    (place,) = teaser["shows"]
    lines = (samples.folder / "raw" / TEASER_DUMP).read_text(encoding="utf-8").split("\n")
    assert lines[place["line_no"] - 1].strip().startswith("06.11.2019 - ")


def test_people_read_the_same_way_down(samples: World, burundi: dict[str, str]) -> None:
    text = show(samples, burundi["event_id"]).output
    assert text.startswith(f"event {burundi['event_id']}\n")
    assert "Seen in 2 captures" in text
    for name in (TEASER_DUMP, BURUNDI_DUMP):
        body = (samples.folder / "raw" / name).read_bytes()
        assert f"    {name}\n      record 0, byte 0 + {len(body):,}, capture\n" in text
        assert f"sha256 {hashlib.sha256(body).hexdigest()}" in text
    assert max(map(len, text.splitlines())) <= 80


def test_an_article_shows_its_versions_its_answers_and_the_start_of_its_text(
    samples: World, burundi: dict[str, str]
) -> None:
    text = show(samples, burundi["article_id"]).output
    assert f"event           {burundi['event_id']} (linked by text)" in text
    assert "Questions and answers (7)" in text
    assert "answer by Sergey Lavrov" in text
    assert "  Good afternoon," in text
    assert "… and 21 more (--all)" in text
    whole = show(samples, burundi["article_id"], "--all").output
    assert "(--all)" not in whole
    body = table(samples, "articles").filter(pl.col("article_id") == burundi["article_id"])["body"][0]
    assert " ".join(body.split()) in " ".join(whole.split())
    for answer in table(samples, "statements").filter(pl.col("article_id") == burundi["article_id"])["text"]:
        assert " ".join(answer.split()) in " ".join(whole.partition("\nText\n")[0].split())


def test_an_article_dated_by_a_teaser_names_the_dump_that_prints_the_date(
    samples: World, burundi: dict[str, str]
) -> None:
    item = known(samples, burundi["article_id"])
    assert item["facts"]["published_on_source"] == "teaser"
    assert [capture["raw_records"][0]["raw_path"] for capture in item["captures"]] == [TEASER_DUMP, BURUNDI_DUMP]
    assert item["facts"]["n_captures"] == 1
    assert "\nSeen in 1 capture, dated by a teaser in 1 more\n" in show(samples, burundi["article_id"]).output


def test_a_capture_shows_its_counters_and_teasers(samples: World) -> None:
    capture_id = table(samples, "captures").sort("captured_at")["capture_id"][0]
    text = show(samples, capture_id, "--all").output
    assert "2019-11-18 21:03 UTC (from page_clock, to the minute)" in text
    assert "2019-11-18, Moscow 00:03, London 21:03 (ok)" in text
    assert "624 days  salisbury-incident" in text
    assert text.count("\n  line ") == 10


@pytest.mark.parametrize(
    "named", [f"WARC-Refers-To: {record_id(1)}", f"WARC-Refers-To-Target-URI: {URL}", "X-Nothing: 1"]
)
def test_the_capture_of_a_revisit_names_the_record_that_holds_its_payload(tmp_path: Path, named: str) -> None:
    digest = "WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc").write_bytes(warc(http(html()), digest, date=AT, record_id=record_id(1)))
    (tmp_path / "raw" / "b.warc").write_bytes(revisit(2, "2019-12-01T10:00:00Z", digest, named))
    run_stages(BuildRequest(raw=(tmp_path / "raw",), outputs=tmp_path / "outputs"))
    ledger = pl.read_parquet(tmp_path / "outputs" / "tables" / "raw_records.parquet")
    (payload,) = ledger.filter(pl.col("status") == "capture")["sha256"]
    (capture_id,) = ledger.filter(pl.col("status") == "revisit")["capture_id"]
    text = show(tmp_path / "outputs", capture_id).output
    dates, _, holds = text.partition("Raw records\n")[2].partition("    repeats what was read from\n")
    assert dates.startswith("    b.warc\n")
    assert holds.startswith("      a.warc\n        record 0, byte 0 + ")
    assert holds.rstrip().endswith(f"sha256 {payload}")
    (record,) = json.loads(show(tmp_path / "outputs", capture_id, "--json").output)["captures"][0]["raw_records"]
    assert (record["raw_path"], record["repeats"]["raw_path"]) == ("b.warc", "a.warc")


def test_every_id_of_every_kind_can_be_shown(samples: World, simulated: World) -> None:
    for world in (samples, simulated):
        for name, column in (
            ("events", "event_id"),
            ("articles", "article_id"),
            ("captures", "capture_id"),
            ("article_versions", "version_id"),
            ("event_forms", "form_id"),
            ("article_forms", "form_id"),
        ):
            ids = table(world, name)[column].sort().to_list()
            for asked in ids[:: max(len(ids) // 3, 1)]:
                item = known(world, asked)
                assert item["id"] == asked
                assert all(capture["raw_records"] for capture in item["captures"])
                if name in {"events", "articles", "article_versions"}:
                    dated_elsewhere = name == "articles" and item["facts"]["published_on_source"] == "teaser"
                    places = [{place["what"] for place in capture["shows"]} for capture in item["captures"]]
                    assert (
                        sum("article" in what or not dated_elsewhere for what in places) == item["facts"]["n_captures"]
                    )
                assert show(world, asked, "--all").exit_code == 0


def test_an_id_of_an_earlier_release_leads_to_what_stands_for_it_now(
    samples: World, burundi: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(samples.tables, tmp_path / "tables")
    old, between, gone = ("e" + digit * 16 for digit in "123")
    rows = [
        (old, between, "merged", "0.1.0"),
        (between, burundi["event_id"], "merged", "0.2.0"),
        (gone, None, "withdrawn", "0.2.0"),
    ]
    redirects = pl.DataFrame(rows, schema=polars_schema("id_redirects"), orient="row")
    write_table("id_redirects", redirects, tmp_path / "tables" / "id_redirects.parquet")
    text = show(tmp_path, old).output
    assert f"{old} is merged since release 0.1.0 and leads to {between}." in text
    assert f"\nevent {burundi['event_id']}\n" in text
    item = json.loads(show(tmp_path, old, "--json").output)
    assert (item["asked"], item["id"], len(item["redirects"])) == (old, burundi["event_id"], 2)
    withdrawn = show(tmp_path, gone)
    assert withdrawn.output == f"{gone} is withdrawn since release 0.2.0 and leads to nothing.\n"
    assert withdrawn.exit_code == 0
    assert json.loads(show(tmp_path, gone, "--json").output)["kind"] == "withdrawn"


def test_wrong_ids_and_missing_tables_are_one_sentence(samples: World, tmp_path: Path) -> None:
    assert show(samples, "burundi").exit_code == 2
    assert "is no id" in show(samples, "x0127e9bb156306a1").output
    assert "no table knows e0000000000000000" in str(show(samples, "e0000000000000000").exception)
    assert "make them with `chancery build`" in str(show(tmp_path, "e0000000000000000").exception)


def test_colours_are_for_terminals_only_unless_asked_for(
    samples: World, burundi: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[" not in show(samples, burundi["event_id"]).output
    assert "\x1b[1m" in show(samples, burundi["event_id"], "--color").output
    monkeypatch.setattr("pipeline.commands.options.sys.stdout", Terminal())
    from pipeline.commands.options import wants_color

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_color(None)
    assert not wants_color(color=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color(None)
    assert wants_color(color=True)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_color(None)


class Terminal:
    def isatty(self) -> bool:
        return True


def test_a_text_off_a_page_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2J\x07b\x9b\n") == "a[2Jb\n"
    facts = {
        "of": "",
        "article_id": "a" + "0" * 16,
        "title": "\x1b]0;owned\x07title",
        "published_on": None,
        "urlkey": None,
    }
    lines = list(item_lines(Item("article wording", "g" + "0" * 16, "", facts=facts), width=80, limit=5))
    assert not any("\x1b" in line.text or "\x07" in line.text for line in lines)
