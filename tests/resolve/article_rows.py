"""Invented texts of articles for the tests of clusters, versions and links."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from pipeline.resolve.articles import cluster_articles
from pipeline.resolve.printed import with_bodies
from pipeline.resolve.signatures import TEXTS
from pipeline.urls import urlkey

START = datetime(2019, 11, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Held:
    """Bodies that memory holds."""

    rows: pl.DataFrame
    """body_sha256, body; a body any number of times."""

    @property
    def languages(self) -> pl.DataFrame:
        return self.rows.select("body_sha256", language=pl.lit(None, dtype=pl.String)).unique()

    def of(self, digests: pl.Series) -> pl.DataFrame:
        wanted = digests.unique().to_frame("body_sha256")
        return self.rows.select("body_sha256", "body").unique().join(wanted, on="body_sha256", how="semi")

    def only(self, digests: pl.Series) -> "Held":
        return Held(self.rows.join(digests.unique().to_frame("body_sha256"), on="body_sha256", how="semi"))

    def by_row(self, digests: pl.Series) -> "HeldRows":
        return HeldRows(with_bodies(digests.to_frame("body_sha256"), self)["body"])


@dataclass(frozen=True)
class HeldRows:
    """Bodies by row."""

    bodies: pl.Series

    def read(self, start: int, n_rows: int) -> pl.Series:
        return self.bodies.slice(start, n_rows)


def digest_of(body: str) -> str:
    """The digest by which a body is found."""
    return hashlib.sha256(body.encode()).hexdigest()


def by_digest(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that hold bodies with the digests of these."""
    return rows.with_columns(body_sha256=pl.col("body").map_elements(digest_of, return_dtype=pl.String))


def captured_texts(captured: pl.DataFrame, urlkeys: Iterable[str | None]) -> pl.DataFrame:
    """Articles of a simulated crawl as texts of one capture each: columns `TEXTS`, item_id, body.

    Args:
        captured: what `tests.simulation.frames.article_texts` gives.
        urlkeys: the address of each, null where the form of the dump keeps none.
    """
    named = by_digest(captured).with_columns(
        urlkey=pl.Series(list(urlkeys), dtype=pl.String),
        text_id=pl.format("t{}", "capture"),
        n_captures=pl.lit(1, dtype=pl.Int64),
        first_captured_at="captured_at",
        last_captured_at="captured_at",
        source_capture_id=pl.format("c{}", "capture"),
    )
    return named.select(*TEXTS.keys(), "item_id", "body")


def speech(subject: str, n_sentences: int = 30) -> str:
    """A long body whose sentences are all of its own subject."""
    return "\n\n".join(
        f"Our {subject} partners raised {subject} point {number} of the {subject} plan; {subject} or not, we agreed."
        for number in range(n_sentences)
    )


def text(
    name: str,
    *,
    url: str | None = None,
    title: str | None = "Statement of the Embassy",
    on: date | None = None,
    body: str = "",
    cut: bool = False,
    day: int = 0,
    last_day: int | None = None,
) -> dict[str, object]:
    """A row of the distinct texts; `day` counts from 10 November 2019."""
    return {
        "text_id": name,
        "urlkey": None if url is None else urlkey(f"https://www.rusemb.org.uk/{url}"),
        "title": title,
        "published_on": on,
        "section": None,
        "body": body,
        "body_sha256": digest_of(body),
        "is_truncated": cut,
        "n_captures": 1,
        "first_captured_at": START + timedelta(days=day),
        "last_captured_at": START + timedelta(days=day if last_day is None else last_day),
        "source_capture_id": "c" + hashlib.sha256(name.encode()).hexdigest()[:16],
    }


def frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """The rows as a frame."""
    return pl.DataFrame(list(rows), schema=TEXTS)


def held(rows: Iterable[dict[str, object]]) -> Held:
    """The bodies of the rows."""
    return Held(pl.DataFrame(list(rows), schema={"body_sha256": pl.String, "body": pl.String}))


def clusters_of(*rows: dict[str, object]) -> list[set[str]]:
    """The names of the texts, cluster by cluster."""
    members = cluster_articles(frame(rows), held(rows)).members
    groups = members.group_by("cluster_id").agg("text_id").get_column("text_id").to_list()
    return sorted((set(group) for group in groups), key=sorted)
