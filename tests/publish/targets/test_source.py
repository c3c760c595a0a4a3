"""What may be published: a folder that is exactly what its SHA256SUMS says."""

from pathlib import Path

import pytest

from pipeline.errors import ChanceryError
from pipeline.publish.targets.source import SUMS, open_release, version_order
from tests.publish.targets.releases import write_release


def test_files_come_sorted_and_the_sums_last(tmp_path: Path) -> None:
    release = open_release(write_release(tmp_path, "1.2.0"))
    names = [file.name for file in release.files]
    assert names[-1] == SUMS
    assert names[:-1] == sorted(names[:-1])
    assert len(names) == 8
    assert (release.version, release.label, release.latest) == ("1.2.0", "1.2.0", "latest")


def test_an_edition_has_a_label_and_a_pointer_of_its_own(tmp_path: Path) -> None:
    release = open_release(write_release(tmp_path, "1.2.0", "no-text"))
    assert (release.version, release.label, release.latest) == ("1.2.0", "1.2.0-no-text", "latest-no-text")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("README.md", b"changed", "differ from their sum in SHA256SUMS: README.md"),
        ("README.md", None, "lacks files that SHA256SUMS lists: README.md"),
        ("notes.txt", b"more", "does not list: notes.txt"),
        (SUMS, None, "it has no SHA256SUMS"),
        (SUMS, b"no sum\n", "a line that is no checksum"),
        (SUMS, b"0" * 64 + b"  ../secret\n", "outside the release"),
        (SUMS, b"0" * 64 + b"  /etc/hosts\n", "outside the release"),
    ],
)
def test_a_folder_that_differs_from_its_sums_is_refused(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    folder = write_release(tmp_path)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ChanceryError, match=reason):
        open_release(folder)


@pytest.mark.parametrize("version", ["", "1.2", "01.2.3", "1.2.3x", "latest"])
def test_a_version_that_is_none_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(ChanceryError, match="no version of the form"):
        open_release(write_release(tmp_path, version))


def test_versions_sort_by_number_not_by_letter() -> None:
    assert version_order("1.10.0") > version_order("1.9.9")
    assert version_order("1.10.0-no-text") == version_order("1.10.0")
    assert version_order("anything") < version_order("0.0.0")
