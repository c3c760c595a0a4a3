"""From the texts of an article to its versions, and what changed from one to the next.

The decision made here: a version is what title and body say, word for word. Another printing of the same words, a text
without the title, and a text that breaks off where one version goes on are that version; a text that breaks off where
several go on is none.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, TypeAlias

import polars as pl

from pipeline.resolve.ids import VERSION, hash_parts, resolve_id
from pipeline.resolve.words import normal_text, word_changes

Row: TypeAlias = dict[str, Any]

VERSIONS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "version_id": pl.String,
    "article_id": pl.String,
    "version": pl.Int32,
    "title": pl.String,
    "body": pl.String,
    "body_sha256": pl.String,
    "first_captured_at": pl.Datetime("us", "UTC"),
    "last_captured_at": pl.Datetime("us", "UTC"),
    "n_captures": pl.Int64,
    "n_words_added": pl.Int64,
    "n_words_removed": pl.Int64,
    "words_added": pl.String,
    "words_removed": pl.String,
    "source_capture_id": pl.String,
}
"""Columns of `article_versions`."""

_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of all articles."""

    texts: pl.DataFrame
    """text_id, article_id, version_id (null for a truncated text that shows no one version); one row per text."""
    versions: pl.DataFrame
    """Rows of `article_versions`."""
    articles: pl.DataFrame
    """article_id, newest_version_id, is_truncated (no capture shows the article whole); one row per article."""


@dataclass(slots=True)
class _Version:
    """One version in the making."""

    title: str | None
    """Normal text; null where no capture of it shows a title."""
    body_key: str
    texts: list[Row]
    """Texts that show it whole (or as far as the article is known at all), then those that break off."""
    n_whole: int = 0
    name: str = field(default="")

    @property
    def first_at(self) -> datetime:
        return min((text["first_captured_at"] or _LAST for text in self.texts), default=_LAST)

    @property
    def order(self) -> tuple[datetime, str, str]:
        return self.first_at, self.title or "", self.body_key

    def shown(self) -> Row:
        """The text whose printing is published: the first captured one that has the title."""
        whole = self.texts[: self.n_whole]
        return min(whole, key=lambda text: (text["normal_title"] is None, *_by_time(text)))


def find_versions(
    texts: pl.DataFrame,
    members: pl.DataFrame,
    article_ids: pl.DataFrame,
    previous: pl.DataFrame,
    redirects: pl.DataFrame,
) -> Versions:
    """Number the versions of each article.

    A version's id is a hash of its words alone, so it survives new captures and the merging of articles. Where two
    articles say the same words, the one that had the id keeps it (else the one captured first takes it), and the
    other's id also holds its article.

    Args:
        texts: columns `signatures.TEXTS`.
        members: `ArticleClusters.members`.
        article_ids: cluster_id, id (`Assigned.clusters`).
        previous: version_id, article_id of the previous release; empty for the first.
        redirects: old_id, new_id of articles, this build's.
    """
    joined = members.join(article_ids.rename({"id": "article_id"}), on="cluster_id").join(
        texts.drop("section", "urlkey", "published_on"), on="text_id"
    )
    versions: dict[str, list[_Version]] = {}
    for (article,), part in joined.sort("article_id", "text_id").group_by("article_id", maintain_order=True):
        versions[str(article)] = _versions_of(part.rows(named=True))
    _name(versions, previous, redirects)
    rows: list[Row] = []
    shown_by: dict[str, str] = {}
    newest: list[tuple[str, str, bool]] = []
    for article, found in versions.items():
        rows.extend(_rows(article, found))
        shown_by |= {text["text_id"]: version.name for version in found for text in version.texts}
        latest = max(found, key=lambda version: (*_last_at(version.texts), version.order))
        is_truncated = all(text["is_truncated"] for version in found for text in version.texts)
        newest.append((article, latest.name, is_truncated))
    named = pl.DataFrame(list(shown_by.items()), schema={"text_id": pl.String, "version_id": pl.String}, orient="row")
    return Versions(
        texts=joined.select("text_id", "article_id").join(named, on="text_id", how="left").sort("text_id"),
        versions=pl.DataFrame(rows, schema=VERSIONS, orient="row").sort("version_id"),
        articles=pl.DataFrame(
            newest,
            schema={"article_id": pl.String, "newest_version_id": pl.String, "is_truncated": pl.Boolean},
            orient="row",
        ).sort("article_id"),
    )


def _versions_of(texts: Sequence[Row]) -> list[_Version]:
    """The versions of one article in order of their first capture."""
    whole = [text for text in texts if not text["is_truncated"]]
    cut = [text for text in texts if text["is_truncated"]]
    if not whole:
        # nothing is whole: the longest text stands for the article
        whole = [max(cut, key=lambda text: (len(text["body"] or ""), *_by_time(text)))]
        same = {text["text_id"] for text in cut if _is_same(text, whole[0])}
        whole = [text for text in cut if text["text_id"] in same]
        cut = [text for text in cut if text["text_id"] not in same]
    found: dict[tuple[str | None, str], _Version] = {}
    for text in sorted(whole, key=lambda text: (text["normal_title"] is None, *_by_time(text))):
        version = _same_words(found, text)
        version.texts.append(text)
        version.n_whole += 1
    versions = sorted(found.values(), key=lambda version: version.order)
    for text, version in _beginnings(cut, versions):
        version.texts.append(text)
    return sorted(versions, key=lambda version: version.order)


def _is_same(a: Row, b: Row) -> bool:
    return bool(a["body_key"] == b["body_key"] and a["normal_title"] == b["normal_title"])


def _same_words(found: dict[tuple[str | None, str], _Version], text: Row) -> _Version:
    title, body_key = text["normal_title"], text["body_key"]
    if title is None:
        same = [version for version in found.values() if version.body_key == body_key]
        if same:
            return min(same, key=lambda version: version.order)
    return found.setdefault((title, body_key), _Version(title, body_key, []))


def _beginnings(cut: Sequence[Row], versions: Sequence[_Version]) -> list[tuple[Row, _Version]]:
    """The truncated texts that are the beginning of exactly one version, with that version."""
    pairs = []
    whole = [(version, _Body(version.shown()["body"] or "")) for version in versions]
    for text in sorted(cut, key=_by_time):
        beginning = _Body(text["body"] or "")
        fitting = [
            version
            for version, body in whole
            if None in {text["normal_title"], version.title} or text["normal_title"] == version.title
            if body.starts_with(beginning)
        ]
        if len(fitting) == 1:
            pairs.append((text, fitting[0]))
    return pairs


@dataclass(frozen=True)
class _Body:
    """A body as printed; its normal text is made only where the printing does not settle the question."""

    printed: str

    @cached_property
    def normal(self) -> str:
        return normal_text(self.printed)

    def starts_with(self, beginning: "_Body") -> bool:
        return self.printed.startswith(beginning.printed) or self.normal.startswith(beginning.normal)


def _name(versions: Mapping[str, Sequence[_Version]], previous: pl.DataFrame, redirects: pl.DataFrame) -> None:
    """Give each version its id: the hash of its words, with the article added where another article has the same."""
    targets = dict(redirects.select("old_id", "new_id").iter_rows())
    holders = {
        name: resolve_id(article, targets) for name, article in previous.select("version_id", "article_id").iter_rows()
    }
    merged: dict[str, list[str]] = {}
    for old in sorted(targets):
        if (new := resolve_id(old, targets)) is not None:
            merged.setdefault(new, []).append(old)
    claims: dict[str, list[tuple[datetime, str, _Version]]] = {}
    for article, found in versions.items():
        for version in found:
            claims.setdefault(_plain_name(version, article, holders), []).append((version.first_at, article, version))
    for plain, claimants in claims.items():
        claimants.sort(key=lambda claim: claim[:2])
        keeper = _keeper(plain, [article for _, article, _ in claimants], versions, holders)
        for _, article, version in claimants:
            if article == keeper:
                version.name = plain
            else:
                own = [hash_parts(VERSION, [plain, name]) for name in (article, *merged.get(article, ()))]
                version.name = next((name for name in own if holders.get(name) == article), own[0])


def _keeper(
    plain: str, articles: Sequence[str], versions: Mapping[str, object], holders: Mapping[str, str | None]
) -> str | None:
    """The article whose version has the hash of the words as its id: the one that had it, else the first captured."""
    if plain not in holders:
        return articles[0]
    holder = holders[plain]
    if holder in articles:
        return holder
    # an article that was split off took the text along; the text of a withdrawn article hands nothing on
    return articles[0] if holder in versions else None


def _plain_name(version: _Version, article: str, holders: Mapping[str, str | None]) -> str:
    """The hash of the words; a title that turned up later does not change the id of an untitled version."""
    untitled = hash_parts(VERSION, [None, version.body_key])
    titled = hash_parts(VERSION, [version.title, version.body_key])
    return untitled if titled not in holders and holders.get(untitled) == article else titled


def _rows(article: str, versions: Sequence[_Version]) -> list[Row]:
    rows: list[Row] = []
    before: Row | None = None
    for number, version in enumerate(versions, start=1):
        shown = version.shown()
        body = shown["body"] or None
        changes = None if before is None else word_changes(*_comparable(before, shown))
        known = [text for text in version.texts if text["first_captured_at"] is not None]
        rows.append(
            {
                "version_id": version.name,
                "article_id": article,
                "version": number,
                "title": shown["title"],
                "body": body,
                "body_sha256": None if body is None else hashlib.sha256(body.encode()).hexdigest(),
                "first_captured_at": min((text["first_captured_at"] for text in known), default=None),
                "last_captured_at": max((text["last_captured_at"] for text in known), default=None),
                "n_captures": sum(text["n_captures"] for text in version.texts),
                "n_words_added": None if changes is None else changes.n_added,
                "n_words_removed": None if changes is None else changes.n_removed,
                "words_added": None if changes is None else changes.added,
                "words_removed": None if changes is None else changes.removed,
                "source_capture_id": shown["source_capture_id"],
            }
        )
        before = shown
    return rows


def _comparable(older: Row, newer: Row) -> tuple[str, str]:
    """Both texts with their titles, or without where one of them has none."""
    if older["title"] is None or newer["title"] is None:
        return older["body"] or "", newer["body"] or ""
    return f"{older['title']}\n\n{older['body'] or ''}", f"{newer['title']}\n\n{newer['body'] or ''}"


def _by_time(text: Row) -> tuple[datetime, str]:
    return text["first_captured_at"] or _LAST, text["text_id"]


def _last_at(texts: Iterable[Row]) -> tuple[bool, datetime]:
    known = [text["last_captured_at"] for text in texts if text["last_captured_at"] is not None]
    return bool(known), max(known, default=_LAST)
