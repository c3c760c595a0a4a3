"""From links to dates: the day of an article without one, and of an event known from its article.

The decision made here: a day is taken from the same article's captures or from its event's teaser and from nowhere
else. An item listed beside an article dates nothing.
"""

import polars as pl


def article_dates(texts: pl.DataFrame, members: pl.DataFrame, links: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The day of each article: as its last capture with a date prints it (`page`), else its event's (`teaser`).

    Args:
        texts: text_id, published_on, last_captured_at.
        members: text_id, article_id.
        links: article_id, event_id.
        forms: event_id, form_id, published_on, last_captured_at: wordings of teasers.

    Returns:
        article_id, published_on, published_on_source; a row per article, nulls where nothing dates it.
    """
    printed = _newest_day(texts.join(members.select("text_id", "article_id"), on="text_id"), "article_id", "text_id")
    announced = _newest_day(forms, "event_id", "form_id")
    return (
        members.select("article_id")
        .unique()
        .join(printed.rename({"day": "printed"}), on="article_id", how="left")
        .join(links.select("article_id", "event_id"), on="article_id", how="left")
        .join(announced.rename({"day": "announced"}), on="event_id", how="left")
        .select("article_id", **_chosen(first=("page", "printed"), second=("teaser", "announced")))
        .sort("article_id")
    )


def event_dates(forms: pl.DataFrame, links: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The day of each event: as its newest teaser prints it (`teaser`), else its article's (`page`).

    Args:
        forms: event_id, form_id, published_on, last_captured_at: wordings of teasers.
        links: article_id, event_id.
        articles: what `article_dates` returns.

    Returns:
        event_id, published_on, published_on_source; a row per event, nulls where nothing dates it.
    """
    announced = _newest_day(forms, "event_id", "form_id")
    printed = (
        links.select("article_id", "event_id")
        .join(articles.filter(pl.col("published_on_source") == "page"), on="article_id")
        .group_by("event_id")
        .agg(printed=pl.col("published_on").min())
    )
    return (
        pl.concat([forms.select("event_id"), links.select("event_id")])
        .unique()
        .join(announced.rename({"day": "announced"}), on="event_id", how="left")
        .join(printed, on="event_id", how="left")
        .select("event_id", **_chosen(first=("teaser", "announced"), second=("page", "printed")))
        .sort("event_id")
    )


def _newest_day(rows: pl.DataFrame, owner: str, tie: str) -> pl.DataFrame:
    """The printed day seen last: owner, day."""
    return (
        rows.filter(pl.col("published_on").is_not_null())
        .sort("last_captured_at", tie, descending=True, nulls_last=True)
        .unique(owner, keep="first", maintain_order=True)
        .select(owner, day="published_on")
    )


def _chosen(first: tuple[str, str], second: tuple[str, str]) -> dict[str, pl.Expr]:
    """The first column where it is known, else the second, and the name of the one that was taken."""
    (name, day), (other_name, other_day) = first, second
    return {
        "published_on": pl.coalesce(day, other_day),
        "published_on_source": pl.when(pl.col(day).is_not_null())
        .then(pl.lit(name))
        .when(pl.col(other_day).is_not_null())
        .then(pl.lit(other_name)),
    }
