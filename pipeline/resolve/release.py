"""What a build takes over from the release before it: published ids by form, and redirects."""

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pipeline.resolve.ids import article_register, empty_redirects, empty_register, event_register
from schemas.render import empty_frame

UNRELEASED: Final = "unreleased"
"""Stands for the release under way while ids are compared; published as null, and filled in by `release`."""

NEEDED: Final = (
    "event_forms",
    "article_forms",
    "event_article_links",
    "article_versions",
    "id_redirects",
)
"""Tables of a release that a build reads."""


@dataclass(frozen=True, slots=True)
class Register:
    """Published ids."""

    events: pl.DataFrame = field(default_factory=empty_register)
    articles: pl.DataFrame = field(default_factory=empty_register)
    versions: pl.DataFrame = field(
        default_factory=lambda: empty_frame("article_versions").select("version_id", "article_id", "body")
    )
    redirects: pl.DataFrame = field(default_factory=empty_redirects)

    @classmethod
    def of(cls, tables: dict[str, pl.DataFrame]) -> "Register":
        """The register of a release from its tables (`NEEDED`); an edition without texts has no bodies."""
        versions = tables["article_versions"]
        if "body" not in versions.columns:
            versions = versions.with_columns(body=pl.lit(None, dtype=pl.String))
        return cls(
            events=event_register(tables["event_forms"], tables["article_forms"], tables["event_article_links"]),
            articles=article_register(tables["article_forms"]),
            versions=versions.select("version_id", "article_id", "body"),
            redirects=tables["id_redirects"],
        )


def as_published(since: pl.Expr) -> pl.Expr:
    """`since_release` as a table shows it: null until the build is released."""
    return pl.when(since != UNRELEASED).then(since)
