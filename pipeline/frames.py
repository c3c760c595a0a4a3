"""The tables of a slice: what workers write between reading and resolving. Private to a build, never published.

A page is addressed by (slice part, `page_no`), not by its capture, because the same page may stand in several raw
records: which of them is the capture, and which revisit repeats it, is known only when all slices are read (`gather`).
Row types are named tuples whose fields stand in the order of the columns.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

import polars as pl
from polars.datatypes import DataType, DataTypeClass

UTC_MICROSECONDS: Final = pl.Datetime("us", "UTC")


class RecordRow(NamedTuple):
    """One raw record, with what its reader found (data-model.md, raw_records)."""

    raw_path: str
    record_no: int
    raw_format: str
    offset: int | None
    length: int | None
    warc_record_id: str | None
    record_type: str | None
    refers_to: str | None
    url: str | None
    urlkey: str | None
    recorded_at: datetime | None
    recorded_source: str | None
    recorded_precision: str | None
    http_status: int | None
    media_type: str | None
    sha256: str | None
    payload_digest: str | None
    outcome: str
    reason: str | None
    detail: str | None
    page_no: int | None


class PageRow(NamedTuple):
    """One page as a candidate capture: the columns of `captures` and what ranks it among its duplicates."""

    page_no: int
    raw_path: str
    record_no: int
    has_links: bool
    capture_id: str
    url: str | None
    urlkey: str | None
    captured_at: datetime | None
    captured_at_source: str | None
    captured_at_precision: str | None
    archive: str | None
    memento_url: str | None
    page_date: date | None
    moscow_clock: str | None
    london_clock: str | None
    clock_check: str | None
    page_kind: str
    layout: str | None
    section: str | None
    language: str | None
    text_sha256: str
    n_lines: int
    n_unplaced_lines: int
    n_teasers: int | None
    n_counters: int
    is_truncated: bool
    teasers_observable: bool


class TeaserRow(NamedTuple):
    """One printed teaser; its wording stands once in the slice's `forms`."""

    page_no: int
    position: int
    line_no: int
    form_id: str
    href_urlkey: str | None
    is_cut: bool


class FormRow(NamedTuple):
    """One distinct teaser wording."""

    form_id: str
    published_on: date | None
    title: str | None
    teaser: str | None


class ArticleRow(NamedTuple):
    """One printed article; its body stands once in the slice's `bodies`."""

    page_no: int
    body_sha256: str | None
    title: str | None
    published_on: date | None
    section: str | None
    is_truncated: bool
    n_paragraphs: int


class BodyRow(NamedTuple):
    """One distinct body text."""

    body_sha256: str
    body: str
    language: str | None


class CounterRow(NamedTuple):
    """One counter of a page (data-model.md, counter_observations)."""

    page_no: int
    position: int
    counter: str
    label: str
    days: int
    claim: str | None
    observed_on: date | None
    start_on: date | None
    raw_text: str


class LineRow(NamedTuple):
    """One line the parser could not place."""

    page_no: int
    line_no: int
    text: str


class BrokenRow(NamedTuple):
    """One row read off a page that broke a rule (data-model.md, quarantine)."""

    page_no: int
    table: str
    row_key: str
    column: str | None
    rule: str
    row: str


ROWS: Final[Mapping[str, type[tuple[object, ...]]]] = {
    "records": RecordRow,
    "pages": PageRow,
    "teasers": TeaserRow,
    "forms": FormRow,
    "articles": ArticleRow,
    "bodies": BodyRow,
    "counters": CounterRow,
    "lines": LineRow,
    "broken": BrokenRow,
}
"""The tables of a slice by name."""

_TYPES: Final[Mapping[object, DataType | DataTypeClass]] = {
    str: pl.String,
    bool: pl.Boolean,
    int: pl.Int32,
    date: pl.Date,
    datetime: UTC_MICROSECONDS,
}
_LONG: Final = frozenset({"offset", "length"})


def row_schema(row_type: type[tuple[object, ...]]) -> dict[str, DataType | DataTypeClass]:
    """Polars types of a row type, read off its annotations."""
    columns: dict[str, DataType | DataTypeClass] = {}
    for name, annotation in row_type.__annotations__.items():
        plain = next((part for part in getattr(annotation, "__args__", ()) if part is not type(None)), annotation)
        columns[name] = pl.Int64 if name in _LONG else _TYPES[plain]
    return columns


def to_frame(table: str, rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Rows of a slice table as a frame."""
    return columns_frame(row_schema(ROWS[table]), rows)


def columns_frame(schema: Mapping[str, DataType | DataTypeClass], rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Rows as a frame, made column by column: ten times quicker than `pl.DataFrame(rows, orient="row")`."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pl.DataFrame(
        [pl.Series(name, values, dtype) for (name, dtype), values in zip(schema.items(), columns, strict=True)]
    )
