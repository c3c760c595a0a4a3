"""What was changed after publication: articles with several texts, events with several wordings."""

import polars as pl

from pipeline.report.charts import ranked_bars
from pipeline.report.figure import Figure, Section, Tables

_TITLE = 24


def edits(tables: Tables) -> Section:
    """Articles with most versions, and how many versions articles have."""
    return Section(
        "edits",
        "What was edited",
        "A version is a distinct text of an article: changed words count, other quotes or blanks do not. What changed "
        "can be read word by word in the explorer.",
        (_most_versions(tables), _wordings(tables)),
    )


def _most_versions(tables: Tables) -> Figure:
    changes = (
        tables["article_versions"]
        .group_by("article_id")
        .agg(pl.col("n_words_added").sum(), pl.col("n_words_removed").sum())
    )
    rows = (
        tables["articles"]
        .filter(pl.col("n_versions") > 1)
        .join(changes, on="article_id", how="left")
        .select(
            "event_id",
            "title",
            "published_on",
            versions="n_versions",
            captures="n_captures",
            words_added="n_words_added",
            words_removed="n_words_removed",
        )
        .sort(["versions", "words_added", "event_id"], descending=[True, True, False])
        .collect()
    )
    day = pl.col("published_on").dt.strftime("%Y-%m-%d").fill_null("undated")
    title = pl.col("title").fill_null("without a title")
    is_long = title.str.len_chars() > _TITLE
    # bars are told apart by their label, so of articles that look alike in it one is drawn
    short = rows.with_columns(
        label=pl.concat_str(day, pl.lit(" "), pl.when(is_long).then(title.str.head(_TITLE - 1) + "…").otherwise(title))
    ).unique("label", keep="first", maintain_order=True)
    return Figure(
        "most-versions",
        "Articles with most versions",
        "Only what captures show: an article seen once has one version, whatever happened to it later.",
        rows,
        ranked_bars(short, "label", "versions", unit="versions", limit=12) if rows.height else None,
        "No article was seen in more than one text.",
    )


def _wordings(tables: Tables) -> Figure:
    rows = tables["events"].group_by(wordings="n_forms").agg(events=pl.len()).sort("wordings").collect()
    return Figure(
        "wordings",
        "Wordings per event",
        "How many events were met in one, two, three … distinct wordings of title and teaser, cut ones included.",
        rows,
        nothing="There are no events.",
    )
