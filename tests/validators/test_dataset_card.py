"""`datasets.load_dataset` loads every config of the folder offline, with the features the card declares."""

import json
from pathlib import Path

import pytest
import yaml

datasets = pytest.importorskip("datasets", reason="runs in its own environment: make test-validators")


def front_matter(release: Path) -> dict[str, list[dict[str, object]]]:
    content: dict[str, list[dict[str, object]]] = yaml.safe_load((release / "README.md").read_text().split("---\n")[1])
    return content


def test_every_config_loads_with_its_declared_features(release: Path, tmp_path: Path) -> None:
    rows = {file["name"]: file["rows"] for file in json.loads((release / "manifest.json").read_text())["files"]}
    declared = {info["config_name"]: info["features"] for info in front_matter(release)["dataset_info"]}
    configs = datasets.get_dataset_config_names(str(release))
    assert configs == [name for name in rows if not name.endswith("_csv") and rows[name]]
    for config in configs:
        loaded = datasets.load_dataset(str(release), config, split="train", cache_dir=str(tmp_path))
        assert loaded.num_rows == rows[config]
        features = [{"name": name, "dtype": feature.dtype} for name, feature in loaded.features.items()]
        assert features == declared[config]


def test_the_default_config_is_articles(release: Path, tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(release), split="train", cache_dir=str(tmp_path))
    assert loaded.column_names[0] == "article_id"


def test_a_card_that_declares_another_type_does_not_load(copy: Path, tmp_path: Path) -> None:
    card = (copy / "README.md").read_text()
    assert "name: is_truncated\n    dtype: bool" in card
    (copy / "README.md").write_text(
        card.replace("name: is_truncated\n    dtype: bool", "name: is_cut\n    dtype: bool")
    )
    with pytest.raises(datasets.exceptions.DatasetGenerationError):
        datasets.load_dataset(str(copy), "articles", split="train", cache_dir=str(tmp_path))


def test_a_card_that_counts_other_rows_does_not_load(copy: Path, tmp_path: Path) -> None:
    front = front_matter(copy)
    body = (copy / "README.md").read_text().split("---\n", 2)[2]
    (info,) = [info for info in front["dataset_info"] if info["config_name"] == "events"]
    info["splits"] = [{"name": "train", "num_bytes": 1, "num_examples": 1}]
    (copy / "README.md").write_text(f"---\n{yaml.safe_dump(front)}---\n{body}")
    with pytest.raises(datasets.exceptions.NonMatchingSplitsSizesError):
        datasets.load_dataset(
            str(copy), "events", split="train", cache_dir=str(tmp_path), verification_mode="all_checks"
        )
