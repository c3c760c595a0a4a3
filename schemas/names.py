"""The tables by name, in the order every list of them keeps; importing this module costs nothing.

The one decision made here is that order: what most readers load first, then what it rests on, then the ledger.
"""

TABLE_NAMES: tuple[str, ...] = (
    "articles",
    "events",
    "event_speakers",
    "event_countries",
    "counter_observations",
    "captures",
    "teaser_observations",
    "event_forms",
    "event_match_decisions",
    "event_article_links",
    "article_observations",
    "article_versions",
    "article_forms",
    "statements",
    "counters",
    "coverage",
    "quality_measures",
    "raw_records",
    "unplaced_lines",
    "quarantine",
    "id_redirects",
)
"""Module `schemas.<name>` states the table; `<name>.parquet` holds it; `<name>` is its asset."""

READ_OFF_A_PAGE: tuple[str, ...] = (
    "captures",
    "counter_observations",
    "teaser_observations",
    "article_observations",
    "unplaced_lines",
)
"""The only tables whose rows can be quarantined; every other table is derived, and a broken rule there is a bug."""
