"""Which time a capture has, what makes its id, and what its rows say."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.observe import capture_time, counter_slug, instant_text, observe
from pipeline.parse.page import Header
from pipeline.records import Outcome, PageText, RawRecord, RecordedTime, TimePrecision, TimeSource

HEADER = Header(date(2019, 11, 18), "00:03", "21:03", "en")
PAGE = """18 November 2019
Moscow: 00:03
London: 21:03

Consular queries:\u00a0\u00a0
+44 (0) 203 668 7474\u00a0\u00a0

624 days have passed since the Salisbury incident - no answer



A title of an article

The body of the article says one thing.

13.11.2019 - A teaser

Its text.

13.11.2019 - A teaser

Its text.

all messages
"""


def record(text: str = PAGE, **facts: object) -> RawRecord:
    return RawRecord("a.txt", 0, "text", Outcome.PAGE, page=PageText(text), **facts)  # type: ignore[arg-type]


def warc_time(*parts: int, precision: TimePrecision = TimePrecision.SECOND) -> RecordedTime:
    return RecordedTime(datetime(*parts, tzinfo=UTC), TimeSource.WARC, precision)  # type: ignore[misc, arg-type]


def test_a_page_without_a_recorded_time_has_that_of_its_london_clock() -> None:
    time = capture_time(None, HEADER)
    assert time == RecordedTime(datetime(2019, 11, 18, 21, 3, tzinfo=UTC), TimeSource.PAGE_CLOCK, TimePrecision.MINUTE)


def test_the_dumps_own_time_wins_over_the_page() -> None:
    recorded = warc_time(2019, 11, 19, 4, 0, 9)
    assert capture_time(recorded, HEADER) is recorded


def test_a_bare_day_is_made_exact_by_the_clock_of_that_day_only() -> None:
    same = warc_time(2019, 11, 18, precision=TimePrecision.DAY)
    other = warc_time(2019, 11, 19, precision=TimePrecision.DAY)
    assert capture_time(same, HEADER) == capture_time(None, HEADER)
    assert capture_time(other, HEADER) is other


def test_a_page_without_header_and_recorded_time_has_no_time() -> None:
    assert capture_time(None, None) is None
    assert instant_text(None) == ""


def test_the_same_page_in_the_same_minute_is_one_capture_whatever_its_url_and_seconds() -> None:
    ids = {
        observe(record(recorded=time, url=url), 0).page.capture_id
        for time, url in [
            (None, None),
            (warc_time(2019, 11, 18, 21, 3, 0), "https://rusemb.org.uk/article/1"),
            (warc_time(2019, 11, 18, 21, 3, 59), "http://www.rusemb.org.uk/article/1?x=2"),
        ]
    }
    assert len(ids) == 1
    later = observe(record(recorded=warc_time(2019, 11, 18, 21, 4, 0)), 0)
    assert later.page.capture_id not in ids


@given(
    blanks=st.lists(st.sampled_from(["", "\u00a0", "  ", "\t"]), max_size=3), tail=st.sampled_from(["", " ", "\u00a0"])
)
def test_blank_lines_and_blanks_at_line_ends_make_no_other_capture(blanks: list[str], tail: str) -> None:
    text = "\n".join(line + tail for line in PAGE.split("\n")) + "\n".join(["", *blanks])
    same = observe(record(text), 0).page
    assert same.capture_id == observe(record(), 0).page.capture_id


def test_rows_carry_what_the_page_prints() -> None:
    seen = observe(record(url="https://www.rusemb.org.uk/article/12"), 7)
    assert (seen.page.page_no, seen.page.urlkey, seen.page.clock_check) == (7, "uk,org,rusemb)/article/12", "ok")
    assert [(row.counter, row.days, row.start_on, row.claim) for row in seen.counters] == [
        ("salisbury-incident", 624, date(2018, 3, 4), "no answer")
    ]
    assert seen.article is not None
    assert (seen.article.title, seen.article.body) == (
        "A title of an article",
        "The body of the article says one thing.",
    )
    assert [row.title for row in seen.teasers] == ["A teaser", "A teaser"]


def test_teasers_a_corpus_dropped_are_unknown_and_not_none() -> None:
    text = PAGE.split("13.11.2019", maxsplit=1)[0]
    lost = RawRecord("a", 0, "jsonl", Outcome.PAGE, page=PageText(text, teasers_observable=False))
    assert observe(lost, 0).page.n_teasers is None
    assert observe(record(text), 0).page.n_teasers == 0


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("the Salisbury incident", "salisbury-incident"),
        ("the death of Nikolay Glushkov on British soil", "death-of-nikolay-glushkov-on-british-soil"),
        ("The", "the"),
        ("Britain’s  silence", "britains-silence"),
        ("Britain's silence", "britains-silence"),
    ],
)
def test_a_counter_is_named_by_its_label(label: str, slug: str) -> None:
    assert counter_slug(label) == slug


def test_a_label_without_latin_letters_still_has_a_name() -> None:
    assert counter_slug("инцидент").startswith("counter-")
    assert counter_slug("инцидент") != counter_slug("случай")


def test_a_title_with_nothing_under_it_is_an_article_with_an_empty_body() -> None:
    text = PAGE.split("The body of the article", maxsplit=1)[0].rstrip()
    seen = observe(record(text), 0).article
    assert seen is not None
    assert (seen.title, seen.body, seen.n_paragraphs) == ("A title of an article", "", 0)
    assert seen.body_sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
