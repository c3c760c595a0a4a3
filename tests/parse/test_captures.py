"""Whole captures give what a reader sees on them: the samples, the invented and the rebuilt captures."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.parse import parse_page
from pipeline.parse.page import ParsedPage, Role
from pipeline.records import PageText

CAPTURES = Path(__file__).resolve().parent.parent / "captures"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CAPTURES / "expected.json").read_text(encoding="utf-8"))


def read(path: Path) -> PageText:
    return PageText(path.read_bytes().decode())


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def reading(page: ParsedPage) -> dict[str, Any]:
    """What a page says, in the words of `expected.json`."""
    header, article = page.header, page.article
    return {
        "page_date": header and header.page_date.isoformat(),
        "moscow": header and header.moscow_clock,
        "london": header and header.london_clock,
        "counters": [[counter.label, counter.days] for counter in page.counters],
        "label": page.section,
        "layout": page.layout,
        "page_kind": page.page_kind,
        "title": article and article.title,
        "article_date": iso(article.published_on) if article else None,
        "paragraphs": list(article.paragraphs) if article else [],
        "article_truncated": article and article.is_truncated,
        "teasers": [[iso(teaser.published_on), teaser.title, teaser.text, teaser.is_cut] for teaser in page.teasers],
        "unplaced": [[line.line_no, line.text] for line in page.unplaced],
        "is_truncated": page.is_truncated,
        "roles": [role.value for _, role in page.roles],
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_invented_capture_gives_what_a_reader_sees_on_it(name: str) -> None:
    expected = EXPECTED[name]
    page = parse_page(read(CAPTURES / f"{name}.txt"), url=expected["url"])
    seen = reading(page)
    assert {key: seen[key] for key in expected if key != "url"} == {k: v for k, v in expected.items() if k != "url"}


def test_every_invented_capture_is_expected_and_present() -> None:
    assert {path.stem for path in CAPTURES.glob("*.txt")} == set(EXPECTED)


def test_the_rebuilt_captures_give_what_their_reading_says(shared: Path) -> None:
    folder = shared / "captures"
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 50
    for line in lines:
        expected = json.loads(line)
        page = parse_page(read(folder / expected["file"]), url=expected["url"])
        seen = reading(page) | {"teaser_dates": [iso(teaser.published_on) for teaser in page.teasers]}
        assert {key: seen[key] for key in expected if key not in {"file", "url"}} == {
            key: value for key, value in expected.items() if key not in {"file", "url"}
        }, expected["file"]


def test_a_rebuilt_headerless_capture_keeps_the_list_out_of_its_body(shared: Path) -> None:
    page = parse_page(read(shared / "captures" / "capture-006.txt"))
    assert page.article is not None
    assert page.article.paragraphs == (
        "Q: The balanced railway prepared the security on the extradition request.",
        "A: The joint museum prepared the dialogue on the cyber allegations.",
    )
    assert [line.text for line in page.unplaced] == ["The cautious forum reviewed the treaty on the visa centre."]


def sample(raw: Path, prefix: str) -> ParsedPage:
    (path,) = raw.glob(f"{prefix}_*.txt")
    return parse_page(read(path))


def test_the_norway_sample_is_read_whole(raw: Path) -> None:
    page = sample(raw, "000")
    assert page.header is not None
    assert (page.header.page_date, page.header.moscow_clock, page.header.london_clock, page.header.language) == (
        date(2019, 11, 18), "00:03", "21:03", "en",
    )  # fmt: skip
    assert (page.page_kind, page.layout, page.section) == ("article", "B", "SPEECHES, INTERVIEWS, ARTICLES")
    claim = "no credible information or response from the British authorities"
    assert [(counter.position, counter.days, counter.label, counter.claim) for counter in page.counters] == [
        (0, 624, "the Salisbury incident", claim),
        (1, 616, "the death of Nikolay Glushkov on British soil", claim),
    ]
    article = page.article
    assert article is not None
    assert article.title == (
        "Sergey Lavrov’s article for the Aftenposten daily, Norway, Russia-Norway Relations: "
        "A Common Past and a Pragmatic Future, 23 October 2019"
    )
    assert article.published_on == date(2019, 10, 24)
    assert [paragraph[:30] for paragraph in article.paragraphs] == [
        "At the moment, Norway is celeb",
        "During World War II, there wer",
        "A common heroic past has alway",
        "Regrettably, the dynamically d",
        "The increasingly active milita",
        "At the same time, we manage to",
        "Gained during World War II, th",
    ]
    assert [teaser.published_on for teaser in page.teasers] == [
        date(2019, 11, 13), date(2019, 11, 13), date(2019, 11, 12), date(2019, 11, 6), date(2019, 11, 1),
        date(2019, 11, 1), date(2019, 11, 1), date(2019, 10, 29), date(2019, 10, 23), date(2019, 10, 22),
    ]  # fmt: skip
    assert page.teasers[0].title.endswith('Innovative Growth", November 12, 2019')
    assert page.teasers[1].text == (
        "Thank you for coming to this panel. For the sake of time, my introductory remarks will be brief."
    )
    assert not any(teaser.is_cut for teaser in page.teasers)
    assert page.unplaced == ()
    assert (page.is_truncated, article.is_truncated) == (False, False)
    assert page.roles[-1] == (88, Role.LIST_END)


def test_the_burundi_sample_is_read_whole(raw: Path) -> None:
    page = sample(raw, "003")
    assert page.header is not None
    assert (page.header.page_date, page.header.moscow_clock, page.header.london_clock) == (
        date(2020, 1, 26), "20:58", "17:58",
    )  # fmt: skip
    assert (page.page_kind, page.layout, page.section) == ("article", "A", None)
    assert [counter.days for counter in page.counters] == [693, 685]
    article = page.article
    assert article is not None
    assert article.title == (
        "Foreign Minister Sergey Lavrov’s remarks and answers to media questions at a joint news conference "
        "following talks with Foreign Minister of the Republic of Burundi Ezechiel Nibigira, Moscow, November 5, 2019"
    )
    assert article.published_on is None
    assert len(article.paragraphs) == 26
    assert article.paragraphs[0] == "Good afternoon,"
    assert article.paragraphs[-1].startswith("I would like to point out again that the memorandum")
    assert not any(paragraph[2:3] == "." for paragraph in article.paragraphs)
    assert [teaser.published_on.isoformat() for teaser in page.teasers] == [
        "2020-01-16", "2020-01-15", "2020-01-14", "2020-01-14", "2019-12-19",
        "2019-12-18", "2019-12-06", "2019-11-29", "2019-11-28", "2019-11-21",
    ]  # fmt: skip
    assert page.teasers[2].title == (
        "Ambassador Andrei Kelin's letter to the Times in response to the Polish Ambassador Arkady Rzegocki "
        "on World War II"
    )
    assert page.unplaced == ()
    assert (page.is_truncated, article.is_truncated) == (False, False)
