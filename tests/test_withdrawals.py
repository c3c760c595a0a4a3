"""A withdrawn item leaves every table of a build, and its ids lead to nothing."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.build import build
from pipeline.errors import ChanceryError
from pipeline.progress import Silent
from pipeline.request import BuildRequest
from schemas.names import TABLE_NAMES


def tables_of(outputs: Path) -> dict[str, pl.DataFrame]:
    return {name: pl.read_parquet(outputs / "tables" / f"{name}.parquet") for name in TABLE_NAMES}


def says(tables: dict[str, pl.DataFrame], words: str) -> set[str]:
    """Tables any text of which holds the words."""
    return {
        name
        for name, frame in tables.items()
        if frame.select(
            pl.any_horizontal(pl.col(pl.String).str.contains(words, literal=True).fill_null(value=False)).any()
        )
        .to_series()
        .any()
    }


def test_a_withdrawn_article_leaves_no_word_and_its_ids_lead_to_nothing(raw: Path, tmp_path: Path) -> None:
    build(BuildRequest(raw=(raw,), outputs=tmp_path), Silent())
    before = tables_of(tmp_path)
    article = before["articles"].row(by_predicate=pl.col("title").str.contains("Burundi"), named=True)
    assert says(before, "Nibigira") >= {"articles", "events", "event_forms", "article_versions", "statements"}
    listed = tmp_path / "withdrawals.toml"
    listed.write_text(
        f'[[withdrawal]]\nid = "{article["article_id"]}"\nreason = "asked for"\nrequested_on = 2026-11-01\n',
        encoding="utf-8",
    )
    build(BuildRequest(raw=(raw,), outputs=tmp_path, withdrawals=listed), Silent())
    after = tables_of(tmp_path)
    assert says(after, "Nibigira") == set()
    assert after["id_redirects"].filter(pl.col("new_id").is_null())["old_id"].to_list() == sorted(
        [article["article_id"], article["event_id"]]
    )
    assert after["captures"].height == 2
    assert after["events"].height == before["events"].height - 1


def test_an_id_nobody_published_is_one_sentence(raw: Path, tmp_path: Path) -> None:
    listed = tmp_path / "withdrawals.toml"
    listed.write_text(
        '[[withdrawal]]\nid = "e0000000000000000"\nreason = "typo"\nrequested_on = 2026-11-01\n', encoding="utf-8"
    )
    with pytest.raises(ChanceryError, match="e0000000000000000"):
        build(BuildRequest(raw=(raw,), outputs=tmp_path, withdrawals=listed), Silent())
    assert not list((tmp_path / "tables").iterdir())
