"""The simulated site is what it says: shaped like the real dumps, deterministic, and true to its gold."""

import hashlib
import html
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.simulation import CrawlRates, EditRates, HardCaseRates, SimCapture, Site, crawl, simulate_site
from tests.simulation.capture import collapse
from tests.simulation.clock import london_time, moscow_time, page_clock
from tests.simulation.edits import EARLY, LATE
from tests.simulation.frames import article_texts, distinct_forms, teaser_observations
from tests.simulation.hard_cases import MAKERS

ROOT = Path(__file__).resolve().parent.parent
TEASER = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) - (.+)")


@pytest.fixture(scope="module")
def site() -> Site:
    return simulate_site(11, n_items=3000)


@pytest.fixture(scope="module")
def captures(site: Site) -> list[SimCapture]:
    return list(crawl(site, 12, n_captures=1500))


def digest(n_items: int, n_captures: int) -> str:
    """A digest of every byte of a small crawl in both forms."""
    whole = hashlib.sha256()
    for capture in crawl(simulate_site(5, n_items=n_items), 6, n_captures=n_captures):
        whole.update(f"{capture.url}\n{capture.captured_at}\n{capture.text}\n{capture.html}\n".encode())
    return whole.hexdigest()


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = "from tests.test_simulation import digest; print(digest(150, 120))"
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == digest(150, 120)


def test_another_seed_gives_another_site_and_another_crawl(site: Site) -> None:
    assert simulate_site(1, n_items=50).items != simulate_site(2, n_items=50).items
    assert [one.url for one in crawl(site, 1, n_captures=50)] != [one.url for one in crawl(site, 2, n_captures=50)]


# ── the shape of a capture ────────────────────────────────────────────────────────────────────────────────────────────

NBSP = "\u00a0"
HEADER = r"\d{1,2} [A-Z][a-z]+ \d{4}\nMoscow: \d\d:\d\d\nLondon: \d\d:\d\d\n\n"
PHONE = rf"Consular queries:{NBSP}{{2}}\n\+44 \(0\) 203 668 7474{NBSP}{{2}}\n"
COUNTER = r"\d+ days have passed since [^\n]+? - no credible information or response from the British authorities"
COUNTERS = rf"{COUNTER}(?:{NBSP}{{341}}| {{341}}){COUNTER}\n"
BODY = r"[^\n]+(?:\n\n[^\n]+)*?\n"
LAYOUT_B = re.compile(
    rf"{HEADER}{PHONE}info@rusemb\.org\.uk{NBSP}{{2}}\n\n{NBSP}\n{COUNTERS}\n"
    r"[A-Z, ']+\n\n\d\d\.\d\d\.\d{4}\n\n[^\n]+\n\n"
    rf"{BODY}\n\n\n\nLATEST EVENTS\n\n(?:\d\d\.\d\d\.\d{{4}} - [^\n]+\n\n[^\n]+\n\n\n){{10}}\nall messages"
)
LAYOUT_A = re.compile(
    rf"{HEADER}{PHONE}\n{COUNTERS}\n\n\n[^\n]+\n\n"
    rf"{BODY}\n\n(?:\d\d\.\d\d\.\d{{4}} - [^\n]+\n\n[^\n]+\n\n){{10}}all messages"
)


@pytest.mark.parametrize(
    ("sample", "shape"), [("000_fce646e764c63825.txt", LAYOUT_B), ("003_9dab5ff1aff01632.txt", LAYOUT_A)]
)
def test_the_shapes_are_those_of_the_real_dumps(raw: Path, sample: str, shape: re.Pattern[str]) -> None:
    assert shape.fullmatch((raw / sample).read_text(encoding="utf-8"))


def test_whole_article_captures_have_exactly_the_shape_of_the_real_dumps(captures: list[SimCapture]) -> None:
    shapes = {"A": LAYOUT_A, "B": LAYOUT_B}
    seen: Counter[str] = Counter()
    for capture in captures:
        item = capture.item
        plain = capture.kind == "article" and capture.header == "en" and not capture.is_cut and len(capture.shown) == 10
        titled = item is not None and item.wordings[capture.wording_no].title is not None and item.quirk is None
        if plain and titled and capture.page_date and date(2018, 11, 15) <= capture.page_date < date(2022, 1, 1):
            assert shapes[capture.layout].fullmatch(capture.text), capture.text
            seen[capture.layout] += 1
    assert min(seen["A"], seen["B"]) > 100


def content_line(text: str) -> int:
    """Number of blank lines between the phone and what follows."""
    lines = text.split("\n")
    phone = next(number for number, line in enumerate(lines) if line.startswith("+44"))
    return next(ahead for ahead, line in enumerate(lines[phone + 1 :]) if line)


def test_blank_lines_after_the_phone_tell_titles_apart(captures: list[SimCapture]) -> None:
    seen = Counter[tuple[bool, int]]()
    for capture in captures:
        bare = capture.kind == "article" and capture.layout == "A" and capture.header and not capture.counters
        if bare and capture.item is not None:
            seen[capture.item.wordings[capture.wording_no].title is None, content_line(capture.text)] += 1
    assert {blanks for untitled, blanks in seen if untitled} == {5}
    assert {blanks for untitled, blanks in seen if not untitled} == {3, 4}


def test_contacts_change_with_the_years(captures: list[SimCapture]) -> None:
    for capture in captures:
        if capture.page_date is None:
            continue
        old, new = capture.page_date < date(2016, 7, 1), capture.page_date >= date(2022, 1, 1)
        assert (f"+44(0) 203 668 7474{NBSP * 3}\n" in capture.text) == old
        assert ("[email protected]" in capture.text) == new
        assert ("info@rusemb.org.uk" in capture.text) == (capture.layout == "B" and not new)
        assert ("Консульские вопросы:" in capture.text) == (capture.header == "ru")


def test_a_crawl_holds_every_kind_of_capture(captures: list[SimCapture]) -> None:
    assert {capture.kind for capture in captures} == {"article", "listing", "section", "mobile"}
    assert {capture.layout for capture in captures} == {"A", "B"}
    assert {capture.header for capture in captures} == {"en", "ru", None}
    assert {capture.style for capture in captures} == {
        "as_printed", "straight_quotes", "nbsp", "hyphens", "double_blanks"
    }  # fmt: skip
    assert {capture.is_cut for capture in captures} == {True, False}
    assert any("index.php?path=" in capture.url for capture in captures)


def test_captures_come_in_order_of_time_within_the_crawl(site: Site) -> None:
    some = list(crawl(site, 3, n_captures=400, start=date(2019, 3, 1), end=date(2019, 6, 30)))
    assert [one.captured_at for one in some] == sorted(one.captured_at for one in some)
    assert datetime(2019, 3, 1, tzinfo=UTC) <= some[0].captured_at
    assert some[-1].captured_at < datetime(2019, 7, 1, tzinfo=UTC)
    assert [one.number for one in some] == list(range(400))


def test_large_crawls_come_in_bursts(site: Site) -> None:
    per_week = Counter(one.captured_at.isocalendar()[:2] for one in crawl(site, 3, n_captures=2000))
    single = CrawlRates(in_bursts=0)
    even = Counter(one.captured_at.isocalendar()[:2] for one in crawl(site, 3, n_captures=2000, rates=single))
    busiest = [sum(sorted(weeks.values())[-110:]) / 2000 for weeks in (per_week, even)]  # a quarter of all weeks
    assert busiest[0] > 0.6
    assert busiest[1] < 0.5


def test_no_two_captures_of_a_minute_print_the_same(site: Site) -> None:
    dense = crawl(site, 4, n_captures=3000, start=date(2020, 5, 1), end=date(2020, 5, 1))
    keys = [(f"{one.captured_at:%Y%m%d%H%M}", " ".join(one.text.split())) for one in dense]
    assert len(set(keys)) == 3000


# ── the clocks and the counters ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("at", "day", "moscow", "london"),
    [
        (datetime(2019, 11, 18, 21, 3, tzinfo=UTC), date(2019, 11, 18), "00:03", "21:03"),
        (datetime(2017, 8, 27, 21, 1, tzinfo=UTC), date(2017, 8, 27), "00:01", "22:01"),
        (datetime(2020, 1, 26, 17, 58, tzinfo=UTC), date(2020, 1, 26), "20:58", "17:58"),
        (datetime(2015, 3, 2, 0, 55, tzinfo=UTC), date(2015, 3, 2), "04:55", "00:55"),
        (datetime(2015, 5, 27, 15, 35, tzinfo=UTC), date(2015, 5, 27), "19:35", "16:35"),
        (datetime(2014, 9, 1, 13, 40, tzinfo=UTC), date(2014, 9, 1), "17:40", "14:40"),
        (datetime(2015, 10, 5, 10, 8, tzinfo=UTC), date(2015, 10, 5), "13:08", "11:08"),
    ],
)
def test_the_clocks_are_those_of_captures_that_were_seen(at: datetime, day: date, moscow: str, london: str) -> None:
    assert page_clock(at) == (day, moscow, london)


def test_the_clocks_agree_with_the_time_zone_database() -> None:
    zones = {"London": ZoneInfo("Europe/London"), "Moscow": ZoneInfo("Europe/Moscow")}
    for hours in range(0, 9 * 365 * 24, 5):
        at = datetime(2014, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        assert london_time(at).replace(tzinfo=None) == at.astimezone(zones["London"]).replace(tzinfo=None)
        assert moscow_time(at).replace(tzinfo=None) == at.astimezone(zones["Moscow"]).replace(tzinfo=None)


def test_counters_count_from_their_days_and_begin_on_15_november_2018(captures: list[SimCapture]) -> None:
    first_sample, n_with = date(2019, 11, 18), 0
    for capture in captures:
        printed = [int(days) for days in re.findall(r"(\d+) days have passed since the ", capture.text)]
        assert printed == [days for _, days in capture.counters]
        if capture.page_date is None or capture.page_date < date(2018, 11, 15):
            assert not printed
        else:
            n_with += 1
            ahead = (capture.page_date - first_sample).days
            assert printed == [624 + ahead, 616 + ahead]
    assert n_with > 100


# ── lists and gold ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_dates_never_ascend_down_a_list(captures: list[SimCapture]) -> None:
    for capture in captures:
        days = [teaser.published_on for teaser in capture.teasers]
        assert days == sorted(days, reverse=True)


def test_gold_holds_every_printed_teaser_and_no_other(captures: list[SimCapture]) -> None:
    n_teasers = 0
    for capture in captures:
        printed = [found for line in capture.text.split("\n") if (found := TEASER.fullmatch(line))]
        assert len(printed) == len(capture.teasers)
        for found, teaser in zip(printed, capture.teasers, strict=True):
            assert date(int(found[3]), int(found[2]), int(found[1])) == teaser.published_on
            assert collapse(found[4]) == teaser.title
            wording = capture.site.by_id[teaser.item_id].wordings[teaser.wording_no]
            assert wording.valid_from <= capture.captured_at
        n_teasers += len(printed)
    assert n_teasers > 10_000


def test_an_article_capture_lists_the_newest_of_its_section_and_leaves_itself_out(captures: list[SimCapture]) -> None:
    for capture in captures:
        if capture.kind != "article" or capture.section is None:
            continue
        shown = {item_id for item_id, _ in capture.shown}
        assert capture.item_id not in shown
        visible = [
            (item.wordings[number].published_on, item.order, item.item_id)
            for item in capture.site.listed[capture.section]
            if (number := item.wording_no(capture.captured_at)) >= 0 and item.item_id != capture.item_id
        ]
        assert shown == {item_id for _, _, item_id in sorted(visible)[-10:]}


def test_a_capture_shows_the_wording_of_its_instant(captures: list[SimCapture]) -> None:
    for capture in captures:
        if capture.item is None:
            continue
        wordings = capture.item.wordings
        assert wordings[capture.wording_no].valid_from <= capture.captured_at
        if capture.wording_no + 1 < len(wordings):
            assert capture.captured_at < wordings[capture.wording_no + 1].valid_from
        article = capture.article
        assert article is not None
        assert article.version == wordings[capture.wording_no].version
        if not capture.is_cut:
            assert len([paragraph for paragraph in article.paragraphs if paragraph]) == len(
                wordings[capture.wording_no].body
            )
        for paragraph in article.paragraphs:
            assert paragraph in capture.text
        if article.published_on is not None:
            assert f"\n{article.published_on:%d.%m.%Y}\n" in f"\n{capture.text}"


def test_a_cut_capture_breaks_off_in_mid_sentence_and_its_last_teaser_says_so(captures: list[SimCapture]) -> None:
    cut = [capture for capture in captures if capture.is_cut]
    assert len(cut) > 20
    for capture in cut:
        assert capture.text[-1].isalnum()
        assert "all messages" not in capture.text
        assert [teaser.is_cut for teaser in capture.teasers] == [False] * (len(capture.teasers) - 1) + [True] * bool(
            capture.teasers
        )
        if capture.article is not None:
            assert capture.article.is_cut == (not capture.teasers)


def test_a_capture_of_short_lines_can_be_cut_too() -> None:
    short = simulate_site(77, n_items=4000)
    for capture in crawl(short, 1, n_captures=4000, rates=CrawlRates(cut=1.0, listing=0.3)):
        if capture.number % 8 == 0:
            assert capture.text[-1].isalnum()


def lines_of_html(page: str) -> list[str]:
    """Non-blank lines by the simplest of rules: blocks and <br> end lines."""
    page = re.sub(r"(?s)<!--.*?-->|<head>.*?</head>|<script>.*?</script>|<noscript>.*?</noscript>", "", page)
    page = re.sub(r"<br>|</?div[^>]*>|</?p[^>]*>", "\n", page)
    page = html.unescape(re.sub(r"<[^>]+>", "", page))
    return [collapse(line) for line in page.split("\n") if line.strip()]


def test_html_gives_the_same_lines_as_text(captures: list[SimCapture]) -> None:
    for capture in captures:
        assert lines_of_html(capture.html) == [collapse(line) for line in capture.text.split("\n") if line.strip()]


def test_in_html_a_teasers_title_links_to_its_article(captures: list[SimCapture]) -> None:
    for capture in captures:
        hrefs = re.findall(r'<div class="news">\d\d\.\d\d\.\d{4} - <a href="([^"]+)">', capture.html)
        assert hrefs == [teaser.path for teaser in capture.teasers]
        for teaser in capture.teasers:
            places = capture.site.by_id[teaser.item_id].locations
            assert teaser.path in {f"/{path}/{number}" for path, number in places}


# ── the life of items ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_hard_case_and_every_edit_happens_at_default_rates(site: Site) -> None:
    groups = {item.group.rsplit("-", 1)[0] for item in site.items if item.group}
    assert groups == set(MAKERS)
    edits = Counter(edit for item in site.items for wording in item.wordings for edit in wording.edits)
    assert set(edits) == {*EARLY, *LATE, "reverted"}
    quirks = {item.quirk for item in site.items}
    assert quirks == {None, "trailing_blanks", "blank_line", "indent", "bullets", "backslash"}
    assert len(site.items) == 3000


def test_rates_of_nothing_give_a_plain_site() -> None:
    nothing = HardCaseRates(*[0.0] * 15), EditRates(*[0.0] * 13)
    plain = simulate_site(1, n_items=300, hard_cases=nothing[0], edits=nothing[1])
    assert not plain.hard_pairs
    assert all(len(item.wordings) == 1 and item.group is None for item in plain.items)


def test_an_article_url_is_of_one_item_and_some_items_stand_in_two_sections(site: Site) -> None:
    places = Counter(place for item in site.items for place in item.locations)
    assert set(places.values()) == {1}
    double = [item.locations for item in site.items if len(item.locations) == 2]
    assert double
    assert all({a[0], b[0]} == {"article", "ambarticles"} and a[1] == b[1] for a, b in double)
    numbers = [number for item in site.items for path, number in item.locations if path == "fnapr"]
    assert numbers == sorted(numbers)
    numbers = [number for item in site.items for path, number in item.locations if path == "article"]
    assert numbers != sorted(numbers)


def test_edits_never_touch_a_digit_or_a_name_in_a_title(site: Site) -> None:
    for item in site.items:
        for one, other in pairwise(item.wordings):
            if one.title is None or other.title is None:
                assert one.title is other.title
                continue
            assert re.findall(r"\d+", one.title) == re.findall(r"\d+", other.title)
            if not {"title_extended", "title_case", "reverted"} & set(other.edits):
                names = [re.findall(r"\b[A-Z]\w*", title) for title in (one.title, other.title)]
                assert names[0] == names[1]


def test_versions_number_words_and_a_text_that_returns_gets_its_number_back(site: Site) -> None:
    n_reverted = 0
    for item in site.items:
        assert item.wordings[0].version == 0
        for number, (one, other) in enumerate(pairwise(item.wordings), 1):
            if set(other.edits) <= {"punctuation", "title_case", "redated", "teaser_longer", "teaser_shorter"}:
                assert other.version == one.version
            if set(other.edits) <= {"body_words", "text_extended", "typo_fixed", "text_cut"}:
                assert other.version != one.version
            if other.edits == ("reverted",):
                assert other.version == item.wordings[number - 2].version
                n_reverted += other.version != one.version
    assert n_reverted > 5


def test_dates_of_titles_are_not_after_publication_and_redating_moves_a_day(site: Site) -> None:
    for item in site.items:
        assert item.wordings[0].valid_from.date() == item.wordings[0].published_on
        for one, other in pairwise(item.wordings):
            assert abs(one.published_on - other.published_on) <= timedelta(days=1)
            assert one.valid_from < other.valid_from


# ── frames ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_frames_hold_every_observation_once(captures: list[SimCapture]) -> None:
    observations = teaser_observations(captures)
    forms = distinct_forms(observations)
    assert observations.height == sum(len(capture.teasers) for capture in captures)
    assert forms["n_observations"].sum() == observations.height
    assert forms["form_id"].n_unique() == forms.height
    assert forms.select("published_on", "title", "teaser").n_unique() == forms.height
    assert forms["is_ambiguous"].mean() < 0.002  # type: ignore[operator]
    assert article_texts(captures).height == sum(capture.kind in ("article", "mobile") for capture in captures)
