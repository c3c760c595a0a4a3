"""A folder: all of a release or none of it, and never another one under the same name."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.publish.targets.contract import PublishError
from pipeline.publish.targets.folder import FolderTarget
from pipeline.publish.targets.run import publish
from pipeline.publish.targets.source import Release, ReleaseFile, open_release
from tests.publish.targets.conftest import Hours
from tests.publish.targets.releases import write_release


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_arrives_is_what_was_sent_and_latest_points_at_it(tmp_path: Path, release: Release, hours: Hours) -> None:
    done = publish(release, FolderTarget(tmp_path / "share"), hours.retry(), hours.said.append)
    assert files_of(tmp_path / "share" / "1.0.0") == files_of(release.folder)
    assert (tmp_path / "share" / "latest").readlink() == Path("1.0.0")
    assert done.n_files == 8
    assert sorted(path.name for path in (tmp_path / "share").iterdir()) == ["1.0.0", "latest"]


def test_nothing_is_visible_before_every_file_was_read_again(tmp_path: Path, release: Release, hours: Hours) -> None:
    share = tmp_path / "share"

    class Watched(FolderTarget):
        def fetch(self, copy: ReleaseFile) -> Iterator[bytes]:
            seen.append(sorted(path.name for path in share.iterdir() if not path.name.startswith(".")))
            return super().fetch(copy)

    seen: list[list[str]] = []
    publish(release, Watched(share), hours.retry(), hours.said.append)
    assert seen[:8] == [[]] * 8
    assert seen[8:] == [["1.0.0", "latest"]] * 8


def test_a_copy_with_other_bytes_is_made_again(tmp_path: Path, release: Release, hours: Hours) -> None:
    class Careless(FolderTarget):
        def stage(self, release: Release) -> None:
            super().stage(release)
            if not spoilt:
                spoilt.append(tmp_path / "share" / ".1.0.0.partial" / "README.md")
                spoilt[0].write_bytes(b"other")

    spoilt: list[Path] = []
    publish(release, Careless(tmp_path / "share"), hours.retry(), hours.said.append)
    assert files_of(tmp_path / "share" / "1.0.0") == files_of(release.folder)


def test_a_copy_that_is_wrong_twice_is_never_shown(tmp_path: Path, release: Release, hours: Hours) -> None:
    class Broken(FolderTarget):
        def stage(self, release: Release) -> None:
            super().stage(release)
            (tmp_path / "share" / ".1.0.0.partial" / "README.md").write_bytes(b"other")

    with pytest.raises(PublishError, match=r"README.md: what comes back differs .*, twice\. Readers see nothing of it"):
        publish(release, Broken(tmp_path / "share"), hours.retry(), hours.said.append)
    assert [path.name for path in (tmp_path / "share").iterdir()] == [".1.0.0.partial"]


def test_the_next_run_goes_on_from_a_broken_one(tmp_path: Path, release: Release, hours: Hours) -> None:
    partial = tmp_path / "share" / ".1.0.0.partial"
    shutil.copytree(release.folder, partial)
    (partial / "SHA256SUMS").unlink()
    (partial / "README.md").write_bytes(b"hal")
    (partial / "of-another-day").write_bytes(b"")
    kept = (partial / "tables" / "events.parquet").stat().st_ino
    target = FolderTarget(tmp_path / "share")
    assert target.plan(release)[0].startswith("copy 2 of 8 files (")
    publish(release, target, hours.retry(), hours.said.append)
    final = tmp_path / "share" / "1.0.0"
    assert files_of(final) == files_of(release.folder)
    assert (final / "tables" / "events.parquet").stat().st_ino == kept


def test_publishing_twice_changes_nothing(tmp_path: Path, release: Release, hours: Hours) -> None:
    for _ in range(2):
        publish(release, FolderTarget(tmp_path / "share"), hours.retry(), hours.said.append)
    assert files_of(tmp_path / "share" / "1.0.0") == files_of(release.folder)


def test_a_published_version_is_never_written_over(tmp_path: Path, release: Release, hours: Hours) -> None:
    publish(release, FolderTarget(tmp_path / "share"), hours.retry(), hours.said.append)
    other = open_release(write_release(tmp_path / "elsewhere", events="others"))
    with pytest.raises(PublishError, match="a published version never changes"):
        publish(other, FolderTarget(tmp_path / "share"), hours.retry(), hours.said.append)
    assert files_of(tmp_path / "share" / "1.0.0") == files_of(release.folder)


def test_latest_never_goes_back(tmp_path: Path, release: Release, next_release: Release, hours: Hours) -> None:
    for one in (next_release, release):
        publish(one, FolderTarget(tmp_path / "share"), hours.retry(), hours.said.append)
    assert (tmp_path / "share" / "latest").readlink() == Path("1.1.0")


def test_a_plan_changes_nothing(tmp_path: Path, release: Release) -> None:
    plan = FolderTarget(tmp_path / "share").plan(release)
    assert not (tmp_path / "share").exists()
    assert plan[1:] == [f"rename it to {tmp_path}/share/1.0.0.", f"point {tmp_path}/share/latest at 1.0.0."]
