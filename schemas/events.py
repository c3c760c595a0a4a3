"""events: one row per published item, known from a teaser, from its article, or from both."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, Timestamp, field, implies, known_together, row_rule
from schemas.table import Table

CATEGORIES = {
    "news_conference": "a news conference or briefing",
    "interview": "an interview",
    "letter": "a letter, to an editor or an official",
    "article": "an article under a name",
    "speech": "a speech or address",
    "remarks": "remarks, opening or answering",
    "reply_to_media": "a reply to a media question",
    "statement": "a statement or comment",
    "press_release": "a press release",
    "notice": "a notice to visitors or citizens",
    "photo": "a photo item",
    "video": "a video item",
    "other": "none of these by its title",
}
"""In order of precedence: a title that fits two is the earlier one."""


class Events(TableModel):
    """One row per published item."""

    event_id: str = columns.own_id("e", "Event", "The event's lasting id.")
    known_from: str = field(
        "Known from",
        "Which kind of evidence there is for the event.",
        term="dcterms:provenance",
        values={
            "teaser": "teasers only, no capture of its article",
            "article": "its article only, no teaser",
            "both": "teasers and its article",
        },
    )
    published_on: pl.Date = columns.published_on(
        "Day of publication as the site prints it; null where no capture prints one."
    )
    published_on_source: str = columns.published_on_source()
    title: str = columns.title("Newest complete wording of the title; null for an item printed without one.")
    first_title: str = columns.title(
        "Oldest wording of the title; differs from title where it was edited. Null where there was none.",
        name="First title",
    )
    teaser: str = columns.teaser(
        "Newest complete wording of the teaser's text: the article's first sentences in one line. Null where no "
        "teaser with a text was seen."
    )
    section: str = columns.section(
        "Label printed over the article, or over the list that shows the teaser; null where no capture prints one."
    )
    category: str = field(
        "Category",
        "What kind of item the title announces, by word lists; the first that fits in this order.",
        term="schema:genre",
        values=CATEGORIES,
    )
    speaker: str = field(
        "Speaker",
        "First person named in the title as the one who speaks, verbatim; null where the title names none or gives "
        "only the office.",
        term="schema:author",
        nullable=True,
        pattern=columns.ONE_LINE,
    )
    speaker_role: str = field(
        "Role of the speaker",
        "Office of that person as printed, which may stand without a name; null where the title gives none.",
        term="schema:jobTitle",
        nullable=True,
        pattern=columns.ONE_LINE,
    )
    place: str = field(
        "Place",
        "Place named in the title as where it was held, verbatim; null where the title names none.",
        term="schema:contentLocation",
        nullable=True,
        pattern=columns.ONE_LINE,
    )
    title_date: pl.Date = field(
        "Date in the title",
        "Date that stands inside the title; null where there is none or it cannot be trusted.",
        term="schema:temporalCoverage",
        unit="day",
        nullable=True,
    )
    title_date_kind: str = field(
        "Kind of the title's date",
        "What the date inside the title says; null without one.",
        term="dcterms:type",
        nullable=True,
        values={
            "held": "the day the thing was said, held or asked",
            "published_elsewhere": "the day another outlet published it",
            "announced": "a day still to come when the item was published",
        },
    )
    countries: str = field(
        "Countries",
        "States named in the title, by name, as ISO 3166-1 alpha-3 codes, sorted, parted by a space; also where the "
        "name is part of another ('The Times of India'). '' where the title names none; null without a title.",
        term="schema:about",
        nullable=True,
        pattern="^([A-Z]{3}( [A-Z]{3})*)?$",
    )
    article_id: str = columns.article_id("The item's article; null where no capture shows it.", nullable=True)
    first_captured_at: Timestamp = columns.first_captured_at("a teaser or the article")
    last_captured_at: Timestamp = columns.last_captured_at("a teaser or the article")
    n_captures: pl.Int64 = columns.count(
        "Captures",
        "Captures that show a teaser of the item or its article: measures crawling, not prominence.",
        unit="captures",
        minimum=1,
    )
    n_observations: pl.Int64 = columns.count("Teaser observations", "Teasers of the item seen.", unit="observations")
    n_forms: pl.Int64 = columns.count("Forms", "Distinct wordings seen.", unit="forms", minimum=1)
    source_capture_id: str = columns.source_capture_id()

    @row_rule("published_on has a source exactly where it is known.")
    def published_on_has_source(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("published_on", "published_on_source")

    @row_rule("first_captured_at is not after last_captured_at.")
    def first_captured_before_last(cls) -> pl.Expr:
        """Instants in order."""
        return pl.col("first_captured_at") <= pl.col("last_captured_at")

    @row_rule("first_captured_at and last_captured_at are both known or both null.")
    def capture_span_is_whole(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("first_captured_at", "last_captured_at")

    @row_rule("An event has an article exactly where it is known from one.")
    def known_from_agrees_with_article(cls) -> pl.Expr:
        """`article` and `both` name it."""
        return (pl.col("known_from") != "teaser") == pl.col("article_id").is_not_null()

    @row_rule("An event has teaser observations exactly where it is known from a teaser.")
    def known_from_agrees_with_observations(cls) -> pl.Expr:
        """`teaser` and `both` count some."""
        return (pl.col("known_from") != "article") == (pl.col("n_observations") > 0)

    @row_rule("The title's date has a kind exactly where it is known.")
    def title_date_has_kind(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("title_date", "title_date_kind")

    @row_rule("What is read in the title is null without a title.")
    def title_facts_need_title(cls) -> pl.Expr:
        """One way."""
        facts = pl.any_horizontal(pl.col("speaker", "speaker_role", "place", "title_date", "countries").is_not_null())
        return implies(facts, pl.col("title").is_not_null())

    @row_rule("The codes in countries are sorted and stand once each.")
    def countries_sorted(cls) -> pl.Expr:
        """Compared with the sorted set of themselves."""
        codes = pl.col("countries").str.split(" ")
        return codes.list.unique().list.sort().list.join(" ") == pl.col("countries")


TABLE = Table(
    name="events",
    model=Events,
    title="Events",
    description=(
        "One row per published item: everything the site announced in a teaser or showed as an article. 'Event' is the "
        "site's own word (LATEST EVENTS): a publication, not an occurrence in the world."
    ),
    key=("event_id",),
    stage="resolve",
    group="headline",
    is_headline=True,
)
