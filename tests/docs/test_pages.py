"""What the pages show is what the program prints; what they name exists; nothing a user can type is left out."""

import itertools
import re
from pathlib import Path

import click
import pytest

from pipeline.cli import COMMANDS, chancery
from schemas.registry import TABLES
from tests.docs.fences import blocks, rendered
from tests.docs.remake import in_root, live_pages, pages, remade
from tests.worlds import ROOT, World

PAGES = pages(ROOT)
NAMES = [in_root(path, ROOT) for path in PAGES]
LIVE = live_pages(ROOT)
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = sorted((ROOT / "docs").glob("[1-9]-*.md"))
HEADLINES = ("articles", "events", "counter_observations")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", LIVE, ids=[in_root(path, ROOT) for path in LIVE])
def test_every_snippet_and_command_of_a_page_prints_what_stands_below_it(
    path: Path, samples: World, simulated: World
) -> None:
    page = text(path)
    assert remade(page, samples, simulated) == page, "stale: run `make docs`"


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_link_within_the_project_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(path)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name) if name else path
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(text(found)), target


def anchors(page: str) -> set[str]:
    """Anchors of headings as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_command_and_option_stands_in_the_readme() -> None:
    context = click.Context(chancery, info_name="chancery")
    for name in COMMANDS:
        command = chancery.get_command(context, name)
        assert command is not None
        part = README.partition(f"**`chancery {name} ")[2].partition("\n**`")[0]
        assert part, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for option in (*parameter.opts, *parameter.secondary_opts):
                    assert option in part, f"{name} {option}"
    for parameter in chancery.params:
        assert any(option in README for option in parameter.opts), parameter.opts


def test_the_readme_loads_each_headline_table_in_four_languages() -> None:
    loads = {
        "polars": 'pl.read_parquet("outputs/tables/{}.parquet")',
        "pandas": 'pd.read_parquet("outputs/tables/{}.parquet")',
        "duckdb": "FROM 'outputs/tables/{}.parquet'",
        "r": 'read_parquet("outputs/tables/{}.parquet")',
    }
    snippets = [block for block in blocks(README) if block.language in {"python", "sql", "r"}]
    for name, load in loads.items():
        for table in HEADLINES:
            assert any(load.format(table) in block.text for block in snippets), (name, table)
    assert any(block.language == "sql" and block.text.startswith("SET TimeZone='UTC';") for block in snippets)


def test_the_snippets_that_are_not_run_name_only_what_exists() -> None:
    for path in PAGES:
        for table in re.findall(r"outputs/tables/(\w+)\.parquet", text(path)):
            assert table in TABLES, f"{in_root(path, ROOT)}: {table}"
        for block in blocks(text(path)):
            if block.language == "r":
                for column in re.findall(r"events\$(\w+)", block.text):
                    assert column in {column.name for column in TABLES["events"].columns}


def test_what_a_reader_must_not_misread_is_said() -> None:
    page = " ".join(README.replace("*", "").split())
    for sentence in (
        "`n_captures` measures crawling, not prominence",
        "`last_captured_at` is a last sighting, not a removal",
        "Claims are recorded, not endorsed",
        "Null means unknown",
        "make dataset",
        "make test",
    ):
        assert sentence in page


def test_the_guide_is_read_in_order() -> None:
    assert [path.name[0] for path in GUIDE] == list("123456")
    for path, following in itertools.pairwise(GUIDE):
        assert f"]({following.name})" in text(path).splitlines()[-1], path.name
    for path in GUIDE:
        others = {other.name for other in GUIDE} - {path.name}
        assert others <= set(re.findall(r"\]\(([\w.-]+)\)", text(path)))
        assert f"(docs/{path.name})" in README


def test_every_page_of_docs_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        reached.add(path)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text(path)):
            found = (path.parent / target).resolve()
            new = sorted(found.glob("*.md")) if found.is_dir() else [found]
            waiting += [page for page in new if page.suffix == ".md" and page.exists() and page not in reached]
    assert set(PAGES) - reached == set()


def test_the_walk_through_the_code_opens_six_files_that_do_what_it_says() -> None:
    page = text(ROOT / "docs" / "architecture.md")
    steps = re.findall(r"^\d\. \*\*\[(pipeline/[\w/]+\.py)\]", page, re.MULTILINE)
    assert len(steps) == 6
    line = text(ROOT / "raw" / "000_fce646e764c63825.txt").split("\n")[51]
    quoted = page.split("\n> ")[1].split(" …")[0]
    assert line.strip().startswith(quoted)


def test_a_block_is_live_only_where_the_page_says_so() -> None:
    page = (
        "```python\nprint(1)\n```\n\n```text\nold\n```\n\nwords\n\n```text\nkept\n```\n```sh\n$ kept\n```\n"
        "<!-- generated: part -->\nold\n<!-- end -->\n"
    )
    new = rendered(page, lambda block: f"ran {block.language}\n", str.upper)
    assert new == page.replace("text\nold", "text\nran python").replace("part -->\nold", "part -->\nPART")


def test_a_page_that_went_stale_would_be_found(samples: World, simulated: World) -> None:
    page = "```sql\nSELECT count(*) AS n FROM 'outputs/tables/events.parquet';\n```\n\n```text\n99\n```\n"
    assert "│    21 │" in remade(page, samples, simulated)
