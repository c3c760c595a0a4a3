"""Resolved tables: the form of an event known from its article alone, and what happens when a teaser turns up."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.frames import to_frame
from pipeline.gather import choose_captures
from pipeline.records import Outcome, PageText, RawRecord
from pipeline.resolve.counters import count_starts, judge_counters, usual_starts
from pipeline.resolve.release import NEEDED, Register
from pipeline.resolve.tables import Observations, resolve_tables
from pipeline.slices.part import Part
from tests.resolve.article_rows import Held

BODY = (
    "The ambassador opened the exhibition of maps in the old town hall before a large audience of scholars.\n\n"
    "He thanked the curators for two years of careful work and spoke about the cartographers of the north."
)
OPENING = "The ambassador opened the exhibition of maps in the old town hall before a large audience of scholars."


@dataclass(frozen=True)
class Stood:
    """What stands on all captures, which memory holds (`pipeline.resolve.observed.Seen`)."""

    captures: pl.DataFrame
    teasers: pl.DataFrame
    articles: pl.DataFrame


def article(title: str | None, body: str = BODY, *, day: str = "", london: str = "10:00") -> str:
    """A page in layout B where it prints a day, else in layout A: three blank lines, five without a title."""
    lines = ["18 November 2019", f"Moscow: {int(london[:2]) + 3:02}{london[2:]}", f"London: {london}", ""]
    lines += ["Consular queries:", "+44 (0) 203 668 7474"]
    if day:
        lines += ["info@rusemb.org.uk", "", "\u00a0", "", "SPEECHES, INTERVIEWS, ARTICLES", "", day, "", title or ""]
    else:
        lines += ["", "", "", "", ""] if title is None else ["", "", "", title]
    lines += ["", body, "", "", "LATEST EVENTS", "", "13.11.2019 - Another item altogether", "", "Of other words.", ""]
    return "\n".join([*lines, "all messages", ""])


def listing(title: str, text: str) -> str:
    return article("A third item", "It is about something else, and says so at length.").replace(
        "13.11.2019 - Another item altogether\n\nOf other words.", f"12.11.2019 - {title}\n\n{text}"
    )


def resolved(*texts: str, previous: Mapping[str, pl.DataFrame] | None = None) -> Mapping[str, pl.DataFrame]:
    part = Part()
    for number, text in enumerate(texts):
        part.add(RawRecord(f"{number}", 0, "text", Outcome.PAGE, page=PageText(text)))
    found = {name: frame.with_columns(part=pl.lit(0, dtype=pl.Int32)) for name, frame in part.frames().items()}
    captures = choose_captures(found["pages"].with_columns(is_revisit=pl.lit(value=False))).captures
    chosen = captures.select("part", "page_no").with_row_index("capture")
    forms = found["forms"].drop("part").sort("form_id").with_row_index("form")

    def of_captures(name: str) -> pl.DataFrame:
        return found[name].join(chosen, on=["part", "page_no"])

    counters = of_captures("counters").join(captures.with_row_index("capture"), on="capture")
    everything = Stood(
        captures.with_row_index("capture"),
        of_captures("teasers").join(forms.select("form", "form_id"), on="form_id"),
        of_captures("articles").drop("part", "page_no"),
    )
    seen = Observations(
        ranges=[everything],
        forms=forms,
        bodies=Held(found["bodies"]),
        counters=[judge_counters(counters, usual_starts(count_starts(counters)))],
        broken=to_frame("broken", []).drop("page_no").with_columns(capture_id=pl.lit(None, dtype=pl.String)),
    )
    all_of_it = resolve_tables(
        seen, Register() if previous is None else Register.of({name: previous[name] for name in NEEDED})
    )
    return {**all_of_it.tables, **{name: pl.concat(rows) for name, rows in all_of_it.pieces.items()}}


def row(frame: pl.DataFrame, **values: object) -> dict[str, object]:
    return frame.row(
        by_predicate=pl.all_horizontal(pl.col(name) == value for name, value in values.items()), named=True
    )


def test_an_event_known_from_its_article_has_one_form_that_no_teaser_prints() -> None:
    tables = resolved(article("An exhibition of maps", day="05.11.2019"))
    event = row(tables["events"], known_from="article")
    form = row(tables["event_forms"], event_id=event["event_id"])
    assert (form["title"], form["n_observations"], form["is_seed"]) == ("An exhibition of maps", 0, True)
    assert str(form["teaser"]).startswith(OPENING)
    assert event["teaser"] is None
    assert form["since_release"] is None


def test_such_an_event_keeps_its_id_when_a_teaser_turns_up() -> None:
    alone = article("An exhibition of maps", day="12.11.2019")
    before = resolved(alone)
    released = {
        name: frame.with_columns(since_release=pl.lit("1.0.0")) if "since_release" in frame.columns else frame
        for name, frame in before.items()
    }
    after = resolved(alone, listing("An exhibition of maps", OPENING), previous=released)
    event = row(after["events"], title="An exhibition of maps")
    assert event["known_from"] == "both"
    assert event["event_id"] == row(before["events"], title="An exhibition of maps")["event_id"]
    assert after["id_redirects"].is_empty()


def test_an_undated_article_is_dated_by_its_own_teaser_and_never_by_a_neighbours() -> None:
    tables = resolved(article("An exhibition of maps"), listing("An exhibition of maps", OPENING))
    dated = row(tables["articles"], title="An exhibition of maps")
    assert (str(dated["published_on"]), dated["published_on_source"]) == ("2019-11-12", "teaser")
    undated = row(tables["articles"], title="A third item")
    assert (undated["published_on"], undated["published_on_source"]) == (None, None)


def test_a_link_found_by_text_names_the_capture_that_shows_the_teaser() -> None:
    tables = resolved(article("An exhibition of maps"), listing("An exhibition of maps", OPENING))
    linked = row(tables["articles"], title="An exhibition of maps")
    link = row(tables["event_article_links"], article_id=linked["article_id"])
    shown = row(tables["teaser_observations"], event_id=linked["event_id"])
    assert link["method"] == "text"
    assert link["capture_id"] == shown["capture_id"] != linked["source_capture_id"]
    alone = row(tables["articles"], title="A third item")
    assert row(tables["event_article_links"], article_id=alone["article_id"])["capture_id"] is None


def test_untitled_undated_articles_with_other_words_are_other_events() -> None:
    first = "One body of text, which has no title at all and speaks of harbours and of ships that came home."
    second = "Quite another body of text, without a title too, on the price of grain and on the railways."
    tables = resolved(article(None, first), article(None, second, london="11:00"))
    own = tables["events"].filter(pl.col("known_from") == "article")
    assert own["event_id"].n_unique() == tables["articles"].height == 2


@settings(max_examples=20)
@given(order=st.permutations(range(4)))
def test_the_order_of_pages_changes_no_table(order: list[int]) -> None:
    pages = [
        article("An exhibition of maps", day="12.11.2019"),
        article("An exhibition of maps", london="12:00"),
        listing("An exhibition of maps", OPENING),
        listing("An exhibition of charts", OPENING.replace("maps", "charts")),
    ]
    plain, shuffled = resolved(*pages), resolved(*(pages[place] for place in order))
    for name, frame in plain.items():
        assert shuffled[name].sort(pl.all()).equals(frame.sort(pl.all())), name
