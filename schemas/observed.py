"""The rows read off pages before it is known what they are observations of: teasers and articles as seen.

Captures, counters and unplaced lines are published as they are read, so their own models serve for them. The one
decision made here: a printed date later than the day after the page's own date was misread, and the row is
quarantined rather than the date repaired (data-model.md, rules a reader may rely on).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from schemas import captures, columns, counter_observations, unplaced_lines
from schemas.model import TableModel, field, row_rule
from schemas.table import Table


def _page_date() -> Any:
    return field(
        "Date on the page",
        "The date in the page's header; null where the page has none.",
        term="dcterms:date",
        unit="day",
        nullable=True,
    )


def published_by_page_date() -> pl.Expr:
    """True where a printed date is at most the day after the page's."""
    return pl.col("published_on") <= pl.col("page_date") + pl.duration(days=1)


class ObservedTeaser(TableModel):
    """One teaser as one capture prints it."""

    capture_id: str = columns.capture_id("The capture that prints the teaser.")
    position: pl.Int32 = columns.position("Order of the teasers on the page, from 0.")
    line_no: pl.Int32 = columns.line_no("Line of the page on which the title stands, from 1.")
    published_on: pl.Date = columns.published_on("Date before the title.", nullable=False)
    title: str = columns.title("Title as printed.", nullable=False)
    teaser: str = columns.teaser("Text under the title; null where the page prints none.")
    is_cut: bool = field("Cut", "True where the page ends inside this teaser.", term="schema:additionalProperty")
    href_urlkey: str = columns.urlkey("Where the title's link leads, as a key; null without a link.")
    section: str = columns.section("Label over the page's content; null where it prints none.")
    page_date: pl.Date = _page_date()

    @row_rule("published_on is at most the day after the page's date.")
    def published_by_page_date(cls) -> pl.Expr:
        """Holds where both are known."""
        return published_by_page_date()


class ObservedArticle(TableModel):
    """The article of one capture as the page prints it."""

    capture_id: str = columns.capture_id("The capture that shows the article.")
    url: str = columns.url("URL of the page; null where the raw record has none.")
    urlkey: str = columns.urlkey("The URL as a key; null without a URL.")
    section: str = columns.section("Label over the article; null where the page prints none.")
    title: str = columns.title("Title as printed; null where the page prints none.")
    published_on: pl.Date = columns.published_on("Date over the article; null where the page prints none.")
    body: str = field(
        "Body",
        "Paragraphs in order, parted by an empty line; '' where there are none.",
        term="schema:articleBody",
        pattern=f"^$|{columns.PARAGRAPHS}",
    )
    body_sha256: str = columns.sha256("SHA-256 of the body", "Digest of body in UTF-8.", nullable=False)
    is_truncated: bool = field(
        "Truncated", "True where the dump ends inside the article.", term="schema:additionalProperty"
    )
    n_paragraphs: pl.Int64 = columns.count("Paragraphs", "Paragraphs of the body.", unit="paragraphs")
    language: str = field(
        "Language",
        "Language of the body as ISO 639-1; null where it cannot be told.",
        term="schema:inLanguage",
        nullable=True,
        pattern=columns.LANGUAGE,
    )
    page_date: pl.Date = _page_date()

    @row_rule("published_on is at most the day after the page's date.")
    def published_by_page_date(cls) -> pl.Expr:
        """Holds where both are known."""
        return published_by_page_date()

    @row_rule("An article without paragraphs has an empty body, and no other.")
    def body_has_paragraphs(cls) -> pl.Expr:
        """Both ways."""
        return (pl.col("n_paragraphs") > 0) == (pl.col("body") != "")


OBSERVED: Mapping[str, Table] = {
    "captures": captures.TABLE,
    "counter_observations": counter_observations.TABLE,
    "teaser_observations": Table(
        name="teaser_observations",
        model=ObservedTeaser,
        title="Teasers as observed",
        description="One row per teaser per capture, before it is known which event it announces.",
        key=("capture_id", "position"),
        stage="parse",
        group="evidence",
    ),
    "article_observations": Table(
        name="article_observations",
        model=ObservedArticle,
        title="Articles as observed",
        description="One row per capture that shows an article, before it is known which article it is.",
        key=("capture_id",),
        stage="parse",
        group="evidence",
    ),
    "unplaced_lines": unplaced_lines.TABLE,
}
"""What row rules are applied to, by the name used in quarantine.table."""
