"""One part of a slice: the rows of some thousand pages, row rules applied, one frame per table.

Rows that break a rule leave for `broken` here, before anything is resolved; the wording of teasers and the text of
bodies is kept and checked once per part, so a teaser printed on a thousand pages costs a thousand short rows.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from pipeline.check.row_rules import keeps_rules, split
from pipeline.frames import (
    ArticleRow,
    BodyRow,
    BrokenRow,
    CounterRow,
    FormRow,
    LineRow,
    PageRow,
    RecordRow,
    TeaserRow,
    columns_frame,
    row_schema,
    to_frame,
)
from pipeline.gather import capture_columns
from pipeline.observe import Observation, ObservedArticle, observe, record_row
from pipeline.parse.language import detect_languages
from pipeline.records import Outcome, RawRecord
from pipeline.resolve.ids import event_form_id
from pipeline.urls import urlkey
from schemas.registry import OBSERVED
from schemas.render import table_schema

PAGES_PER_PART: Final = 2_000
"""Pages a worker holds at once."""

PARENT_QUARANTINED: Final = "parent_quarantined"
"""Rule under which the rows of a quarantined capture are listed (data-model.md, quarantine)."""

_CHILDREN: Final = {
    "teasers": ("teaser_observations", "position"),
    "articles": ("article_observations", None),
    "counters": ("counter_observations", "position"),
    "lines": ("unplaced_lines", "line_no"),
}
_SHARED_BY_TEASERS: Final = ("capture_id", "section", "page_date")
_SHARED_BY_ARTICLES: Final = ("capture_id", "url", "urlkey", "section", "page_date")
"""What rows of teasers and articles repeat of their page."""
_NUMBERS: Final = ("form_no", "body_no")
"""Columns that mean something inside the part alone."""
_WORDING: Final = ("published_on", "title", "teaser")


class _PrintedTeaser(NamedTuple):
    """Columns of a teaser on a page; its wording stands in the part's list of forms."""

    page_no: int
    position: int
    line_no: int
    form_no: int
    href_urlkey: str | None
    is_cut: bool


class _PrintedArticle(NamedTuple):
    """An article on a page; its text stands in the part's list of bodies."""

    page_no: int
    title: str | None
    published_on: date | None
    body_no: int
    is_truncated: bool
    n_paragraphs: int


class Part:
    """Collects the rows of records until the part is full."""

    def __init__(self) -> None:
        self.records: list[RecordRow] = []
        self.pages: list[PageRow] = []
        self.teasers: list[tuple[object, ...]] = []
        self.articles: list[_PrintedArticle] = []
        self.counters: list[CounterRow] = []
        self.lines: list[LineRow] = []
        self._forms: dict[tuple[date, str | None, str | None], int] = {}
        self._bodies: dict[str, tuple[int, str]] = {}

    @property
    def is_full(self) -> bool:
        """Whether it is time to write; parts without pages end too, so that ledgers stay bounded."""
        return len(self.pages) >= PAGES_PER_PART or len(self.records) >= 25 * PAGES_PER_PART

    def add(self, record: RawRecord) -> None:
        """Observe one record."""
        if record.outcome is not Outcome.PAGE:
            self.records.append(record_row(record, None))
            return
        page_no = len(self.pages)
        self.records.append(record_row(record, page_no))
        self._add_page(page_no, observe(record, page_no))

    def _add_page(self, page_no: int, observation: Observation) -> None:
        self.pages.append(observation.page)
        self.counters.extend(observation.counters)
        self.lines.extend(observation.unplaced)
        forms = self._forms
        for position, day, title, text, line_no, is_cut, href in observation.teasers:
            form_no = forms.setdefault((day, title or None, text), len(forms))
            leads_to = None if href is None else urlkey(href)
            self.teasers.append((page_no, position, line_no, form_no, leads_to, is_cut))
        if observation.article is not None:
            self._add_article(observation.article)

    def _add_article(self, article: ObservedArticle) -> None:
        body_no, _ = self._bodies.setdefault(article.body_sha256, (len(self._bodies), article.body))
        self.articles.append(
            _PrintedArticle(
                article.page_no,
                article.title,
                article.published_on,
                body_no,
                article.is_truncated,
                article.n_paragraphs,
            )
        )

    def frames(self) -> dict[str, pl.DataFrame]:
        """The part's tables (`pipeline.frames`), broken rows taken out and listed under `broken`."""
        forms, bodies = self._form_frame(), self._body_frame()
        articles = _frame(_PrintedArticle, self.articles)
        articles = _beside(articles, bodies[articles["body_no"]])
        pages = to_frame("pages", self.pages)
        pages = pages.update(articles.select("page_no", "language"), on="page_no", how="left")
        teasers = _frame(_PrintedTeaser, self.teasers).with_columns(
            is_repeat=~pl.struct("page_no", "form_no").is_first_distinct()
        )
        observed = {
            "teasers": _of_page(
                _beside(teasers, forms.select(_WORDING)[teasers["form_no"]]), pages, *_SHARED_BY_TEASERS
            ),
            "articles": _of_page(articles, pages, *_SHARED_BY_ARTICLES),
            "counters": _of_page(to_frame("counters", self.counters), pages, "capture_id"),
            "lines": _of_page(to_frame("lines", self.lines), pages, "capture_id"),
        }
        valid_pages, broken = _split("captures", pages, capture_columns(pages))
        if not broken.is_empty():
            for name, rows in list(observed.items()):
                observed[name], orphans = _without_parent(name, rows, valid_pages)
                broken = pl.concat([broken, orphans])
        for name, distinct in (("teasers", [forms]), ("articles", [bodies]), ("counters", [])):
            observed[name], refused = _split(_CHILDREN[name][0], observed[name], observed[name], *distinct)
            broken = pl.concat([broken, refused])
        teasers, articles = observed["teasers"], observed["articles"]
        form_ids = forms["form_id"]
        return {
            "records": to_frame("records", self.records),
            "pages": valid_pages,
            "teasers": teasers.with_columns(form_ids[teasers["form_no"]]).select(TeaserRow._fields),
            "forms": forms[teasers["form_no"].unique()].select(FormRow._fields).sort("form_id"),
            "articles": articles.select(ArticleRow._fields),
            "bodies": bodies[articles["body_no"].unique()].select(BodyRow._fields).sort("body_sha256"),
            "counters": observed["counters"].drop("capture_id"),
            "lines": observed["lines"].drop("capture_id"),
            "broken": broken,
        }

    def _form_frame(self) -> pl.DataFrame:
        """Each distinct wording with its id; a form's number is its row."""
        ids = [event_form_id(*wording) for wording in self._forms]
        rows = [(form_id, *wording) for form_id, wording in zip(ids, self._forms, strict=True)]
        return to_frame("forms", rows)

    def _body_frame(self) -> pl.DataFrame:
        """Each distinct body with its digest and language; a body's number is its row."""
        bodies = [body for _, body in self._bodies.values()]
        return to_frame("bodies", list(zip(self._bodies, bodies, detect_languages(bodies), strict=True)))


def _frame(row_type: type[tuple[object, ...]], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return columns_frame(row_schema(row_type), rows)


def _beside(rows: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([rows, more], how="horizontal")


def _of_page(rows: pl.DataFrame, pages: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Rows with what they repeat of their page; a page's number is its row."""
    return _beside(rows, pages.select(names)[rows["page_no"]])


def _split(
    table: str, rows: pl.DataFrame, checked: pl.DataFrame, *distinct: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that keep the rules of `table`, and the others as `broken` rows.

    Args:
        table: a key of `schemas.OBSERVED`.
        rows: what is split.
        checked: the same rows with the columns of the table.
        distinct: frames that hold the values of some columns once each, so that rules on them are asked once each.
    """
    schema = table_schema(OBSERVED[table])
    missing = [pl.lit(None).alias(column) for column in schema.names() if column not in checked.columns]
    # a number too large for its column becomes null and so breaks the rule that it is known
    typed = checked.with_columns(missing).select(schema.names()).cast(schema, strict=False)
    if keeps_rules(OBSERVED[table], *distinct, typed):
        return rows, to_frame("broken", [])
    refused = split(table, typed).broken
    if refused.is_empty():
        return rows, to_frame("broken", [])
    page_nos = rows["page_no"].gather(refused["row_index"])
    broken = refused.select(
        page_nos.alias("page_no"),
        pl.lit(table).alias("table"),
        "row_key",
        pl.lit(None, dtype=pl.String).alias("column"),  # the whole row is taken out, whichever column broke the rule
        "rule",
        "row",
    )
    kept = rows.filter(~pl.int_range(pl.len(), dtype=pl.Int64).is_in(refused["row_index"].unique().implode()))
    return kept, broken.unique().sort("page_no", "row_key", "rule")


def _without_parent(name: str, rows: pl.DataFrame, pages: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows whose capture is valid, and those whose capture was quarantined as `broken` rows."""
    table, key = _CHILDREN[name]
    orphans = rows.join(pages, on="page_no", how="anti", maintain_order="left")
    broken = [
        BrokenRow(
            page_no=row["page_no"],
            table=table,
            row_key=row["capture_id"] if key is None else f"{row['capture_id']}/{row[key]}",
            column=None,
            rule=PARENT_QUARANTINED,
            row=json.dumps(row, ensure_ascii=False, sort_keys=True, default=str),
        )
        for row in orphans.drop(_NUMBERS, strict=False).iter_rows(named=True)
    ]
    return rows.join(pages, on="page_no", how="semi", maintain_order="left"), to_frame("broken", broken)
