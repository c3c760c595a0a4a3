"""One part of a slice: the rows of a few thousand pages, row rules applied, one frame per table.

Rows that break a rule leave for `broken` here, before anything is resolved; the wording of teasers and the text of
bodies is kept once per part, so a teaser printed on a thousand pages costs a thousand short rows.
"""

import json
from collections.abc import Sequence
from typing import Final

import polars as pl

from pipeline.check.row_rules import split
from pipeline.frames import BrokenRow, CounterRow, FormRow, LineRow, PageRow, RecordRow, TeaserRow, row_schema, to_frame
from pipeline.gather import capture_columns
from pipeline.observe import Observation, ObservedArticle, ObservedTeaser, observe, record_row
from pipeline.parse.language import detect_language
from pipeline.records import Outcome, RawRecord
from pipeline.resolve.ids import event_form_id
from schemas.registry import OBSERVED
from schemas.render import table_schema

PAGES_PER_PART: Final = 4_000
"""Pages a worker holds at once: about 35 MB of text."""

PARENT_QUARANTINED: Final = "parent_quarantined"
"""Rule under which the rows of a quarantined capture are listed (data-model.md, quarantine)."""

_CHILDREN: Final = {
    "teasers": ("teaser_observations", "position"),
    "articles": ("article_observations", None),
    "counters": ("counter_observations", "position"),
    "lines": ("unplaced_lines", "line_no"),
}


class Part:
    """Collects the rows of records until the part is full."""

    def __init__(self) -> None:
        self.records: list[RecordRow] = []
        self.pages: list[PageRow] = []
        self.teasers: list[ObservedTeaser] = []
        self.articles: list[ObservedArticle] = []
        self.counters: list[CounterRow] = []
        self.lines: list[LineRow] = []

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
        self._add_page(observe(record, page_no, detect_language))

    def _add_page(self, observation: Observation) -> None:
        self.pages.append(observation.page)
        self.teasers.extend(observation.teasers)
        self.counters.extend(observation.counters)
        self.lines.extend(observation.unplaced)
        if observation.article is not None:
            self.articles.append(observation.article)

    def frames(self) -> dict[str, pl.DataFrame]:
        """The part's tables (`pipeline.frames`), broken rows taken out and listed under `broken`."""
        pages = to_frame("pages", self.pages)
        capture_ids = pages.select("page_no", "capture_id")
        counters = to_frame("counters", self.counters).join(
            capture_ids, on="page_no", how="left", maintain_order="left"
        )
        observed = {
            "teasers": _observed(ObservedTeaser, self.teasers),
            "articles": _observed(ObservedArticle, self.articles),
            "counters": counters,
            "lines": to_frame("lines", self.lines).join(capture_ids, on="page_no", how="left", maintain_order="left"),
        }
        valid_pages, broken = _split("captures", pages, capture_columns(pages))
        if not broken.is_empty():
            for name, rows in list(observed.items()):
                observed[name], orphans = _without_parent(name, rows, valid_pages)
                broken = pl.concat([broken, orphans])
        for name in ("teasers", "articles", "counters"):
            observed[name], refused = _split(_CHILDREN[name][0], observed[name], observed[name])
            broken = pl.concat([broken, refused])
        forms, teasers = _forms_apart(observed["teasers"])
        return {
            "records": to_frame("records", self.records),
            "pages": valid_pages,
            "teasers": teasers,
            "forms": forms,
            "articles": observed["articles"].select(
                "page_no", "body_sha256", "title", "published_on", "section", "is_truncated", "n_paragraphs"
            ),
            "bodies": observed["articles"]
            .select("body_sha256", "body", "language")
            .drop_nulls("body")
            .unique("body_sha256")
            .sort("body_sha256"),
            "counters": observed["counters"].drop("capture_id"),
            "lines": observed["lines"].drop("capture_id"),
            "broken": broken,
        }


def _observed(row_type: type[tuple[object, ...]], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=row_schema(row_type), orient="row")


def _split(table: str, rows: pl.DataFrame, checked: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that keep the rules of `table`, and the others as `broken` rows."""
    schema = table_schema(OBSERVED[table])
    missing = [pl.lit(None).alias(column) for column in schema.names() if column not in checked.columns]
    # a number too large for its column becomes null and so breaks the rule that it is known
    typed = checked.with_columns(missing).select(schema.names()).cast(schema, strict=False)
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
        for row in orphans.iter_rows(named=True)
    ]
    return rows.join(pages, on="page_no", how="semi", maintain_order="left"), to_frame("broken", broken)


def _forms_apart(teasers: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Distinct wordings with their ids, and the printed teasers that point to them."""
    wording = ["published_on", "title", "teaser"]
    distinct = teasers.select(wording).unique(maintain_order=True)
    ids = [event_form_id(*row) for row in distinct.iter_rows()]
    forms = distinct.with_columns(pl.Series("form_id", ids, dtype=pl.String))
    pointed = teasers.join(forms, on=wording, how="left", nulls_equal=True, maintain_order="left")
    return forms.select(FormRow._fields).sort("form_id"), pointed.select(TeaserRow._fields)
