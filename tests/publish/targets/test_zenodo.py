"""Zenodo: one draft that is gone on with, published only when every checksum is right, then a new version."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.publish.targets.contract import Publication, PublishError
from pipeline.publish.targets.http import Http
from pipeline.publish.targets.run import publish
from pipeline.publish.targets.secrets import Token
from pipeline.publish.targets.source import Release, open_release
from pipeline.publish.targets.zenodo import ZenodoTarget
from tests.publish.targets.conftest import Hours
from tests.publish.targets.portal import Fault
from tests.publish.targets.releases import TITLE, write_release
from tests.publish.targets.zenodo_standin import TOKEN, ZenodoStandIn


@pytest.fixture
def zenodo() -> Iterator[ZenodoStandIn]:
    portal = ZenodoStandIn()
    with portal.running():
        yield portal


@pytest.fixture
def send(zenodo: ZenodoStandIn, hours: Hours, tmp_path: Path) -> "Send":
    return Send(zenodo, hours, tmp_path)


class Send:
    """One run of the command's inside, each with a target of its own."""

    def __init__(self, zenodo: ZenodoStandIn, hours: Hours, tmp_path: Path) -> None:
        self._zenodo, self._hours, self._tmp_path, self._n = zenodo, hours, tmp_path, 0

    def target(self, record: int | None = None) -> ZenodoTarget:
        self._n += 1
        scratch = self._tmp_path / f"scratch{self._n}"
        scratch.mkdir()
        retry = self._hours.retry(attempts=3)
        return ZenodoTarget(Http(self._zenodo.url, Token(TOKEN), retry), scratch, retry, record)

    def __call__(self, release: Release, record: int | None = None) -> Publication:
        return publish(release, self.target(record), self._hours.retry(attempts=3), self._hours.said.append)


def unpacked(files: dict[str, bytes]) -> dict[str, bytes]:
    """A record's files with its ZIPs unpacked where they lie."""
    found: dict[str, bytes] = {}
    for name, body in files.items():
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                found |= {member: archive.read(member) for member in archive.namelist()}
        else:
            found[name] = body
    return found


def test_a_record_unpacks_to_the_release(zenodo: ZenodoStandIn, send: Send, release: Release) -> None:
    done = send(release)
    assert done.address == f"{zenodo.url}/records/1000"
    assert set(zenodo.files(1000)) == {
        ".zenodo.json", "README.md", "SHA256SUMS", "csv.zip", "datapackage.json", "manifest.json", "tables.zip",
    }  # fmt: skip
    assert unpacked(zenodo.files(1000)) == {file.name: file.path.read_bytes() for file in release.files}
    assert zenodo.depositions[1000]["metadata"]["title"] == TITLE
    assert zenodo.depositions[1000]["metadata"]["version"] == "1.0.0"


def test_the_zips_are_the_same_bytes_in_another_folder(tmp_path: Path, send: Send) -> None:
    first, second = (open_release(write_release(tmp_path / place)) for place in ("here", "there"))
    assert [copy.sha256 for copy in send.target().copies(first)] == [
        copy.sha256 for copy in send.target().copies(second)
    ]


def test_nothing_is_published_before_every_file_was_fetched(
    zenodo: ZenodoStandIn, send: Send, release: Release
) -> None:
    send(release)
    order = [(asked.method, asked.path) for asked in zenodo.asked]
    published = next(number for number, (_, path) in enumerate(order) if path.endswith("/actions/publish"))
    fetched = {path for method, path in order[:published] if method == "GET" and path.startswith("/api/files/")}
    assert len(fetched) == 7


def test_a_later_release_is_a_new_version_and_sends_only_what_changed(
    zenodo: ZenodoStandIn, send: Send, release: Release, next_release: Release
) -> None:
    send(release)
    n_puts = zenodo.n_asked("PUT", "/api/files/")
    send(next_release)
    first, second = zenodo.published
    assert first["conceptrecid"] == second["conceptrecid"]
    assert (first["metadata"]["version"], second["metadata"]["version"]) == ("1.0.0", "1.1.0")
    assert unpacked(zenodo.files(1000)) == {file.name: file.path.read_bytes() for file in release.files}
    assert unpacked(zenodo.files(1001)) == {file.name: file.path.read_bytes() for file in next_release.files}
    assert zenodo.n_asked("PUT", "/api/files/") - n_puts == 6, ".zenodo.json is the same in both"


def test_files_that_a_new_version_no_longer_has_are_gone_from_it(
    zenodo: ZenodoStandIn, send: Send, release: Release, tmp_path: Path
) -> None:
    send(release)
    folder = write_release(tmp_path / "fewer", "2.0.0")
    (folder / "csv" / "events.csv.gz").unlink()
    sums = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in sums if "csv/" not in line))
    send(open_release(folder))
    assert "csv.zip" not in zenodo.files(1001)


def test_publishing_twice_publishes_once(zenodo: ZenodoStandIn, send: Send, release: Release) -> None:
    assert send(release).address == send(release).address
    assert len(zenodo.depositions) == 1


def test_other_bytes_under_a_published_version_are_refused(
    zenodo: ZenodoStandIn, send: Send, release: Release, tmp_path: Path
) -> None:
    send(release)
    with pytest.raises(PublishError, match="of the published record 1000 has other bytes"):
        send(open_release(write_release(tmp_path / "other", events="others")))
    assert len(zenodo.depositions) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "/depositions", "status"),
        Fault("POST", "/depositions", "lost"),
        Fault("GET", "/depositions", "cut"),
        Fault("GET", "/depositions", "status", status=429, headers={"Retry-After": "7"}),
        Fault("PUT", "/tables.zip", "status", status=502),
        Fault("PUT", "/tables.zip", "cut"),
        Fault("PUT", "/tables.zip", "lost"),
        Fault("PUT", "/tables.zip", "corrupt"),
        Fault("GET", "/tables.zip", "status"),
        Fault("GET", "/tables.zip", "cut"),
        Fault("GET", "/tables.zip", "corrupt"),
        Fault("POST", "/actions/publish", "status"),
        Fault("POST", "/actions/publish", "lost"),
    ],
    ids=lambda fault: f"{fault.method} {fault.part.strip('/')} {fault.kind}",
)
def test_one_failure_anywhere_leaves_one_whole_record(
    zenodo: ZenodoStandIn, send: Send, release: Release, fault: Fault
) -> None:
    zenodo.faults.append(fault)
    send(release)
    assert fault.times == 0
    assert len(zenodo.depositions) == len(zenodo.published) == 1
    assert unpacked(zenodo.files(1000)) == {file.name: file.path.read_bytes() for file in release.files}


def test_the_wait_a_portal_asks_for_is_kept(zenodo: ZenodoStandIn, send: Send, release: Release, hours: Hours) -> None:
    zenodo.faults.append(Fault("PUT", "/tables.zip", "status", status=429, headers={"Retry-After": "7"}))
    send(release)
    assert hours.waits == [7]


@pytest.mark.parametrize("part", ["/tables.zip", "/SHA256SUMS", "/actions/publish"])
def test_a_broken_run_leaves_a_draft_that_the_next_run_goes_on_with(
    zenodo: ZenodoStandIn, send: Send, release: Release, part: str
) -> None:
    zenodo.faults.append(Fault("POST" if "publish" in part else "PUT", part, "status", times=3))
    with pytest.raises(PublishError, match=r"answered with 502\. Draft 1000 is seen by you only"):
        send(release)
    assert zenodo.published == []
    held = hashlib.sha256(zenodo.files(1000)["README.md"]).digest()
    n_puts = zenodo.n_asked("PUT", "/README.md")
    send(release)
    assert [one["id"] for one in zenodo.published] == [1000]
    assert hashlib.sha256(zenodo.files(1000)["README.md"]).digest() == held
    assert zenodo.n_asked("PUT", "/README.md") == n_puts, "what the draft held was not sent again"


def test_a_broken_new_version_leaves_the_published_one_alone(
    zenodo: ZenodoStandIn, send: Send, release: Release, next_release: Release
) -> None:
    send(release)
    zenodo.faults.append(Fault("PUT", "/tables.zip", "cut", times=3))
    with pytest.raises(PublishError, match="Draft 1001 is seen by you only"):
        send(next_release)
    assert [one["id"] for one in zenodo.published] == [1000]
    send(next_release)
    assert [one["id"] for one in zenodo.published] == [1000, 1001]


def test_a_file_that_always_comes_back_changed_is_never_published(
    zenodo: ZenodoStandIn, send: Send, release: Release
) -> None:
    zenodo.faults.append(Fault("PUT", "/tables.zip", "corrupt", times=9))
    with pytest.raises(PublishError, match=r"tables.zip: what comes back differs from what was sent, twice\. Draft"):
        send(release)
    assert zenodo.published == []
    assert "tables.zip" not in zenodo.files(1000), "the wrong copy was removed"


def test_a_checksum_of_zenodo_that_differs_stops_the_publication(
    zenodo: ZenodoStandIn, send: Send, release: Release
) -> None:
    zenodo.wrong_checksum_of = "tables.zip"
    with pytest.raises(PublishError, match=r"checksums differ for tables\.zip"):
        send(release)
    assert zenodo.published == []


def test_a_final_refusal_is_not_tried_again(zenodo: ZenodoStandIn, send: Send, release: Release, hours: Hours) -> None:
    zenodo.faults.append(Fault("PUT", "/README.md", "status", status=413))
    with pytest.raises(PublishError, match="answered with 413: not now"):
        send(release)
    assert hours.waits == []


def test_a_record_may_be_named(zenodo: ZenodoStandIn, send: Send, release: Release, next_release: Release) -> None:
    send(release)
    zenodo.depositions[1000]["metadata"]["title"] = "Renamed by hand"
    send(next_release, record=1000)
    assert zenodo.depositions[1001]["conceptrecid"] == zenodo.depositions[1000]["conceptrecid"]
    with pytest.raises(PublishError, match="record 77 is not among those"):
        send(release, record=77)


def test_two_records_of_one_title_are_not_guessed_between(zenodo: ZenodoStandIn, send: Send, release: Release) -> None:
    for _ in range(2):
        zenodo._new({"title": TITLE}, None)
    with pytest.raises(PublishError, match=r"several records have the title .* \(500, 501\): say which"):
        send(release)


def test_records_beyond_the_first_answer_are_found(
    zenodo: ZenodoStandIn, send: Send, release: Release, next_release: Release
) -> None:
    send(release)
    for number in range(150):
        zenodo._new({"title": f"Another {number}"}, None)
    assert send.target().plan(next_release)[0] == "open version 1.1.0 of record 1000 (1.0.0) as a draft."


def test_a_plan_only_reads(zenodo: ZenodoStandIn, send: Send, release: Release) -> None:
    plan = send.target().plan(release)
    assert plan[0] == "open a draft of a new record."
    assert plan[1].startswith("upload 7 files (")
    assert zenodo.depositions == {}
    assert {asked.method for asked in zenodo.asked} == {"GET"}


def test_an_answer_that_leads_to_another_host_gets_no_upload(
    zenodo: ZenodoStandIn, send: Send, release: Release
) -> None:
    zenodo._new({"title": TITLE}, None)
    zenodo.depositions[1000]["links"]["bucket"] = "http://127.0.0.1:1/api/files/b1000"
    with pytest.raises(PublishError, match="points to another host"):
        send(release)
