"""A real CKAN: one dataset that every release updates whole, or not at all."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

pytest.importorskip("ckanapi", reason="a real CKAN is started by: make test-portals")

from pipeline.publish.targets.ckan import CkanTarget
from pipeline.publish.targets.contract import Publication, PublishError
from pipeline.publish.targets.run import publish
from pipeline.publish.targets.secrets import Token
from pipeline.publish.targets.source import Release, open_release
from tests.conftest import ROOT
from tests.portals.ckan_server import Ckan, running_ckan
from tests.publish.targets.conftest import Hours
from tests.publish.targets.front import Front
from tests.publish.targets.portal import Fault
from tests.publish.targets.releases import TITLE, write_release

COMMAND = ROOT / ".venv-ckan" / "bin" / "ckan"
if not COMMAND.exists():
    pytest.skip("a real CKAN is started by: make test-portals", allow_module_level=True)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Ckan, Front]]:
    front = Front()
    with front.running(), running_ckan(COMMAND, front.url) as ckan:
        front.behind = ckan.url
        yield ckan, front


class Portal:
    """The portal as one test sees it: a dataset of its own, and a reader without a token."""

    def __init__(self, ckan: Ckan, front: Front, hours: Hours, dataset: str) -> None:
        self.front, self.dataset = front, dataset
        self._ckan, self._hours = ckan, hours

    def target(self) -> CkanTarget:
        retry = self._hours.retry(attempts=3)
        return CkanTarget("embassy-archive", self.dataset, self.front.url, Token(self._ckan.token), retry)

    def send(self, release: Release) -> Publication:
        return publish(release, self.target(), self._hours.retry(attempts=3), self._hours.said.append)

    def seen(self) -> dict[str, Any] | None:
        """The dataset as a reader gets it; None where there is none for readers."""
        answer = requests.get(f"{self._ckan.url}/api/3/action/package_show", {"id": self.dataset}, timeout=60)
        return dict(answer.json()["result"]) if answer.ok else None

    def files_seen(self) -> dict[str, bytes] | None:
        dataset = self.seen()
        if dataset is None:
            return None
        files = {}
        for resource in dataset["resources"]:
            url = resource["url"].replace(self.front.url, self._ckan.url)
            with requests.get(url, stream=True, timeout=60) as answer:
                files[resource["name"]] = answer.raw.read(decode_content=False)
        return files


@pytest.fixture
def portal(served: tuple[Ckan, Front], hours: Hours, request: pytest.FixtureRequest) -> Portal:
    ckan, front = served
    front.faults.clear()
    front.asked.clear()
    return Portal(ckan, front, hours, f"d{hashlib.sha256(request.node.name.encode()).hexdigest()[:12]}")


def contents(release: Release) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in release.files}


def test_readers_get_every_file_and_what_it_is(portal: Portal, release: Release) -> None:
    done = portal.send(release)
    assert done.address == f"{portal.front.url}/dataset/{portal.dataset}"
    assert portal.files_seen() == contents(release)
    dataset = portal.seen()
    assert dataset is not None
    assert (dataset["title"], dataset["version"], dataset["private"]) == (TITLE, "1.0.0", False)
    assert dataset["organization"]["name"] == "embassy-archive"
    assert [tag["name"] for tag in dataset["tags"]] == ["embassy", "web archives"]
    events = next(one for one in dataset["resources"] if one["name"] == "tables/events.parquet")
    assert events["format"] == "Parquet"
    assert events["hash"] == next(file.sha256 for file in release.files if file.name == "tables/events.parquet")
    fields = json.loads(events["schema"])["fields"]
    assert fields[1] == {"name": "title", "type": "string", "title": "Title", "description": "Newest complete wording."}


def test_a_later_release_updates_the_same_dataset_and_resources(
    portal: Portal,
    release: Release,
    next_release: Release,
) -> None:
    portal.send(release)
    before = portal.seen()
    portal.send(next_release)
    after = portal.seen()
    assert before is not None
    assert after is not None
    assert (before["id"], before["version"], after["version"]) == (after["id"], "1.0.0", "1.1.0")
    assert {one["name"]: one["id"] for one in before["resources"]} == {
        one["name"]: one["id"] for one in after["resources"]
    }
    assert portal.files_seen() == contents(next_release)


def test_what_did_not_change_is_not_sent_again(
    portal: Portal,
    release: Release,
    next_release: Release,
) -> None:
    portal.send(release)
    portal.front.asked.clear()
    portal.send(next_release)
    sent = next(asked.body for asked in portal.front.asked if asked.path.endswith("/package_revise"))
    assert b"events two" in sent
    assert b"the same in every release" not in sent


def test_a_file_that_a_release_no_longer_has_is_gone(
    portal: Portal,
    release: Release,
    tmp_path: Path,
) -> None:
    portal.send(release)
    folder = write_release(tmp_path / "fewer", "2.0.0")
    (folder / "csv" / "events.csv.gz").unlink()
    sums = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in sums if "csv/" not in line))
    fewer = open_release(folder)
    portal.send(fewer)
    assert portal.files_seen() == contents(fewer)


def test_publishing_twice_revises_once(portal: Portal, release: Release) -> None:
    portal.send(release)
    portal.send(release)
    assert portal.front.n_asked("POST", "/package_revise") == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "/package_create", "lost"),
        Fault("POST", "/package_revise", "status"),
        Fault("POST", "/package_revise", "cut"),
        Fault("POST", "/package_revise", "lost"),
        Fault("GET", "/download/", "status"),
        Fault("GET", "/download/", "cut"),
        Fault("GET", "/download/", "corrupt"),
        Fault("POST", "/package_patch", "lost"),
    ],
    ids=lambda fault: f"{fault.method} {fault.part.strip('/')} {fault.kind}",
)
def test_one_failure_anywhere_leaves_one_whole_dataset(
    portal: Portal,
    release: Release,
    fault: Fault,
) -> None:
    portal.front.faults.append(fault)
    portal.send(release)
    assert fault.times == 0
    assert portal.files_seen() == contents(release)


@pytest.mark.parametrize("kind", ["status", "cut"])
def test_a_broken_update_leaves_readers_the_earlier_release_whole(
    portal: Portal,
    release: Release,
    next_release: Release,
    kind: Any,
) -> None:
    portal.send(release)
    portal.front.faults.append(Fault("POST", "/package_revise", kind, times=3))
    with pytest.raises(PublishError):
        portal.send(next_release)
    portal.front.faults.clear()
    assert portal.files_seen() == contents(release)
    portal.send(next_release)
    assert portal.files_seen() == contents(next_release)


def test_a_new_dataset_that_breaks_is_never_seen(portal: Portal, release: Release) -> None:
    portal.front.faults.append(Fault("GET", "/download/tables-events.parquet", "corrupt", times=99))
    with pytest.raises(PublishError, match=r"twice\. The dataset .* is private; the next run goes on with it"):
        portal.send(release)
    assert portal.seen() is None
    portal.front.faults.clear()
    portal.send(release)
    assert portal.files_seen() == contents(release)


def test_an_update_that_comes_back_wrong_is_hidden(
    portal: Portal,
    release: Release,
    next_release: Release,
) -> None:
    portal.send(release)
    portal.front.faults.append(Fault("GET", "/download/tables-events.parquet", "corrupt", times=99))
    with pytest.raises(PublishError, match="twice"):
        portal.send(next_release)
    assert portal.seen() is None


def test_older_releases_and_other_bytes_are_refused(
    portal: Portal,
    release: Release,
    next_release: Release,
    tmp_path: Path,
) -> None:
    portal.send(next_release)
    with pytest.raises(PublishError, match=r"holds release 1\.1\.0 already, which is newer"):
        portal.send(release)
    with pytest.raises(PublishError, match="with other bytes; a published version never changes"):
        portal.send(open_release(write_release(tmp_path / "other", "1.1.0", events="others")))
    assert portal.files_seen() == contents(next_release)


def test_a_plan_only_reads(portal: Portal, release: Release) -> None:
    plan = portal.target().plan(release)
    assert plan[-1] == f"make {portal.dataset} public."
    assert {asked.path.rpartition("/")[2] for asked in portal.front.asked} == {"organization_show", "package_show"}
    assert portal.seen() is None


def test_a_token_that_may_not_is_a_plain_sentence(portal: Portal, release: Release, hours: Hours) -> None:
    target = CkanTarget("embassy-archive", portal.dataset, portal.front.url, Token("not-a-token"), hours.retry())
    with pytest.raises(PublishError, match="does not allow this token") as caught:
        publish(release, target, hours.retry(), hours.said.append)
    assert "not-a-token" not in str(caught.value)
