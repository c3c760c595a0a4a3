"""Reports to look at, and a browser to look with; run by `make test-browser`, which says so in CHANCERY_BROWSER."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.report.write import write_report
from tests.browser.driver import Browser, browser
from tests.conftest import ROOT
from tests.report.sound import empty_tables, hostile_tables, lone_tables, odd_tables, sound_tables, write_tables

SCREENSHOTS = ROOT / "outputs" / "screenshots"
"""Pictures for a person to look at; not kept in git."""


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser's window."""
    if not os.environ.get("CHANCERY_BROWSER"):
        pytest.skip("tests in a browser are run by `make test-browser`")
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium, "there is no chromium; tools/browser says what to install"
    assert chromedriver, "there is no chromedriver; tools/browser says what to install"
    with browser(chromium, chromedriver, tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def plain(window: Browser) -> None:
    """Every test begins with a wide, light window."""
    window.resize(1440)
    window.colours("light")


def _report(tables: Path) -> Path:
    folder = tables.parent / "report"
    write_report(tables, folder)
    return folder


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on the sound dataset."""
    return _report(write_tables(sound_tables(), tmp_path_factory.mktemp("sound") / "tables"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a dataset whose every text is hostile."""
    return _report(write_tables(hostile_tables(), tmp_path_factory.mktemp("hostile") / "tables"))


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a text that came back and an article without one."""
    return _report(write_tables(odd_tables(), tmp_path_factory.mktemp("odd") / "tables"))


@pytest.fixture(scope="session")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a dataset of one event."""
    return _report(write_tables(lone_tables(), tmp_path_factory.mktemp("lone") / "tables"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a dataset without rows."""
    return _report(write_tables(empty_tables(), tmp_path_factory.mktemp("empty") / "tables"))


@pytest.fixture(scope="session")
def samples(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report that a build of the two sample dumps made."""
    from click.testing import CliRunner

    from pipeline.cli import chancery

    outputs = tmp_path_factory.mktemp("samples")
    result = CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(outputs), "--workers", "1"])
    assert result.exit_code == 0, result.output
    return outputs / "report"


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a simulated site of 120 items in 500 captures, built like any dump."""
    from click.testing import CliRunner

    from pipeline.cli import chancery
    from tests.simulation import crawl, simulate_site
    from tests.simulation.writers import write_jsonl_stream

    outputs = tmp_path_factory.mktemp("simulated")
    (outputs / "raw").mkdir()
    write_jsonl_stream(crawl(simulate_site(5, n_items=120), 6, n_captures=500), outputs / "raw" / "captures.jsonl")
    arguments = ["build", "--raw", str(outputs / "raw"), "--outputs", str(outputs), "--workers", "1"]
    result = CliRunner().invoke(chancery, arguments)
    assert result.exit_code == 0, result.output
    return outputs / "report"
