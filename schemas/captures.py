"""captures: one row per capture, with what its header says and what was found on it.

The rule on the clocks allows both of a day's offsets between Moscow and London, for in the night of a clock change
either can be right, and one minute between the two renderings (source-format.md, "Which day is the header's date?").
"""

import polars as pl

from schemas import columns
from schemas.model import TableModel, Timestamp, field, known_together, row_rule
from schemas.table import Table

_MINUTES_A_DAY = 24 * 60


def _minutes(clock: str) -> pl.Expr:
    hour = pl.col(clock).str.slice(0, 2).cast(pl.Int32, strict=False)
    return hour * 60 + pl.col(clock).str.slice(3, 2).cast(pl.Int32, strict=False)


def _offset_minutes(at: pl.Expr) -> pl.Expr:
    """Moscow's wall clock minus London's at a wall time of London, from the time-zone database."""
    instant = at.dt.replace_time_zone("Europe/London", ambiguous="earliest", non_existent="null")
    moscow, london = (
        instant.dt.convert_time_zone(zone).dt.replace_time_zone(None) for zone in ("Europe/Moscow", "Europe/London")
    )
    return (moscow - london).dt.total_minutes()


class Captures(TableModel):
    """One row per capture."""

    capture_id: str = columns.own_id(
        "c",
        "Capture",
        "The capture's id: made from the page's non-blank lines and the capture's instant, so that one page from two "
        "raw forms is one capture.",
    )
    url: str = columns.url("URL of the page as the raw record gives it; null where it gives none.")
    urlkey: str = columns.urlkey("The URL as a key; null without a URL.")
    captured_at: Timestamp = field(
        "Captured at",
        "When the page was captured; the start of the day where only the day is known. Null where nothing tells.",
        term="dcterms:created",
        unit="instant (UTC)",
        nullable=True,
    )
    captured_on: pl.Date = field(
        "Captured on",
        "The UTC day of captured_at; null where captured_at is.",
        term="dcterms:created",
        unit="day",
        nullable=True,
    )
    captured_at_source: str = field(
        "Source of the time",
        "Where captured_at was read; null where captured_at is.",
        term="dcterms:provenance",
        nullable=True,
        values={
            "warc": "the date of a WARC or ARC record",
            "wayback": "a 14-digit timestamp in a web archive's address",
            "corpus": "a column of a text corpus",
            "cdx": "an index of a web archive",
            "page_clock": "the date and London clock in the page's own header",
        },
    )
    captured_at_precision: str = field(
        "Precision of the time",
        "How exact captured_at is; null where captured_at is.",
        term="schema:measurementTechnique",
        nullable=True,
        values=("second", "minute", "day"),
    )
    archive: str = field(
        "Archive",
        "The web archive that holds the capture; null unless the raw file proves it.",
        term="schema:holdingArchive",
        nullable=True,
    )
    memento_url: str = field(
        "Memento",
        "URL of the archived page; null unless the raw file proves it.",
        term="schema:archivedAt",
        nullable=True,
        pattern="^https?://\\S+$",
    )
    lookup_url: str = field(
        "Look-up",
        "A search in a web archive for this URL and time; may land on another capture. Null without a URL.",
        term="schema:relatedLink",
        nullable=True,
        pattern="^https?://\\S+$",
    )
    page_date: pl.Date = field(
        "Date on the page",
        "The date in the page's header, London's day; null where the page has no header.",
        term="dcterms:date",
        unit="day",
        nullable=True,
    )
    moscow_clock: str = field(
        "Moscow clock",
        "The page's Moscow clock, HH:MM; null where the page has no header.",
        term="schema:text",
        unit="HH:MM",
        nullable=True,
        pattern=columns.CLOCK,
    )
    london_clock: str = field(
        "London clock",
        "The page's London clock, HH:MM; null where the page has no header.",
        term="schema:text",
        unit="HH:MM",
        nullable=True,
        pattern=columns.CLOCK,
    )
    clock_check: str = field(
        "Clock check",
        "What comparing the two clocks with each other and with the recorded time gave; null where the page has no "
        "header.",
        term="schema:reviewAspect",
        nullable=True,
        values={
            "ok": "the clocks agree over the time-zone database, and with the recorded time where there is one",
            "moscow_off": "Moscow's clock is wrong against London's",
            "date_off": "the date is a day away from what the recorded time says",
            "disagrees_with_capture_time": "date and London clock do not fit the recorded time",
        },
    )
    page_kind: str = field(
        "Kind of page",
        "What the page is.",
        term="dcterms:type",
        values={
            "article": "one item with its text",
            "listing": "a list of teasers with a pager",
            "section": "undated standing text",
            "other": "anything else",
        },
    )
    layout: str = field(
        "Layout",
        "Which of the two renderings of a page this is; null where nothing tells.",
        term="dcterms:format",
        nullable=True,
        values={"A": "no e-mail line, no label, no article date", "B": "e-mail line, label and article date"},
    )
    section: str = columns.section("Label over the content as printed; null where the page prints none.")
    language: str = field(
        "Language",
        "Language of the page's main text as ISO 639-1; null where it cannot be told.",
        term="schema:inLanguage",
        nullable=True,
        pattern=columns.LANGUAGE,
    )
    text_sha256: str = columns.sha256(
        "SHA-256 of the text", "Digest of the non-blank lines that make the id.", nullable=False
    )
    n_lines: pl.Int64 = columns.count("Lines", "Non-blank lines of the page.", unit="lines", minimum=1)
    n_unplaced_lines: pl.Int64 = columns.count(
        "Unplaced lines", "Lines the parser could not place; they stand in unplaced_lines.", unit="lines"
    )
    n_teasers: pl.Int64 = columns.count(
        "Teasers",
        "Teasers read off the page, quarantined ones included; null where the dump's maker dropped the lists, so that "
        "their absence means nothing.",
        unit="teasers",
        nullable=True,
    )
    n_counters: pl.Int64 = columns.count(
        "Counters", "Counters read off the page, quarantined ones included.", unit="counters"
    )
    is_truncated: bool = field(
        "Truncated", "True where the dump ends before the page does.", term="schema:additionalProperty"
    )
    teasers_observable: bool = field(
        "Teasers observable",
        "False where the dump's maker dropped lists, so that an absent teaser means nothing.",
        term="schema:additionalProperty",
    )

    @row_rule("The instant, its day, its source and its precision are all known or all null.")
    def capture_time_is_whole(cls) -> pl.Expr:
        """All or none."""
        return known_together("captured_at", "captured_on", "captured_at_source", "captured_at_precision")

    @row_rule("captured_on is the UTC day of captured_at.")
    def captured_on_follows_instant(cls) -> pl.Expr:
        """UTC, not London."""
        return pl.col("captured_on") == pl.col("captured_at").dt.date()

    @row_rule("The header's date, both clocks and the clock check are all known or all null.")
    def header_is_whole(cls) -> pl.Expr:
        """Date and both clocks always come together."""
        return known_together("page_date", "moscow_clock", "london_clock", "clock_check")

    @row_rule("Where clock_check is ok, Moscow's clock agrees with London's over the time-zone database.")
    def clocks_agree_where_ok(cls) -> pl.Expr:
        """Within a minute of one of the day's two offsets."""
        shown = _minutes("moscow_clock") - _minutes("london_clock")
        midnight = pl.col("page_date").cast(pl.Datetime("us"))
        agrees = pl.lit(value=False)
        for hour in (0, 23):
            expected = _offset_minutes(midnight + pl.duration(hours=hour))
            away = (shown - expected + _MINUTES_A_DAY // 2) % _MINUTES_A_DAY - _MINUTES_A_DAY // 2
            agrees |= away.abs() <= 1
        return (pl.col("clock_check") != "ok") | agrees

    @row_rule("There are no more unplaced lines than lines.")
    def unplaced_within_lines(cls) -> pl.Expr:
        """A part of the whole."""
        return pl.col("n_unplaced_lines") <= pl.col("n_lines")

    @row_rule("Teasers that cannot be observed are never counted as 0, and observable ones are counted.")
    def unobservable_is_not_zero(cls) -> pl.Expr:
        """Null is not 0."""
        unknown_or_some = pl.col("n_teasers").is_null() | (pl.col("n_teasers") > 0)
        return pl.when(pl.col("teasers_observable")).then(pl.col("n_teasers").is_not_null()).otherwise(unknown_or_some)


TABLE = Table(
    name="captures",
    model=Captures,
    title="Captures",
    description="One row per capture: one state of one page at one instant, whatever raw files hold it.",
    key=("capture_id",),
    stage="parse",
    group="evidence",
)
