"""What every table states about itself."""

import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import schemas
from pipeline.check.agreements import QUERIES
from schemas.names import READ_OFF_A_PAGE, TABLE_NAMES
from schemas.registry import OBSERVED, TABLES
from schemas.rules import AGREEMENTS, table_rules
from schemas.table import Table

ROOT = Path(__file__).resolve().parents[2]
EVERY_TABLE = [*TABLES.values(), *(table for name, table in OBSERVED.items() if table is not TABLES[name])]

CONTRACT = {
    "articles": "article_id event_id url urlkey section title first_title published_on published_on_source body "
    "language n_words first_captured_at last_captured_at n_captures n_versions is_truncated source_capture_id",
    "events": "event_id known_from published_on published_on_source title first_title teaser section category speaker "
    "speaker_role place title_date title_date_kind countries article_id first_captured_at last_captured_at n_captures "
    "n_observations n_forms source_capture_id",
    "event_speakers": "event_id position name role",
    "event_countries": "event_id country",
    "counter_observations": "capture_id position counter label days claim observed_on start_on is_consistent raw_text",
    "captures": "capture_id url urlkey captured_at captured_on captured_at_source captured_at_precision archive "
    "memento_url lookup_url page_date moscow_clock london_clock clock_check page_kind layout section language "
    "text_sha256 n_lines n_unplaced_lines n_teasers n_counters is_truncated teasers_observable",
    "teaser_observations": "capture_id position form_id event_id href_urlkey line_no is_repeat",
    "event_forms": "form_id event_id published_on title teaser match similarity n_observations first_captured_at "
    "last_captured_at is_seed since_release",
    "event_match_decisions": "form_id_a form_id_b same reason title_similarity text_similarity",
    "event_article_links": "article_id event_id method similarity capture_id",
    "article_observations": "capture_id article_id version_id title published_on section is_truncated n_paragraphs",
    "article_versions": "version_id article_id version title body body_sha256 first_captured_at last_captured_at "
    "n_captures n_words_added n_words_removed words_added words_removed source_capture_id",
    "article_forms": "form_id article_id urlkey title published_on is_seed since_release",
    "statements": "article_id position version_id role speaker addressed_to note text",
    "counters": "counter label start_on first_observed_on last_observed_on n_observations n_inconsistent",
    "coverage": "section from_on to_on status capture_id_before capture_id_after",
    "quality_measures": "measure value n how",
    "raw_records": "raw_path record_no raw_format offset length warc_record_id record_type refers_to url recorded_at "
    "http_status media_type sha256 payload_digest status reason capture_id",
    "unplaced_lines": "capture_id line_no text",
    "quarantine": "quarantine_no table row_key column rule row capture_id",
    "id_redirects": "old_id new_id reason since_release",
}
"""Columns as readers were promised them; a rename must fail here."""

KEYS = {
    "articles": "article_id",
    "events": "event_id",
    "event_speakers": "event_id position",
    "event_countries": "event_id country",
    "counter_observations": "capture_id position",
    "captures": "capture_id",
    "teaser_observations": "capture_id position",
    "event_forms": "form_id",
    "event_match_decisions": "form_id_a form_id_b",
    "event_article_links": "article_id",
    "article_observations": "capture_id",
    "article_versions": "version_id",
    "article_forms": "form_id",
    "statements": "article_id position",
    "counters": "counter",
    "coverage": "section from_on",
    "quality_measures": "measure",
    "raw_records": "raw_path record_no",
    "unplaced_lines": "capture_id line_no",
    "quarantine": "quarantine_no",
    "id_redirects": "old_id",
}


def _name(table: Table) -> str:
    return f"{table.name}-{table.model.__name__}"


def test_the_tables_are_the_promised_ones_in_the_promised_columns() -> None:
    assert {name: " ".join(column.name for column in table.columns) for name, table in TABLES.items()} == CONTRACT


def test_the_keys_are_the_promised_ones() -> None:
    assert {name: " ".join(table.key) for name, table in TABLES.items()} == KEYS


def test_tables_stand_in_the_order_of_their_names_and_under_them() -> None:
    assert tuple(TABLES) == TABLE_NAMES
    assert all(table.name == name for name, table in TABLES.items())
    assert set(OBSERVED) == set(READ_OFF_A_PAGE)


def test_the_headline_tables_are_the_three_a_reader_starts_with() -> None:
    assert [name for name, table in TABLES.items() if table.is_headline] == [
        "articles",
        "events",
        "counter_observations",
    ]


@pytest.mark.parametrize("table", EVERY_TABLE, ids=_name)
def test_every_column_is_described_and_says_what_null_means(table: Table) -> None:
    for column in table.columns:
        assert column.title, column.name
        assert column.description.endswith("."), column.name
        assert re.match(r"(https://schema\.org/|http://purl\.org/dc/terms/)[a-zA-Z0-9]+$", column.iri), column.name
        if column.nullable:
            assert re.search(r"\b[Nn]ull\b", column.description), f"{table.name}.{column.name} may be null: what then?"


@pytest.mark.parametrize("table", EVERY_TABLE, ids=_name)
def test_keys_are_columns_that_are_never_null(table: Table) -> None:
    nullable = {column.name: column.nullable for column in table.columns}
    assert [nullable[name] for name in table.key] == [False] * len(table.key)


@pytest.mark.parametrize("table", EVERY_TABLE, ids=_name)
def test_foreign_keys_lead_to_the_key_of_a_table_of_the_same_type(table: Table) -> None:
    types = {column.name: column.dtype for column in table.columns}
    for reference in table.foreign_keys:
        target = TABLES[reference.table]
        assert target.key == (reference.target,)
        assert {column.name: column.dtype for column in target.columns}[reference.target] == types[reference.column]


@pytest.mark.parametrize("table", EVERY_TABLE, ids=_name)
def test_columns_are_of_plain_flat_types(table: Table) -> None:
    flat = {pl.String, pl.Boolean, pl.Int32, pl.Int64, pl.Float64, pl.Date, pl.Datetime("us", "UTC")}
    assert {column.dtype for column in table.columns} <= flat


@pytest.mark.parametrize("table", EVERY_TABLE, ids=_name)
def test_no_model_asks_for_uniqueness_of_a_part(table: Table) -> None:
    assert not any(column.unique for column in table.schema.columns.values())
    assert table.schema.unique is None


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_rules_have_names_of_their_own_and_a_sentence(name: str) -> None:
    rules = table_rules(name)
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", rule.name)
        assert rule.description[-1] in ".…"


def test_a_date_in_a_title_after_publication_is_the_only_warning() -> None:
    warnings = [
        (rule.table, rule.name) for name in TABLE_NAMES for rule in table_rules(name) if rule.severity != "error"
    ]
    assert warnings == [("events", "title_date_not_after_publication")]


def test_every_agreement_that_is_stated_is_computed_and_no_other() -> None:
    assert {(rule.table, rule.name) for rule in AGREEMENTS} == set(QUERIES)


def test_names_are_known_without_loading_pandera() -> None:
    code = "import sys, schemas.names; sys.exit('pandera' in sys.modules or 'polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_package_hands_out_its_tables_and_nothing_unknown() -> None:
    assert schemas.TABLES is TABLES
    with pytest.raises(AttributeError, match="no attribute 'TABELS'"):
        schemas.TABELS  # noqa: B018
