"""article_forms: every distinct way an article was labelled, and the register that keeps article ids stable."""

import polars as pl

from schemas import columns
from schemas.model import TableModel
from schemas.table import Table


class ArticleForms(TableModel):
    """One row per distinct combination of URL key, title, date and words."""

    form_id: str = columns.own_id(
        "g",
        "Form",
        "The form’s id, made from what the row says and from the words of its text; rows may share all other columns.",
    )
    article_id: str = columns.article_id("The article this is a form of.")
    urlkey: str = columns.urlkey("URL key of the captures; null where they carry no URL.")
    title: str = columns.title("Title as printed; null where none is.")
    published_on: pl.Date = columns.published_on("Date as printed on the article's page; null where none is.")
    is_seed: bool = columns.is_seed("article")
    since_release: str = columns.since_release(
        "The release that first published this form; null in a build that has not been released."
    )


TABLE = Table(
    name="article_forms",
    model=ArticleForms,
    title="Forms of articles",
    description="One row per distinct form (URL key, title, date, words) of an article; the register of article ids.",
    key=("form_id",),
    stage="resolve",
    group="evidence",
)
