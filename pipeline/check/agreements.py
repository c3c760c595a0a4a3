"""The rules between tables: each a lazy query for the rows that break it, empty where the rule holds.

`schemas.rules.AGREEMENTS` states them by the same names. The one decision made here: a query starts from the table
whose rows are blamed and returns its key, so that a count without rows, or rows without a count, is found on either
side only once.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from pipeline.check.queries import (
    Asked,
    Query,
    Tables,
    counted,
    leads_to_same,
    numbered,
    of_captures,
    of_everything,
    rows_of_table,
    span,
    with_quarantined,
)


def _event_captures(tables: Tables) -> pl.LazyFrame:
    """Each event with each capture that shows a teaser of it or its article, once."""
    return _event_sightings(tables).unique()


def _event_sightings(tables: Tables) -> pl.LazyFrame:
    """Each event with each capture that shows a teaser of it or its article, as often as it does."""
    teasers = tables["teaser_observations"].select("event_id", "capture_id")
    articles = tables["article_observations"].join(tables["articles"].select("article_id", "event_id"), on="article_id")
    return pl.concat([teasers, articles.select("event_id", "capture_id")])


def _shows_a_version(tables: Tables) -> pl.LazyFrame:
    key = ["article_id", "title", "body"]
    versions = tables["article_versions"].select(key)
    return tables["articles"].select(key).join(versions, on=key, how="anti", nulls_equal=True).select("article_id")


def _link_agrees(tables: Tables) -> pl.LazyFrame:
    known = tables["events"].select("event_id")
    here = tables["articles"].select("article_id", "event_id").join(known, on="event_id", how="semi")
    links = tables["event_article_links"].select("article_id", linked=pl.col("event_id"))
    differs = here.join(links, on="article_id", how="left").filter(~pl.col("event_id").eq_missing(pl.col("linked")))
    leads_nowhere = differs.join(known, left_on="linked", right_on="event_id", how="anti").drop_nulls("linked")
    return differs.join(leads_nowhere, on=["article_id", "linked"], how="anti")


def _event_has_article(tables: Tables) -> pl.LazyFrame:
    without = tables["events"].filter(pl.col("article_id").is_null()).select("event_id")
    return tables["articles"].select("article_id", "event_id").join(without, on="event_id", how="semi")


def _first_speaker_agrees(tables: Tables) -> pl.LazyFrame:
    first = tables["event_speakers"].filter(pl.col("position") == 0).select("event_id", "name", "role")
    agrees = pl.col("speaker").eq_missing(pl.col("name")) & pl.col("speaker_role").eq_missing(pl.col("role"))
    here = tables["events"].select("event_id", "speaker", "speaker_role")
    return here.join(first, on="event_id", how="left").filter(~agrees)


def _countries_agree(tables: Tables) -> pl.LazyFrame:
    joined = tables["event_countries"].group_by("event_id").agg(codes=pl.col("country").unique().sort().str.join(" "))
    here = tables["events"].select("event_id", "countries")
    wrong = pl.col("countries").fill_null("") != pl.col("codes").fill_null("")
    return here.join(joined, on="event_id", how="left").filter(wrong)


def _title_date_not_after_publication(tables: Tables) -> pl.LazyFrame:
    late = (pl.col("title_date") > pl.col("published_on")) & (pl.col("title_date_kind") != "announced")
    return tables["events"].filter(late).select("event_id", "title_date", "published_on")


def _observed_on_page_date(tables: Tables) -> pl.LazyFrame:
    dates = tables["captures"].select("capture_id", "page_date")
    here = tables["counter_observations"].select("capture_id", "position", "observed_on")
    return here.join(dates, on="capture_id").filter(~pl.col("observed_on").eq_missing(pl.col("page_date")))


def _consistency_agrees(tables: Tables) -> pl.LazyFrame:
    usual = tables["counters"].select("counter", usual=pl.col("start_on"))
    expected = pl.col("start_on").eq_missing(pl.col("usual"))
    here = tables["counter_observations"].filter(pl.col("start_on").is_not_null())
    wrong = ~pl.col("is_consistent").eq_missing(expected)
    return here.join(usual, on="counter").filter(wrong).select("capture_id", "position")


def _has_raw_record(tables: Tables) -> pl.LazyFrame:
    leading = tables["raw_records"].select("capture_id")
    return tables["captures"].select("capture_id").join(leading, on="capture_id", how="anti")


def _event_once_per_capture(tables: Tables) -> pl.LazyFrame:
    shown = tables["teaser_observations"].filter(~pl.col("is_repeat"))
    return shown.group_by("capture_id", "event_id").agg(n=pl.len()).filter(pl.col("n") > 1)


def _teaser_by_page_date(tables: Tables) -> pl.LazyFrame:
    dates = tables["event_forms"].select("form_id", "published_on")
    shown = tables["teaser_observations"].select("capture_id", "position", "form_id").join(dates, on="form_id")
    return _after_page_date(tables, shown).select("capture_id", "position")


def _article_by_page_date(tables: Tables) -> pl.LazyFrame:
    shown = tables["article_observations"].select("capture_id", "published_on")
    return _after_page_date(tables, shown).select("capture_id")


def _after_page_date(tables: Tables, shown: pl.LazyFrame) -> pl.LazyFrame:
    late = pl.col("published_on") > pl.col("page_date") + pl.duration(days=1)
    return shown.join(tables["captures"].select("capture_id", "page_date"), on="capture_id").filter(late)


def _wordings_distinct(tables: Tables) -> pl.LazyFrame:
    wordings = tables["event_forms"].group_by("published_on", "title", "teaser")
    return wordings.agg(pl.col("form_id").min(), n=pl.len()).filter(pl.col("n") > 1).select("form_id", "n")


def _teaserless_event_is_article_only(tables: Tables) -> pl.LazyFrame:
    teaserless = tables["events"].filter(pl.col("known_from") == "article").select("event_id")
    others = tables["event_article_links"].filter(pl.col("method") != "article_only")
    return others.select("article_id", "event_id").join(teaserless, on="event_id", how="semi")


def _versions_numbered(tables: Tables) -> pl.LazyFrame:
    number = pl.col("version")
    is_whole = (number.min() == 1) & (number.max() == pl.len()) & (number.n_unique() == pl.len())
    numbered = tables["article_versions"].group_by("article_id").agg(is_whole=is_whole)
    return numbered.filter(~pl.col("is_whole")).select("article_id")


def _ordered_by_first_capture(tables: Tables) -> pl.LazyFrame:
    known = tables["article_versions"].filter(pl.col("first_captured_at").is_not_null()).sort("article_id", "version")
    before = pl.col("first_captured_at").shift(1).over("article_id")
    return known.filter(pl.col("first_captured_at") < before).select("version_id")


def _text_of_article_body(tables: Tables) -> pl.LazyFrame:
    spoken = tables["statements"].select("article_id", "version_id").unique()
    texts = tables["article_versions"].select("version_id", text=pl.col("body"))
    bodies = tables["articles"].select("article_id", "body")
    joined = spoken.join(texts, on="version_id").join(bodies, on="article_id")
    return joined.filter(~pl.col("text").eq_missing(pl.col("body"))).select("article_id", "version_id")


def _observed_span() -> Query:
    """First and last are the extremes of observed_on over the observations of a counter."""

    def summed(tables: Tables) -> pl.LazyFrame:
        return added(tables["counter_observations"].select("counter", first="observed_on", last="observed_on"))

    def added(spans: pl.LazyFrame) -> pl.LazyFrame:
        return spans.group_by("counter").agg(pl.col("first").min(), pl.col("last").max())

    def blamed(tables: Tables, spans: pl.LazyFrame) -> pl.LazyFrame:
        agrees = pl.col("first_observed_on").eq_missing(pl.col("first")) & pl.col("last_observed_on").eq_missing(
            pl.col("last")
        )
        here = tables["counters"].select("counter", "first_observed_on", "last_observed_on")
        return here.join(spans, on="counter", how="left").filter(~agrees)

    return Query(blamed, Asked.SUMS, summed, added)


def _intervals_disjoint(tables: Tables) -> pl.LazyFrame:
    ended = pl.col("to_on").cum_max().shift(1).over("section")
    return tables["coverage"].sort("section", "from_on").filter(pl.col("from_on") < ended).select("section", "from_on")


def _capture_made_once(tables: Tables) -> pl.LazyFrame:
    made = tables["raw_records"].filter(pl.col("status") == "capture")
    return made.group_by("capture_id").agg(n=pl.len()).filter(pl.col("n") > 1)


def _quarantine_numbered(tables: Tables) -> pl.LazyFrame:
    numbers = tables["quarantine"].select("quarantine_no").unique().sort("quarantine_no")
    return numbers.with_row_index("expected").filter(pl.col("quarantine_no") != pl.col("expected"))


def _quarantine_capture_known(tables: Tables) -> pl.LazyFrame:
    quarantine = tables["quarantine"]
    removed = quarantine.filter(pl.col("table") == "captures").select(capture_id=pl.col("row_key"))
    known = pl.concat([tables["captures"].select("capture_id"), removed])
    here = quarantine.filter(pl.col("capture_id").is_not_null()).select("quarantine_no", "capture_id")
    return here.join(known, on="capture_id", how="anti")


def _living_ids(tables: Tables) -> pl.LazyFrame:
    owners = {"articles": "article_id", "events": "event_id", "article_versions": "version_id"}
    return pl.concat([tables[table].select(id=pl.col(column)) for table, column in owners.items()])


def _old_id_is_gone(tables: Tables) -> pl.LazyFrame:
    return (
        tables["id_redirects"].join(_living_ids(tables), left_on="old_id", right_on="id", how="semi").select("old_id")
    )


def _new_id_resolves(tables: Tables) -> pl.LazyFrame:
    leading = tables["id_redirects"].filter(pl.col("new_id").is_not_null()).select("old_id", "new_id")
    return leading.join(_living_ids(tables), left_on="new_id", right_on="id", how="anti")


QUERIES: Mapping[tuple[str, str], Query] = MappingProxyType(
    {
        ("articles", "captures_counted"): counted(
            "articles", "article_id", "n_captures", rows_of_table("article_observations")
        ),
        ("articles", "versions_counted"): counted(
            "articles", "article_id", "n_versions", rows_of_table("article_versions"), Asked.EVERYTHING
        ),
        ("articles", "shows_a_version"): of_everything(_shows_a_version),
        ("articles", "capture_span_agrees"): span("articles", "article_id", rows_of_table("article_observations")),
        ("articles", "link_agrees"): of_everything(_link_agrees),
        ("articles", "event_has_article"): of_everything(_event_has_article),
        ("events", "observations_counted"): counted(
            "events", "event_id", "n_observations", rows_of_table("teaser_observations")
        ),
        ("events", "forms_counted"): counted(
            "events", "event_id", "n_forms", rows_of_table("event_forms"), Asked.EVERYTHING
        ),
        ("events", "captures_counted"): counted("events", "event_id", "n_captures", _event_captures),
        ("events", "capture_span_agrees"): span("events", "event_id", _event_sightings),
        ("events", "article_belongs_to_event"): leads_to_same(
            "events", ("event_id",), ("articles", "article_id"), ("events", "event_id")
        ),
        ("events", "first_speaker_agrees"): of_everything(_first_speaker_agrees),
        ("events", "countries_agree"): of_everything(_countries_agree),
        ("events", "title_date_not_after_publication"): of_everything(_title_date_not_after_publication),
        ("event_speakers", "positions_without_gap"): numbered("event_speakers", "event_id", "position", start=0),
        ("counter_observations", "observed_on_page_date"): of_captures(_observed_on_page_date),
        ("counter_observations", "consistency_agrees"): of_captures(_consistency_agrees),
        ("captures", "has_raw_record"): of_captures(_has_raw_record),
        ("captures", "teasers_counted"): counted(
            "captures", "capture_id", "n_teasers", with_quarantined("teaser_observations"), Asked.CAPTURES
        ),
        ("captures", "counters_counted"): counted(
            "captures", "capture_id", "n_counters", with_quarantined("counter_observations"), Asked.CAPTURES
        ),
        ("captures", "unplaced_lines_counted"): counted(
            "captures", "capture_id", "n_unplaced_lines", with_quarantined("unplaced_lines"), Asked.CAPTURES
        ),
        ("teaser_observations", "event_agrees_with_form"): leads_to_same(
            "teaser_observations",
            ("capture_id", "position"),
            ("event_forms", "form_id"),
            ("events", "event_id"),
            Asked.CAPTURES,
        ),
        ("teaser_observations", "event_once_per_capture"): of_captures(_event_once_per_capture),
        ("teaser_observations", "published_by_page_date"): of_captures(_teaser_by_page_date),
        ("event_forms", "wordings_distinct"): of_everything(_wordings_distinct),
        ("event_forms", "observations_counted"): counted(
            "event_forms", "form_id", "n_observations", rows_of_table("teaser_observations")
        ),
        ("event_forms", "capture_span_agrees"): span("event_forms", "form_id", rows_of_table("teaser_observations")),
        ("event_article_links", "teaserless_event_is_article_only"): of_everything(_teaserless_event_is_article_only),
        ("article_observations", "published_by_page_date"): of_captures(_article_by_page_date),
        ("article_observations", "version_of_same_article"): leads_to_same(
            "article_observations",
            ("capture_id",),
            ("article_versions", "version_id"),
            ("articles", "article_id"),
            Asked.CAPTURES,
        ),
        ("article_versions", "numbered_from_one"): of_everything(_versions_numbered),
        ("article_versions", "ordered_by_first_capture"): of_everything(_ordered_by_first_capture),
        ("article_versions", "captures_counted"): counted(
            "article_versions", "version_id", "n_captures", rows_of_table("article_observations")
        ),
        ("article_versions", "capture_span_agrees"): span(
            "article_versions", "version_id", rows_of_table("article_observations")
        ),
        ("statements", "version_of_same_article"): leads_to_same(
            "statements", ("article_id", "position"), ("article_versions", "version_id"), ("articles", "article_id")
        ),
        ("statements", "text_of_article_body"): of_everything(_text_of_article_body),
        ("statements", "positions_without_gap"): numbered("statements", "article_id", "position", start=0),
        ("counters", "observations_counted"): counted(
            "counters", "counter", "n_observations", rows_of_table("counter_observations")
        ),
        ("counters", "inconsistent_counted"): counted(
            "counters", "counter", "n_inconsistent", rows_of_table("counter_observations", ~pl.col("is_consistent"))
        ),
        ("counters", "observed_span_agrees"): _observed_span(),
        ("coverage", "intervals_disjoint"): of_everything(_intervals_disjoint),
        ("raw_records", "capture_made_once"): of_captures(_capture_made_once),
        ("quarantine", "numbered_from_zero"): of_everything(_quarantine_numbered),
        ("quarantine", "capture_known"): of_everything(_quarantine_capture_known),
        ("id_redirects", "old_id_is_gone"): of_everything(_old_id_is_gone),
        ("id_redirects", "new_id_resolves"): of_everything(_new_id_resolves),
    }
)
"""The query of each agreement by table and rule."""
