"""The explorer in a real browser: search, filters, an event with its diff, links to pass on, hostile text."""

from pathlib import Path

import pytest

from tests.browser.conftest import SCREENSHOTS
from tests.browser.driver import Browser


def found(window: Browser) -> list[str]:
    """Titles listed."""
    titles = window.run("return [...document.querySelectorAll('#results h2')].map((title) => title.textContent)")
    return [str(title) for title in titles]


def search(window: Browser, words: str) -> list[str]:
    before = window.text("#count")
    window.type("#q", words)
    window.wait(lambda: window.text("#count") != before)
    return found(window)


def address(window: Browser) -> str:
    return str(window.run("return location.hash"))


def test_search_finds_a_known_event_of_the_samples(window: Browser, samples: Path) -> None:
    window.open(samples / "explorer.html")
    assert window.text("#count") == "All 21 events"
    titles = search(window, "burundi news conference")
    assert len(titles) == 1
    assert titles[0].startswith("Foreign Minister Sergey Lavrov’s remarks and answers to media questions")
    assert address(window) == "#q=burundi+news+conference"
    window.click("#results a")
    window.wait(lambda: window.count("#event section"))
    assert window.text("h1") == titles[0] or titles[0] in window.text("#event h1")
    assert "Question" in window.text("#event") or window.count("#event .statement.question")
    window.screenshot(SCREENSHOTS / "event-samples-1440.png")


def test_words_in_quotes_must_stand_together_and_kinds_of_quotes_do_not_matter(window: Browser, sound: Path) -> None:
    window.open(sound / "explorer.html")
    assert search(window, '"title first"') == []
    window.run("document.querySelector('#q').value = ''")
    assert search(window, '"second title"') == ["Second title"]


def test_an_earlier_wording_is_found_too(window: Browser, sound: Path) -> None:
    window.open(sound / "explorer.html")
    assert search(window, "titel") == ["First title"]


def test_texts_of_articles_are_searched_when_asked_for(window: Browser, samples: Path) -> None:
    window.open(samples / "explorer.html", "q=peacekeepers+kilometre")
    assert found(window) == []
    window.open(samples / "explorer.html", "q=peacekeepers+kilometre&in=text")
    titles = window.wait(lambda: found(window))
    assert len(titles) == 1
    assert "Ezechiel Nibigira" in titles[0]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("category=remarks", ["Second title"]),
        ("speaker=Boris+Example", ["Second title"]),
        ("country=BDI", ["Second title"]),
        ("from=2019-11-05&to=2019-11-05", ["First title"]),
        ("article=no", ["First title"]),
        ("article=edited", ["Second title"]),
        ("order=oldest", ["An item without a teaser", "First title", "Second title"]),
        ("", ["Second title", "First title", "An item without a teaser"]),
        ("q=nowhere", []),
    ],
)
def test_a_filter_narrows_and_its_address_can_be_passed_on(
    window: Browser, sound: Path, asked: str, titles: list[str]
) -> None:
    window.open(sound / "explorer.html", asked)
    assert found(window) == titles
    assert window.count("#results .nothing") == (0 if titles else 1)


def test_choosing_a_filter_narrows_and_clearing_brings_all_back(window: Browser, sound: Path) -> None:
    window.open(sound / "explorer.html")
    window.run(
        "const list = document.querySelector('#category'); list.value = 'notice';"
        "list.dispatchEvent(new Event('input', {bubbles: true}));"
    )
    window.wait(lambda: found(window) == ["An item without a teaser"])
    assert window.text("#count") == "1 of 3 events"
    window.click("button[type=reset]")
    window.wait(lambda: len(found(window)) == 3)


def test_a_single_event_is_counted_as_one(window: Browser, lone: Path) -> None:
    assert "Loading 1 event …" in (lone / "explorer.html").read_text(encoding="utf-8")
    window.open(lone / "explorer.html")
    assert window.text("#count") == "1 event"
    window.open(lone / "explorer.html", "q=nowhere")
    assert window.text("#count") == "0 of 1 event"


def test_one_event_shows_all_that_is_known_of_it(window: Browser, sound: Path) -> None:
    window.open(sound / "explorer.html", "event=e000000000000000b")
    window.wait(lambda: window.count("#event section"))
    text = window.text("#event")
    for words in (
        "Anna Example, Minister; Boris Example",
        "Burundi, Russian Federation",
        "wording 1",
        "another event",
        "another title",
        "dumps/a.txt, record 0",
        "dumps/c.warc.gz, record 0",
        "article, version 2",
        "to Anna Example",
        "speaking after her guest",
        "read from the teaser",
    ):
        assert words in text, words
    assert window.count("#event .statement") == 3
    assert window.count("#event ins") >= 2
    links = window.run(
        "return [...document.querySelectorAll('#captures-title ~ .scroll a')].map((a) => [a.textContent, a.href])"
    )
    assert [
        "the archived page (Example Archive)",
        "https://archive.example/web/20200126175800/http://www.rusemb.org.uk/fnapr/1",
    ] in links
    assert window.text("#captures-title ~ .scroll .mark") == "may land elsewhere"


def test_a_word_diff_shows_what_came_between_two_versions(window: Browser, sound: Path) -> None:
    window.open(sound / "explorer.html", "event=e000000000000000b")
    window.wait(lambda: window.count("#event .diff"))
    assert window.run("return document.querySelector('.diff ins').textContent.trim()") == "Of this."
    assert window.count(".diff del") == 0


def test_the_text_above_is_the_one_seen_last_even_where_an_earlier_one_came_back(window: Browser, odd: Path) -> None:
    window.open(odd / "explorer.html", "event=e000000000000000b")
    window.wait(lambda: window.count("#event .diff"))
    assert window.text("#text-title ~ .body").endswith("Answer: Because.")
    headings = window.run("return [...document.querySelectorAll('#event h3')].map((heading) => heading.textContent)")
    assert headings[:2] == ["Version 1 (the text above)", "Version 2"]


def test_an_article_of_which_no_text_was_captured_is_shown_without_one(window: Browser, odd: Path) -> None:
    window.open(odd / "explorer.html", "event=e000000000000000c")
    window.wait(lambda: window.count("#event section"))
    assert window.text("#text-title ~ .nothing") == "No capture shows a text under this title."
    assert window.messages() == []


def test_a_long_text_shows_its_changes_first_and_whole_on_request(window: Browser, simulated: Path) -> None:
    window.open(simulated / "explorer.html", "article=edited")
    window.wait(lambda: window.count("#results a"))
    window.click("#results a")
    window.wait(lambda: window.count("#event .diff ins, #event .diff del"))
    window.screenshot(SCREENSHOTS / "event-simulated-1440.png")
    short = window.run("return document.querySelector('.diff').textContent.length")
    window.run("document.querySelector('button[aria-pressed]').click()")
    assert window.run("return document.querySelector('.diff').textContent.length") >= short
    assert window.run("return document.querySelector('button[aria-pressed]').getAttribute('aria-pressed')") == "true"


def test_the_captures_of_an_event_seen_often_come_in_steps(window: Browser, simulated: Path) -> None:
    window.open(simulated / "explorer.html", "order=captures")
    window.click("#results a")
    window.wait(lambda: window.count("#event section"))
    rows = "#captures-title ~ .scroll tbody tr"
    said = int(window.text("#captures-title").partition("(")[2].rstrip(")").replace(",", ""))
    assert window.count(rows) == 100 < said
    while not window.run("return document.querySelector('#captures-title ~ p button').hidden"):
        before = window.count(rows)
        window.run("document.querySelector('#captures-title ~ p button').click()")
        window.wait(lambda: window.count(rows) > before)  # noqa: B023 -- called before the next turn
    ids = window.run(f"return [...document.querySelectorAll('{rows}')].map((row) => row.cells[4].textContent)")
    assert len(set(ids)) == said


def test_going_back_from_an_event_brings_the_same_list(window: Browser, sound: Path) -> None:
    window.open(sound / "explorer.html", "q=title")
    assert len(found(window)) == 2
    window.click("#results a")
    window.wait(lambda: window.count("#event section"))
    assert window.run("return document.activeElement.tagName") == "H1"
    window.run("history.back()")
    window.wait(lambda: len(found(window)) == 2 and not window.run("return document.querySelector('#search').hidden"))
    assert address(window) == "#q=title"


def test_an_unknown_event_is_told_not_shown(window: Browser, sound: Path) -> None:
    window.open(sound / "explorer.html", "event=e<img src=x onerror=window.ran=1>")
    assert "There is no event" in window.text("#event")
    assert window.run("return window.ran ?? null") is None


def test_hostile_text_stays_text_in_list_filters_and_event(window: Browser, hostile: Path) -> None:
    window.open(hostile / "explorer.html")
    assert all("<img src=x onerror" in title for title in found(window))
    for event in ("e000000000000000a", "e000000000000000b", "e000000000000000c"):
        window.open(hostile / "explorer.html", f"event={event}")
        window.wait(lambda: window.count("#event section"))
        assert "<script>window.ran=1" in window.text("#event h1")
        assert window.count("#event img, #event script") == 0
        assert window.run("return window.ran ?? null") is None
        assert window.messages() == []
    assert window.count("#event a[href^='javascript']") == 0


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", ["sound", "hostile", "samples", "simulated"])
def test_list_and_event_fit_the_window(window: Browser, request: pytest.FixtureRequest, name: str, width: int) -> None:
    report: Path = request.getfixturevalue(name)
    window.resize(width)
    window.open(report / "explorer.html")
    assert window.run("return document.documentElement.scrollWidth") <= width
    if name == "simulated":
        window.screenshot(SCREENSHOTS / f"explorer-{width}.png")
    window.open(report / "explorer.html", "order=versions")
    window.click("#results a")
    window.wait(lambda: window.count("#event section"))
    assert window.run("return document.documentElement.scrollWidth") <= width
    if name == "simulated":
        window.screenshot(SCREENSHOTS / f"event-{width}.png")


def test_a_missing_file_is_told_in_a_sentence(window: Browser, sound: Path, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(sound, tmp_path / "report")
    for file in (copy / "explorer").glob("details-*.js"):
        file.unlink()
    window.open(copy / "explorer.html", "event=e000000000000000a")
    window.wait(lambda: "is missing" in window.text("#event"))
