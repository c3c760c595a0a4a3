"""From the texts of an article to its versions, and what changed from one to the next.

The decision made here: a version is what title and body say, word for word. Another printing of the same words, a text
without the title, and a text that breaks off where one version goes on are that version; a text that breaks off where
several go on is none.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeAlias

import polars as pl

from pipeline.remember import DIGEST, group_digests, remembered_rows
from pipeline.resolve.ids import VERSION, hash_parts, resolve_id
from pipeline.resolve.printed import PrintedBodies, with_bodies
from pipeline.resolve.words import normal_texts, word_changes

Row: TypeAlias = dict[str, Any]

VERSIONS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "version_id": pl.String,
    "article_id": pl.String,
    "version": pl.Int32,
    "title": pl.String,
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
"""Columns of `article_versions`, the body by its digest."""

_AT_ONCE: Final = 4_000
"""Texts that are held together as rows with their bodies, beyond those of one article."""
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of all articles."""

    texts: pl.DataFrame
    """text_id, article_id, version_id (null for a truncated text that shows no one version); one row per text."""
    versions: pl.DataFrame
    """`VERSIONS`, sorted by version_id."""
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
    bodies: PrintedBodies,
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
        bodies: the texts' bodies.
    """
    told = texts.drop("section", "urlkey", "published_on", "title", "body_sha256")
    joined = members.join(article_ids.rename({"id": "article_id"}), on="cluster_id").join(told, on="text_id")
    digests = group_digests(joined.select("article_id", *told.columns), "article_id").join(
        joined.group_by("article_id").agg(n_texts=pl.len()), on="article_id", maintain_order="left"
    )

    def pick(missing: pl.Series) -> tuple[pl.DataFrame, PrintedBodies]:
        part = digests.select("article_id", DIGEST).join(missing.to_frame(), on=DIGEST, how="semi")
        part = joined.join(part, on="article_id").join(texts.select("text_id", "title", "body_sha256"), on="text_id")
        return part, bodies.only(part["body_sha256"])

    made = remembered_rows("article-versions", digests[DIGEST], pick, _results, _AT_ONCE, digests["n_texts"])
    of_article = digests.select("article_id", DIGEST).join(made, on=DIGEST).drop(DIGEST)
    found = (
        of_article.select("article_id", "versions").explode("versions").unnest("versions").sort("article_id", "version")
    )
    names = _name(found, previous, redirects)
    named = found.with_columns(version_id=pl.Series(names, dtype=pl.String))
    shown = texts.select("title", shown_text="text_id")
    newest = of_article.select("article_id", "is_truncated", version="newest").join(
        named.select("article_id", "version", newest_version_id="version_id"), on=["article_id", "version"]
    )
    shown_by = named.select("version_id", text_id="text_ids").explode("text_id")
    return Versions(
        texts=joined.select("text_id", "article_id").join(shown_by, on="text_id", how="left").sort("text_id"),
        versions=named.join(shown, on="shown_text").select(VERSIONS.keys()).sort("version_id"),
        articles=newest.select("article_id", "newest_version_id", "is_truncated").sort("article_id"),
    )


_MADE: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "version": pl.Int32,
    "untitled": pl.String,
    "titled": pl.String,
    "text_ids": pl.List(pl.String),
    "shown_text": pl.String,
    **{name: VERSIONS[name] for name in VERSIONS if name not in {"version_id", "article_id", "version", "title"}},
}
"""One version before it has its id: its number in the article, the ids its words may give, the texts that show it."""

_RESULTS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    DIGEST: pl.String,
    "is_truncated": pl.Boolean,
    "newest": pl.Int32,
    "versions": pl.List(pl.Struct(_MADE)),
}
"""The versions of one article, and which of them is shown."""


def _results(picked: tuple[pl.DataFrame, PrintedBodies]) -> pl.DataFrame:
    """`_RESULTS` of some articles, off all of their texts and the bodies of those."""
    printed = with_bodies(*picked)
    of_cut = printed.filter(pl.col("is_truncated").any().over("article_id"))  # only there are words compared here
    normal = of_cut.select("text_id", normal_body=normal_texts(pl.col("body").fill_null("")))
    printed = printed.join(normal, on="text_id", how="left").sort("article_id", "text_id")
    of_article: dict[str, list[Row]] = {}
    for row in printed.iter_rows(named=True):
        of_article.setdefault(row[DIGEST], []).append(row)
    rows = [_result(digest, _versions_of(rows)) for digest, rows in of_article.items()]
    return pl.DataFrame(rows, schema=_RESULTS, orient="row")


def _result(digest: str, versions: Sequence[_Version]) -> tuple[str, bool, int, list[Row]]:
    newest = max(range(len(versions)), key=lambda at: (*_last_at(versions[at].texts), versions[at].order))
    is_truncated = all(text["is_truncated"] for version in versions for text in version.texts)
    return digest, is_truncated, newest + 1, _rows(versions)


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
    whole = [(version, version.shown()) for version in versions]
    for text in sorted(cut, key=_by_time):
        fitting = [
            version
            for version, shown in whole
            if None in {text["normal_title"], version.title} or text["normal_title"] == version.title
            if _starts_with(shown, text)
        ]
        if len(fitting) == 1:
            pairs.append((text, fitting[0]))
    return pairs


def _starts_with(whole: Row, beginning: Row) -> bool:
    printed = (whole["body"] or "").startswith(beginning["body"] or "")
    return printed or bool(whole["normal_body"].startswith(beginning["normal_body"]))


class _Claim(NamedTuple):
    """A version that needs its id."""

    first_at: datetime
    article: str
    place: int


def _name(versions: pl.DataFrame, previous: pl.DataFrame, redirects: pl.DataFrame) -> list[str]:
    """The id of each version: the hash of its words, with the article added where another article has the same."""
    targets = dict(redirects.select("old_id", "new_id").iter_rows())
    holders = {
        name: resolve_id(article, targets) for name, article in previous.select("version_id", "article_id").iter_rows()
    }
    merged: dict[str, list[str]] = {}
    for old in sorted(targets):
        if (new := resolve_id(old, targets)) is not None:
            merged.setdefault(new, []).append(old)
    claims: dict[str, list[_Claim]] = {}
    rows = versions.select("article_id", "untitled", "titled", "first_captured_at").iter_rows()
    for place, (article, untitled, titled, first_at) in enumerate(rows):
        # a title that turned up later does not change the id of an untitled version
        plain = untitled if titled not in holders and holders.get(untitled) == article else titled
        claims.setdefault(plain, []).append(_Claim(first_at or _LAST, article, place))
    articles = set(versions["article_id"])
    names = [""] * versions.height
    for plain, claimants in claims.items():
        claimants.sort()
        keeper = _keeper(plain, [claim.article for claim in claimants], articles, holders)
        for _, article, place in claimants:
            if article == keeper:
                names[place] = plain
            else:
                own = [hash_parts(VERSION, [plain, name]) for name in (article, *merged.get(article, ()))]
                names[place] = next((name for name in own if holders.get(name) == article), own[0])
    return names


def _keeper(
    plain: str, articles: Sequence[str], live: Collection[str], holders: Mapping[str, str | None]
) -> str | None:
    """The article whose version has the hash of the words as its id: the one that had it, else the first captured."""
    if plain not in holders:
        return articles[0]
    holder = holders[plain]
    if holder in articles:
        return holder
    # an article that was split off took the text along; the text of a withdrawn article hands nothing on
    return articles[0] if holder in live else None


def _rows(versions: Sequence[_Version]) -> list[Row]:
    rows: list[Row] = []
    before: Row | None = None
    for number, version in enumerate(versions, start=1):
        shown = version.shown()
        changes = None if before is None else word_changes(*_comparable(before, shown))
        known = [text for text in version.texts if text["first_captured_at"] is not None]
        first_at = min((text["first_captured_at"] for text in known), default=None)
        rows.append(
            {
                "version": number,
                "untitled": hash_parts(VERSION, [None, version.body_key]),
                "titled": hash_parts(VERSION, [version.title, version.body_key]),
                "text_ids": [text["text_id"] for text in version.texts],
                "shown_text": shown["text_id"],
                "body_sha256": shown["body_sha256"] if shown["body"] else None,  # no text: a version without a body
                "first_captured_at": first_at,
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
