"""From the record to the tables: which time a capture has, what its clock check says, what a revisit repeats."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.forms.builds import Built, build_tables
from tests.ingest.archives import SITE, http, warc

LINES = """18 November 2019
Moscow: 00:03
London: 21:03

Consular queries:
+44 (0) 203 668 7474

624 days have passed since the Salisbury incident - no answer



A title of an article about {word}

The body of the article says one thing about {word}, and it says so in a whole sentence.

{teasers}

all messages"""
TEASERS = (
    "17.11.2019 - The first teaser\n\nIts text is a sentence.\n\n16.11.2019 - The second teaser\n\nIts text is another."
)
LATE = "24.12.2019 - A teaser from the future\n\nIts text.\n\n16.11.2019 - The second teaser\n\nAnother text."
URL = f"{SITE}/article/1"
AT = "2019-11-18T21:03:25Z"


def html(word: str = "lamps", teasers: str = TEASERS) -> bytes:
    lines = LINES.format(word=word, teasers=teasers).replace("\n", "<br>\n")
    return f"<html><head><meta charset=utf-8></head><body>{lines}</body></html>".encode()


def record_id(number: int) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"


def revisit(number: int, date: str, *headers: str, url: str = URL) -> bytes:
    return warc(
        b"HTTP/1.1 304 Not Modified\r\n\r\n", *headers, kind="revisit", url=url, date=date, record_id=record_id(number)
    )


def built(tmp_path: Path, files: Mapping[str, bytes]) -> Built:
    for name, content in files.items():
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return build_tables(tmp_path / "raw", outputs=tmp_path / "out")


def only(found: Built) -> dict[str, object]:
    return found["captures"].row(0, named=True)


def test_a_revisit_repeats_teasers_article_and_counters_at_its_own_time(tmp_path: Path) -> None:
    found = built(
        tmp_path,
        {
            "a.warc": warc(http(html()), date=AT, record_id=record_id(1))
            + revisit(2, "2019-12-01T10:00:00Z", f"WARC-Refers-To: {record_id(1)}"),
            "b.warc": revisit(3, "2020-02-01T10:00:00Z", f"WARC-Refers-To: {record_id(1)}"),
        },
    )
    assert found.broken_rules == ()
    assert found.statuses == {"capture": 1, "revisit": 2}
    captures = found["captures"].sort("captured_at")
    assert captures["captured_at"].to_list() == [
        datetime(2019, 11, 18, 21, 3, 25, tzinfo=UTC),
        datetime(2019, 12, 1, 10, 0, tzinfo=UTC),
        datetime(2020, 2, 1, 10, 0, tzinfo=UTC),
    ]
    assert captures["capture_id"].n_unique() == 3
    assert captures["text_sha256"].n_unique() == 1
    assert captures["clock_check"].to_list() == ["ok", *["disagrees_with_capture_time"] * 2]
    assert captures["page_date"].to_list() == [date(2019, 11, 18)] * 3
    for capture_id in captures["capture_id"]:
        own = pl.col("capture_id") == capture_id
        assert found["teaser_observations"].filter(own).height == 2
        assert found["article_observations"].filter(own).height == 1
        counters = found["counter_observations"].filter(own)
        assert counters.select("days", "observed_on", "start_on").rows() == [
            (624, date(2019, 11, 18), date(2018, 3, 4))
        ]
    assert found["articles"].select("n_captures", "n_versions").rows() == [(3, 1)]
    assert found["events"].filter(pl.col("known_from") == "teaser")["n_observations"].to_list() == [3, 3]
    assert found["raw_records"].filter(pl.col("status") == "revisit")["reason"].to_list() == ["same_payload"] * 2


def test_a_revisit_repeats_what_was_quarantined_on_its_page(tmp_path: Path) -> None:
    found = built(
        tmp_path,
        {
            "a.warc": warc(http(html(teasers=LATE)), date=AT, record_id=record_id(1))
            + revisit(2, "2019-12-01T10:00:00Z", f"WARC-Refers-To: {record_id(1)}")
        },
    )
    assert found.broken_rules == ()
    assert found["captures"]["n_teasers"].to_list() == [2, 2]
    assert found["teaser_observations"].height == 2
    rows = found["quarantine"].filter(pl.col("table") == "teaser_observations")
    assert set(rows["capture_id"]) == set(found["captures"]["capture_id"])
    assert all(key.startswith(owner) for key, owner in rows.select("row_key", "capture_id").iter_rows())


def test_a_revisit_of_a_revisit_and_one_by_digest_find_the_payload(tmp_path: Path) -> None:
    digest = "WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    found = built(
        tmp_path,
        {
            "a.warc": warc(http(html()), digest, date=AT, record_id=record_id(1)),
            "b.warc": revisit(2, "2019-12-01T10:00:00Z", digest)
            + revisit(3, "2019-12-02T10:00:00Z", f"WARC-Refers-To: {record_id(2)}", digest)
            + revisit(4, "2019-12-03T10:00:00Z", f"WARC-Refers-To: {record_id(9)}"),
        },
    )
    assert found.broken_rules == ()
    assert found["raw_records"].sort("raw_path", "record_no").select("status", "reason").rows() == [
        ("capture", None),
        ("revisit", "same_payload"),
        ("revisit", "same_payload"),
        ("rejected", "revisit_without_original"),
    ]


@pytest.mark.parametrize(
    ("printed", "check"),
    [
        ("2019-11-18T21:03:25Z", "ok"),
        ("2019-11-18T21:12:00Z", "ok"),
        ("2019-11-19T21:03:25Z", "date_off"),
        ("2019-11-17T21:03:25Z", "date_off"),
        ("2019-11-18T23:03:25Z", "disagrees_with_capture_time"),
        ("2019-11-18", "ok"),
        ("2019-11-25", "disagrees_with_capture_time"),
        ("2019-11", "ok"),
    ],
)
def test_the_time_of_the_record_wins_and_the_page_is_checked_against_it(
    printed: str, check: str, tmp_path: Path
) -> None:
    capture = only(built(tmp_path, {"a.warc": warc(http(html()), date=printed)}))
    if len(printed) > 10:
        facts = ("warc", "second", datetime.fromisoformat(printed))
    elif printed == "2019-11-25":
        facts = ("warc", "day", datetime(2019, 11, 25, tzinfo=UTC))
    else:  # a day is made exact by the page's clock, and a month is no time of capture
        facts = ("page_clock", "minute", datetime(2019, 11, 18, 21, 3, tzinfo=UTC))
    assert capture["clock_check"] == check
    assert (capture["captured_at_source"], capture["captured_at_precision"], capture["captured_at"]) == facts


def test_the_clocks_of_a_page_that_disagree_say_so(tmp_path: Path) -> None:
    wrong = html().replace(b"Moscow: 00:03", b"Moscow: 01:03")
    assert only(built(tmp_path, {"a.warc": warc(http(wrong), date=AT)}))["clock_check"] == "moscow_off"


def test_one_page_in_four_forms_is_one_capture_with_the_best_time(tmp_path: Path) -> None:
    text = LINES.format(word="lamps", teasers=TEASERS)
    found = built(
        tmp_path,
        {
            "20191118210325/www.rusemb.org.uk/article/1": html(),
            "saved.txt": text.encode(),
            "z.warc": warc(http(html()), date="2019-11-18T21:03:59Z"),
            "mirror/www.rusemb.org.uk/article/1": html(),
        },
    )
    assert found.broken_rules == ()
    assert found.statuses == {"capture": 1, "duplicate": 3}
    assert found["raw_records"]["capture_id"].n_unique() == 1
    capture = only(found)
    assert (capture["captured_at_source"], capture["captured_at"]) == (
        "warc",
        datetime(2019, 11, 18, 21, 3, 59, tzinfo=UTC),
    )
    assert found["raw_records"].filter(pl.col("status") == "capture")["raw_path"].to_list() == ["z.warc"]


def test_an_archive_and_a_memento_are_named_only_where_the_dump_proves_them(tmp_path: Path) -> None:
    wrapped = f"https://web.archive.org/web/20191118210325id_/{URL}"
    elsewhere = f"https://archive.example/20191118210325/{URL}"
    found = built(
        tmp_path,
        {
            "plain.warc": warc(http(html("one")), date=AT),
            "wrapped.warc": warc(http(html("two")), date="2024-05-05T05:05:05Z", url=wrapped),
            "source.warc": warc(http(html("three")), f"WARC-Source-URI: {wrapped}", date=AT),
            "20191118210325/www.rusemb.org.uk/article/4": html("four"),
            "info.warc": warc(b"isPartOf: CC-MAIN-2019-47\r\n", kind="warcinfo", url=None)
            + warc(http(html("five")), date=AT),
            "other.warc": warc(http(html("six")), date="2024-05-05T05:05:05Z", url=elsewhere),
        },
    )
    assert found.broken_rules == ()
    titles = found["article_observations"].select("capture_id", "title")
    rows = found["captures"].join(titles, on="capture_id")
    facts = {row["title"].rpartition(" ")[2]: row for row in rows.iter_rows(named=True)}
    assert {word: row["archive"] for word, row in facts.items()} == {
        "one": None,
        "two": "Internet Archive",
        "three": "Internet Archive",
        "four": None,
        "five": "Common Crawl",
        "six": None,
    }
    assert {word: row["memento_url"] for word, row in facts.items() if row["memento_url"]} == {
        "two": wrapped,
        "three": wrapped,
    }
    assert {row["url"] for row in facts.values()} == {URL, f"{SITE}/article/4"}
    assert facts["two"]["captured_at"] == datetime(2019, 11, 18, 21, 3, 25, tzinfo=UTC)
    assert {word: row["captured_at_source"] for word, row in facts.items()} == {
        "one": "warc",
        "two": "wayback",
        "three": "warc",
        "four": "wayback",
        "five": "warc",
        "six": "wayback",
    }
