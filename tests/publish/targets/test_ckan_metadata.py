"""What a data package says, in CKAN's words; the portal itself is tested by tests/portals."""

import json
from pathlib import Path

from pipeline.publish.targets.ckan_metadata import dataset_fields, resource_fields
from pipeline.publish.targets.source import Release, open_release
from tests.publish.targets.releases import TITLE, write_release


def test_a_dataset_has_the_packages_title_version_and_keywords(release: Release) -> None:
    fields = dataset_fields(release)
    assert (fields["title"], fields["version"], fields["author"]) == (TITLE, "1.0.0", "Colonel Sapt")
    assert fields["tags"] == [{"name": "embassy"}, {"name": "web archives"}]
    assert fields["license_id"] == "other-closed", "the texts of others are under no open licence"


def test_an_edition_is_named_in_the_version(tmp_path: Path) -> None:
    fields = dataset_fields(open_release(write_release(tmp_path, edition="no-text")))
    assert (fields["version"], fields["extras"]) == ("1.0.0-no-text", [{"key": "edition", "value": "no-text"}])


def test_a_table_has_its_format_hash_and_data_dictionary(release: Release) -> None:
    file = next(file for file in release.files if file.name == "tables/events.parquet")
    fields = resource_fields(release, file)
    assert (fields["name"], fields["title"], fields["format"]) == ("tables/events.parquet", "Events", "Parquet")
    assert (fields["hash"], fields["size"]) == (file.sha256, file.size)
    assert [field["name"] for field in json.loads(fields["schema"])["fields"]] == [
        "event_id",
        "title",
        "n_observations",
    ]


def test_a_file_that_is_no_table_has_no_data_dictionary(release: Release) -> None:
    assert "schema" not in resource_fields(release, release.files[-1])
