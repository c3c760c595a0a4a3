"""Whatever a page's text, it is parsed, and every non-blank line is accounted for exactly once."""

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.parse import parse_page
from pipeline.parse.clock import capture_instant, check_clock
from pipeline.parse.page import ParsedPage, Role
from pipeline.parse.statements import split_statements
from pipeline.parse.text import collapse, page_lines, text_sha256
from pipeline.records import PageText

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted([*(ROOT / "raw").glob("*.txt"), *(ROOT / "tests" / "captures").glob("*.txt")])
PAGES = [path.read_bytes().decode() for path in FILES]
SAMPLES = [path.read_bytes().decode() for path in FILES if path.parent.name == "raw"]
# With a header, known labels and blank lines: without them a cut heading or label says too little.
ORDERLY = [
    path.read_bytes().decode()
    for path in FILES
    if path.stem.startswith(("01-", "02-", "07-", "09-", "11-", "15-", "16-", "17-", "22-"))
]
LINES = sorted({line for page in PAGES for line in page.splitlines()})
URLS = [
    None, "http://[", "http://www.rusemb.org.uk/fnapr/1", "http://www.rusemb.org.uk/newarh/&start=1", "embassy/",
]  # fmt: skip

real_lines = st.sampled_from(LINES)
any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
near_marks = st.from_regex(
    r"([0-9]{2}\.[0-9]{2}\.[0-9]{4}( - .{0,9})?|[0-9]{1,4} days have passed since( [a-z]{0,5})?( - [a-z]?)?"
    r"|(Moscow|London): ?[0-9:]{0,6}|[0-9]{1,2} [A-Z][a-z]{2,8} [0-9]{4}|(Pages:)?[ 0-9:]{0,20}"
    r"|[A-Z][a-z]{0,8}\.?:.{0,9})",
    fullmatch=True,
)
mixed = st.lists(st.one_of(real_lines, any_text, near_marks, st.sampled_from(["", "\u00a0"])), max_size=40).map(
    "\n".join
)


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A real page with lines dropped, doubled, swapped or put in, cut at any place."""
    lines = draw(st.sampled_from(PAGES)).split("\n")
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, max(0, len(lines) - 1)))
        match draw(st.integers(0, 3)):
            case 0:
                del lines[place : place + draw(st.integers(1, 4))]
            case 1:
                lines[place:place] = lines[place : place + 1]
            case 2:
                lines[place:place] = [draw(st.one_of(real_lines, any_text, near_marks))]
            case _:
                lines[place : place + 6] = draw(st.permutations(lines[place : place + 6]))
    text = "\n".join(lines)
    return text[: draw(st.integers(0, len(text)))] if draw(st.booleans()) else text


def outputs(page: ParsedPage) -> dict[Role, list[str]]:
    """What the outputs hold of the lines, by role, as printed; roles whose wording is fixed are left out."""
    article = page.article
    day = article.published_on if article else None
    held = {
        Role.TITLE: [article.title] if article and article.title is not None else [],
        Role.BODY: list(article.paragraphs) if article else [],
        Role.LABEL: [page.section] if page.section else [],
        Role.ARTICLE_DATE: [f"{day:%d.%m.%Y}"] if day else [],
        Role.TEASER_TITLE: [f"{teaser.published_on:%d.%m.%Y} - {teaser.title}" for teaser in page.teasers],
        Role.TEASER_TEXT: [teaser.text for teaser in page.teasers if teaser.text is not None],
        Role.COUNTER: [" ".join(counter.raw_text for counter in page.counters)] if page.counters else [],
        Role.UNPLACED: [line.text for line in page.unplaced],
    }
    return {role: [collapse(text) for text in texts] for role, texts in held.items()}


def printed(lines: list[str], role: Role) -> list[str]:
    """The lines of a role as `outputs` shows them: blanks collapsed, around the dash of a dated line as well."""
    collapsed = [collapse(line) for line in lines]
    if role is Role.TEASER_TITLE:
        return [collapse(f"{line[:10]} - {line[10:].lstrip()[1:]}") for line in collapsed]
    return [" ".join(collapsed)] if role is Role.COUNTER and lines else collapsed


def check_account(text: str, url: str | None, *, is_cut: bool = False) -> None:
    page = parse_page(PageText(text, is_cut=is_cut), url=url)
    lines = page_lines(text)
    assert [number for number, _ in page.roles] == lines.numbers
    assert page.n_lines == len(lines.texts)
    assert page.text_sha256 == text_sha256(text)
    by_role: dict[Role, list[str]] = {}
    for (_, role), line in zip(page.roles, lines.texts, strict=True):
        by_role.setdefault(role, []).append(line)
    for role, held in outputs(page).items():
        # An article's date with nothing below it (a cut, a listing) has no article to stand in.
        if not (role is Role.ARTICLE_DATE and page.article is None):
            assert held == printed(by_role.get(role, []), role), role
    assert [line.line_no for line in page.unplaced] == [no for no, role in page.roles if role is Role.UNPLACED]
    if page.header is not None:
        assert len(by_role[Role.HEADER]) == 3
        assert capture_instant(page.header).tzinfo is not None
        assert check_clock(page.header, None, None) in {"ok", "moscow_off"}
    else:
        assert Role.HEADER not in by_role
    if page.article is not None:
        statements = split_statements(page.article.paragraphs)
        assert all(statement.text for statement in statements)


@given(text=mixed, url=st.sampled_from(URLS), is_cut=st.booleans())
@settings(max_examples=200)
@example(text="06.11.2019 -", url=None, is_cut=False)
@example(text="24.10.2019", url=None, is_cut=False)
@example(text="LATEST EVENTS\nall messages\nall messages", url=None, is_cut=False)
@example(text="\ud800\n\x00\n\x85\n\u2028", url=None, is_cut=True)
def test_any_lines_are_accounted_for(text: str, url: str | None, is_cut: bool) -> None:
    check_account(text, url, is_cut=is_cut)


@given(mangled(), st.sampled_from(URLS))
@settings(max_examples=200)
def test_mangled_captures_are_accounted_for(text: str, url: str | None) -> None:
    check_account(text, url)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=300))
def test_any_text_is_accounted_for(text: str) -> None:
    check_account(text, None)


def check_cut(page: str, length: int) -> None:
    """A cut page says of the items above the cut what the whole page says, and never takes a list for a body."""
    whole, part = parse_page(PageText(page)), parse_page(PageText(page[:length]))
    if part.header != whole.header:
        return
    known = {(teaser.published_on, teaser.title, teaser.text) for teaser in whole.teasers}
    assert all((teaser.published_on, teaser.title, teaser.text) in known for teaser in part.teasers[:-1])
    assert whole.section is None or whole.section.startswith(part.section or "")
    if part.article is None or whole.article is None:
        return
    paragraphs, all_paragraphs = part.article.paragraphs, whole.article.paragraphs
    assert len(paragraphs) <= len(all_paragraphs)
    assert paragraphs[:-1] == all_paragraphs[: max(0, len(paragraphs) - 1)]
    assert not paragraphs or all_paragraphs[len(paragraphs) - 1].startswith(paragraphs[-1])
    assert whole.article.title is None or (part.article.title or "") in whole.article.title


@given(st.data())
@settings(max_examples=200)
def test_a_sample_cut_anywhere_keeps_its_items_apart(data: st.DataObject) -> None:
    page = data.draw(st.sampled_from(SAMPLES))
    check_cut(page, data.draw(st.integers(0, len(page))))


@given(st.data())
@settings(max_examples=200)
def test_an_invented_capture_cut_anywhere_keeps_its_items_apart(data: st.DataObject) -> None:
    page = data.draw(st.sampled_from(ORDERLY))
    check_cut(page, data.draw(st.integers(0, len(page))))
