"""The Hub: one commit and one tag for each release, and nothing on main before every byte came back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("huggingface_hub", reason="the clients of the portals are in .venv-publish: make test-publish")

import huggingface_hub.constants
import huggingface_hub.utils._http as client

from pipeline.publish.targets.contract import Publication, PublishError
from pipeline.publish.targets.huggingface import HuggingFaceTarget
from pipeline.publish.targets.run import publish
from pipeline.publish.targets.secrets import Token
from pipeline.publish.targets.source import Release, open_release
from tests.publish.targets.conftest import Hours
from tests.publish.targets.hub_standin import TOKEN, HubStandIn, Repository
from tests.publish.targets.portal import Fault
from tests.publish.targets.releases import write_release

NAME = "ruritania/notices"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, hours: Hours) -> Iterator[HubStandIn]:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(client.time, "sleep", hours.sleep)
    portal = HubStandIn()
    with portal.running():
        yield portal
    client.close_session()


@pytest.fixture
def send(hub: HubStandIn, hours: Hours) -> "Send":
    return Send(hub, hours)


class Send:
    def __init__(self, hub: HubStandIn, hours: Hours) -> None:
        self._hub, self._hours = hub, hours

    def target(self) -> HuggingFaceTarget:
        return HuggingFaceTarget(NAME, self._hub.url, Token(TOKEN), self._hours.retry(attempts=3))

    def __call__(self, release: Release) -> Publication:
        return publish(release, self.target(), self._hours.retry(attempts=3), self._hours.said.append)

    @property
    def repository(self) -> Repository:
        return self._hub.repositories[NAME]


def contents(release: Release) -> dict[str, bytes]:
    return {".gitattributes": b"*.parquet filter=lfs\n"} | {file.name: file.path.read_bytes() for file in release.files}


def test_main_has_one_commit_more_and_a_tag(hub: HubStandIn, send: Send, release: Release) -> None:
    done = send(release)
    assert done.address == f"{hub.url}/datasets/{NAME}/tree/v1.0.0"
    repository = send.repository
    assert [message for branch, message in repository.messages if branch == "main"] == [
        "initial commit",
        "Release 1.0.0",
    ]
    assert repository.tags == {"v1.0.0": repository.branches["main"]}
    assert list(repository.branches) == ["main"], "the trial branch is gone"
    assert repository.files("v1.0.0") == contents(release)


def test_main_is_untouched_until_every_file_came_back(hub: HubStandIn, send: Send, release: Release) -> None:
    send(release)
    order = [(asked.method, asked.path) for asked in hub.asked]
    on_main = order.index(("POST", f"/api/datasets/{NAME}/commit/main"))
    fetched = {path for method, path in order[:on_main] if method == "GET" and "/resolve/upload-1.0.0/" in path}
    assert len(fetched) == 8


def test_a_later_release_is_a_commit_on_top_and_sends_only_new_objects(
    hub: HubStandIn, send: Send, release: Release, next_release: Release
) -> None:
    send(release)
    n_objects = hub.n_asked("PUT", "/objects/")
    send(next_release)
    assert send.repository.files("v1.0.0") == contents(release)
    assert send.repository.files("v1.1.0") == send.repository.files("main") == contents(next_release)
    assert (n_objects, hub.n_asked("PUT", "/objects/")) == (2, 3), "captures.parquet is the same in both"


def test_files_that_a_release_no_longer_has_are_gone_from_main(send: Send, release: Release, tmp_path: Path) -> None:
    send(release)
    folder = write_release(tmp_path / "fewer", "2.0.0")
    (folder / "csv" / "events.csv.gz").unlink()
    sums = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in sums if "csv/" not in line))
    fewer = open_release(folder)
    send(fewer)
    assert send.repository.files("main") == contents(fewer)


def test_publishing_twice_commits_once(send: Send, release: Release) -> None:
    send(release)
    n_commits = len(send.repository.commits)
    send(release)
    assert len(send.repository.commits) == n_commits


def test_other_bytes_under_a_tag_are_refused(send: Send, release: Release, tmp_path: Path) -> None:
    send(release)
    with pytest.raises(PublishError, match="a published version never changes"):
        send(open_release(write_release(tmp_path / "other", events="others")))
    assert send.repository.files("v1.0.0") == send.repository.files("main") == contents(release)


def test_an_older_release_never_replaces_a_newer_one(send: Send, release: Release, next_release: Release) -> None:
    send(next_release)
    with pytest.raises(PublishError, match=r"holds v1\.1\.0 already, which is newer than 1\.0\.0"):
        send(release)
    assert send.repository.files("main") == contents(next_release)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "/repos/create", "lost"),
        Fault("POST", "/branch/", "lost"),
        Fault("POST", "/preupload/", "status"),
        Fault("PUT", "/objects/", "status"),
        Fault("PUT", "/objects/", "cut"),
        Fault("PUT", "/objects/", "corrupt"),
        Fault("POST", "/commit/upload", "lost"),
        Fault("GET", "/resolve/", "status"),
        Fault("GET", "/resolve/", "cut"),
        Fault("GET", "/resolve/", "corrupt"),
        Fault("POST", "/commit/main", "status"),
        Fault("POST", "/commit/main", "lost"),
        Fault("POST", "/tag/", "lost"),
        Fault("DELETE", "/branch/", "lost"),
    ],
    ids=lambda fault: f"{fault.method} {fault.part.strip('/')} {fault.kind}",
)
def test_one_failure_anywhere_leaves_one_commit_and_one_tag(
    hub: HubStandIn, send: Send, release: Release, fault: Fault
) -> None:
    hub.faults.append(fault)
    if fault.kind == "corrupt" and fault.method == "PUT":
        # The Hub names objects by their hash and refuses others; one that does not is found out, and never shown.
        with pytest.raises(PublishError, match=r"differs from what was sent, twice\. main was not touched"):
            send(release)
        assert list(send.repository.branches) == ["main"]
        assert not send.repository.tags
        return
    send(release)
    assert fault.times == 0
    repository = send.repository
    assert [message for branch, message in repository.messages if branch == "main"] == [
        "initial commit",
        "Release 1.0.0",
    ]
    assert repository.tags == {"v1.0.0": repository.branches["main"]}
    assert list(repository.branches) == ["main"]
    assert repository.files("main") == contents(release)


@pytest.mark.parametrize("part", ["/commit/upload", "/commit/main", "/resolve/"])
def test_a_broken_run_leaves_main_as_it_was_and_no_branch(
    hub: HubStandIn, send: Send, release: Release, next_release: Release, part: str
) -> None:
    send(release)
    hub.faults.append(Fault("GET" if part == "/resolve/" else "POST", part, "status", times=3))
    with pytest.raises(PublishError, match=r"502.*main was not touched and no branch is left"):
        send(next_release)
    assert send.repository.files("main") == contents(release)
    assert list(send.repository.branches) == ["main"]
    n_objects = hub.n_asked("PUT", "/objects/")
    send(next_release)
    assert send.repository.files("main") == contents(next_release)
    assert hub.n_asked("PUT", "/objects/") == n_objects, "objects of the broken run are not sent again"


def test_a_plan_only_reads(hub: HubStandIn, send: Send, release: Release) -> None:
    plan = send.target().plan(release)
    assert plan[1] == f"create the dataset {NAME}."
    assert {asked.method for asked in hub.asked} == {"GET"}
    assert hub.repositories == {}


def test_a_refused_token_is_a_plain_sentence_without_it(hub: HubStandIn, release: Release, hours: Hours) -> None:
    target: Any = HuggingFaceTarget(NAME, hub.url, Token("hf_wrong"), hours.retry())
    with pytest.raises(PublishError, match="the Hub answered 401") as caught:
        publish(release, target, hours.retry(), hours.said.append)
    assert "hf_wrong" not in str(caught.value)
