"""What became of published versions that no capture shows any more: the version that goes on with their words, or none.

A version vanishes where its only capture was cut and a whole one has turned up since (its words go on in the new
version), or where the dump that showed it is gone. Its id is never handed to other words (`versions`).
"""

from collections.abc import Mapping

import polars as pl

from pipeline.resolve.ids import REDIRECTS, VERSION, resolve_id
from pipeline.resolve.printed import PrintedBodies, pieces_with_bodies
from pipeline.resolve.words import normal_texts


def redirect_versions(
    previous: pl.DataFrame,
    versions: pl.DataFrame,
    redirects: pl.DataFrame,
    articles: pl.DataFrame,
    release: str,
    bodies: PrintedBodies,
) -> pl.DataFrame:
    """The rows of `id_redirects` for versions, those of earlier releases included.

    Args:
        previous: version_id, article_id, body of the previous release's versions.
        versions: `versions.VERSIONS` of this build.
        redirects: `id_redirects` of the previous release.
        articles: old_id, new_id of articles, this build's.
        release: since_release of new redirects.
        bodies: the bodies of this build's versions.
    """
    live = set(versions["version_id"])
    earlier = redirects.filter(pl.col("old_id").str.starts_with(VERSION) & ~pl.col("old_id").is_in(list(live)))
    targets: dict[str, tuple[str | None, str]] = {
        old: (new, since) for old, new, _, since in earlier.select(REDIRECTS.keys()).iter_rows()
    }
    gone = previous.filter(~pl.col("version_id").is_in(list(live)))
    moved = dict(articles.select("old_id", "new_id").iter_rows())
    targets |= {old: (new, release) for old, new in _continued(gone, versions, moved, bodies).items()}
    plain = {old: new for old, (new, _) in targets.items()}
    rows = []
    for old, (_, since) in sorted(targets.items()):
        end = resolve_id(old, plain)
        new = end if end in live else None
        rows.append((old, new, "withdrawn" if new is None else "merged", since))
    return pl.DataFrame(rows, schema=REDIRECTS, orient="row")


def _continued(
    gone: pl.DataFrame, versions: pl.DataFrame, moved: Mapping[str, str | None], bodies: PrintedBodies
) -> dict[str, str | None]:
    """For each vanished version the earliest version of its article that begins with its words, null for none."""
    if gone.is_empty():
        return {}
    homes = {article: resolve_id(article, moved) for article in gone["article_id"].unique().sort()}
    words = normal_texts(pl.col("body").fill_null(""))
    candidates: dict[str, list[tuple[str, str]]] = {}
    near = versions.filter(pl.col("article_id").is_in([home for home in homes.values() if home is not None]))
    for piece in pieces_with_bodies(near.sort("article_id", "version"), bodies):
        for article, version, body in piece.select("article_id", "version_id", words).iter_rows():
            candidates.setdefault(article, []).append((version, body))
    found: dict[str, str | None] = {}
    for version, article, body in gone.select("version_id", "article_id", words).iter_rows():
        home = homes[article]
        going_on = (name for name, text in candidates.get(home or "", ()) if body and text.startswith(body))
        found[version] = next(going_on, None)
    return found
