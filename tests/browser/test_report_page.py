"""The report in a real browser: opens from disk, asks no network, fits narrow and wide, runs no foreign text."""

from pathlib import Path

import pytest

from tests.browser.conftest import SCREENSHOTS
from tests.browser.driver import Browser

REPORTS = ("sound", "hostile", "empty", "samples", "simulated")


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("page", ["index.html", "explorer.html", "tables.html"])
def test_a_page_opens_without_a_message_or_a_request_to_a_network(
    window: Browser, request: pytest.FixtureRequest, name: str, page: str
) -> None:
    report: Path = request.getfixturevalue(name)
    window.requests()
    window.open(report / page)
    assert window.messages() == []
    asked = [address for address in window.requests() if address != "about:blank"]
    assert any(address.endswith(page) for address in asked)
    assert [address for address in asked if not address.startswith(("file:///", "data:"))] == []


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("name", REPORTS)
def test_nothing_reaches_beyond_the_window(
    window: Browser, request: pytest.FixtureRequest, name: str, width: int
) -> None:
    report: Path = request.getfixturevalue(name)
    window.resize(width)
    window.open(report / "index.html")
    window.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert window.run("return document.documentElement.scrollWidth") <= width
    if name in {"samples", "simulated"}:
        window.run("document.querySelectorAll('details').forEach((part) => { part.open = false; })")
        window.screenshot(SCREENSHOTS / f"report-{name}-{width}.png")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_on_tables_fits_and_its_links_lead_to_tables(window: Browser, samples: Path, width: int) -> None:
    window.resize(width)
    window.open(samples / "tables.html")
    assert window.run("return document.documentElement.scrollWidth") <= width
    dead = "return [...document.querySelectorAll('main a')].filter((a) => !document.querySelector(a.hash)).length"
    assert window.count("main section") > 15
    assert window.run(dead) == 0
    window.screenshot(SCREENSHOTS / f"tables-{width}.png")


def test_dark_and_light_differ_in_every_colour_that_matters(window: Browser, simulated: Path) -> None:
    colours = []
    for scheme in ("light", "dark"):
        window.colours(scheme)
        window.open(simulated / "index.html")
        colours.append(
            window.run(
                "const of = (s, name) => getComputedStyle(document.querySelector(s))[name];"
                "return [of('body', 'backgroundColor'), of('body', 'color'), of('.chart text', 'fill'),"
                " of('.chart .mark-rect path', 'fill')]"
            )
        )
        window.screenshot(SCREENSHOTS / f"report-simulated-{scheme}.png")
    assert all(light != dark for light, dark in zip(*colours, strict=True))


def test_hostile_text_is_shown_and_runs_nothing(window: Browser, hostile: Path) -> None:
    window.open(hostile / "index.html")
    window.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert "<img src=x onerror" in window.text("#most-versions table")
    assert window.run("return window.ran ?? null") is None
    assert window.count("main img, main script") == 0


def test_every_figure_has_a_heading_and_a_table_whose_file_is_there(window: Browser, simulated: Path) -> None:
    window.open(simulated / "index.html")
    assert window.count("h1") == 1
    assert window.count(".figure") == window.count(".figure h3") >= 15
    assert window.count(".chart svg[role=img][aria-label]") == window.count(".chart")
    assert window.count(".figure:has(.chart):not(:has(table caption))") == 0
    files = window.run("return [...document.querySelectorAll('.take a')].map((link) => link.getAttribute('href'))")
    assert all((simulated / file).is_file() for file in files)


def test_empty_tables_are_told_in_sentences(window: Browser, empty: Path) -> None:
    window.open(empty / "index.html")
    assert window.count(".chart") == 0
    assert window.count(".nothing") >= 15


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(window: Browser, samples: Path) -> None:
    window.open(samples / "index.html")
    window.press("Tab")
    assert window.run("return document.activeElement.textContent") == "Skip to the content"
    assert window.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert window.run("return document.activeElement.getBoundingClientRect().left") >= 0


def test_a_bar_says_what_it_stands_for_under_the_pointer(window: Browser, simulated: Path) -> None:
    window.open(simulated / "index.html")
    window.run(
        "const bar = document.querySelector('#speakers .mark-rect path');"
        "bar.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: 200, clientY: 200}));"
    )
    assert "events" in window.text("#tip")
