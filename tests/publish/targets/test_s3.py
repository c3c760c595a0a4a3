"""An object store: versions that never change, a pointer that moves last; against moto's server."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

boto3 = pytest.importorskip("boto3", reason="the clients of the portals are in .venv-publish: make test-publish")

from moto.server import ThreadedMotoServer  # noqa: E402

from pipeline.publish.targets.contract import Publication, PublishError  # noqa: E402
from pipeline.publish.targets.run import publish  # noqa: E402
from pipeline.publish.targets.s3 import S3Target  # noqa: E402
from pipeline.publish.targets.secrets import Token  # noqa: E402
from pipeline.publish.targets.source import Release, open_release  # noqa: E402
from tests.publish.targets.conftest import Hours  # noqa: E402
from tests.publish.targets.front import Front  # noqa: E402
from tests.publish.targets.portal import Fault  # noqa: E402
from tests.publish.targets.releases import write_release  # noqa: E402

SECRET = "s3cr3t-4b7e"


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(moto_url: str) -> Iterator[Any]:
    client = boto3.client(
        "s3", endpoint_url=moto_url, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1"
    )
    client.create_bucket(Bucket="data")
    yield client
    connection = HTTPConnection(urlsplit(moto_url).netloc)
    connection.request("POST", "/moto-api/reset")
    connection.getresponse().read()
    connection.close()
    client.close()


@pytest.fixture
def front(moto_url: str, store: Any) -> Iterator[Front]:
    portal = Front(moto_url)
    with portal.running():
        yield portal


@pytest.fixture
def send(front: Front, hours: Hours) -> "Send":
    return Send(front, hours)


class Send:
    def __init__(self, front: Front, hours: Hours) -> None:
        self._front, self._hours = front, hours

    def target(self, prefix: str = "chancery/") -> S3Target:
        return S3Target(
            "data",
            prefix,
            endpoint=self._front.url,
            key_id=Token("AKIATEST"),
            secret=Token(SECRET),
            session_token=None,
            region="us-east-1",
            retry=self._hours.retry(attempts=3),
        )

    def __call__(self, release: Release, prefix: str = "chancery/") -> Publication:
        return publish(release, self.target(prefix), self._hours.retry(attempts=3), self._hours.said.append)


def objects(store: Any) -> dict[str, bytes]:
    found = store.list_objects_v2(Bucket="data").get("Contents", [])
    return {one["Key"]: store.get_object(Bucket="data", Key=one["Key"])["Body"].read() for one in found}


def expected(release: Release) -> dict[str, bytes]:
    return {f"chancery/{release.label}/{file.name}": file.path.read_bytes() for file in release.files}


def test_a_version_has_keys_of_its_own_and_latest_names_it(store: Any, send: Send, release: Release) -> None:
    assert send(release).address == "s3://data/chancery/1.0.0/"
    held = objects(store)
    pointer = json.loads(held.pop("chancery/latest.json"))
    assert held == expected(release)
    assert pointer == {"version": "1.0.0", "path": "1.0.0/", "SHA256SUMS.sha256": release.files[-1].sha256}


def test_objects_carry_their_media_type_and_hash(store: Any, send: Send, release: Release) -> None:
    send(release)
    head = store.head_object(Bucket="data", Key="chancery/1.0.0/tables/events.parquet")
    assert head["ContentType"] == "application/vnd.apache.parquet"
    assert head["Metadata"] == {"sha256": next(f.sha256 for f in release.files if f.name == "tables/events.parquet")}


def test_the_pointer_is_written_after_all_else_was_fetched(front: Front, send: Send, release: Release) -> None:
    send(release)
    writes = [asked.path for asked in front.asked if asked.method == "PUT"]
    assert writes[-1] == "/data/chancery/latest.json"
    assert writes[-2] == "/data/chancery/1.0.0/SHA256SUMS"
    pointer = next(n for n, asked in enumerate(front.asked) if (asked.method, asked.path) == ("PUT", writes[-1]))
    fetched = {asked.path for asked in front.asked[:pointer] if asked.method == "GET" and "/1.0.0/" in asked.path}
    assert len(fetched) == 8


def test_an_earlier_version_stays_as_it_was(store: Any, send: Send, release: Release, next_release: Release) -> None:
    send(release)
    send(next_release)
    held = objects(store)
    assert json.loads(held.pop("chancery/latest.json"))["version"] == "1.1.0"
    assert held == expected(release) | expected(next_release)


def test_latest_never_goes_back(store: Any, send: Send, release: Release, next_release: Release) -> None:
    send(next_release)
    send(release)
    assert json.loads(objects(store)["chancery/latest.json"])["version"] == "1.1.0"


def test_other_bytes_under_a_version_are_refused(store: Any, send: Send, release: Release, tmp_path: Any) -> None:
    send(release)
    before = objects(store)
    with pytest.raises(PublishError, match="is there already with other bytes; a published version never changes"):
        send(open_release(write_release(tmp_path / "other", events="others")))
    assert objects(store) == before


def test_publishing_twice_sends_nothing_again(front: Front, send: Send, release: Release) -> None:
    send(release)
    n_puts = front.n_asked("PUT", "/1.0.0/")
    send(release)
    assert front.n_asked("PUT", "/1.0.0/") == n_puts == 8


@pytest.mark.parametrize(
    "fault",
    [
        Fault("HEAD", "/events.parquet", "status", status=503),
        Fault("PUT", "/events.parquet", "status"),
        Fault("PUT", "/events.parquet", "cut"),
        Fault("PUT", "/events.parquet", "lost"),
        Fault("PUT", "/events.parquet", "corrupt"),
        Fault("GET", "/events.parquet", "status"),
        Fault("GET", "/events.parquet", "cut"),
        Fault("GET", "/events.parquet", "corrupt"),
        Fault("PUT", "/latest.json", "status"),
        Fault("PUT", "/latest.json", "lost"),
    ],
    ids=lambda fault: f"{fault.method} {fault.part.strip('/')} {fault.kind}",
)
def test_one_failure_anywhere_leaves_a_whole_version(
    store: Any, front: Front, send: Send, release: Release, fault: Fault
) -> None:
    front.faults.append(fault)
    send(release)
    assert fault.times == 0
    held = objects(store)
    assert json.loads(held.pop("chancery/latest.json"))["version"] == "1.0.0"
    assert held == expected(release)


def test_a_broken_run_moves_no_pointer_and_the_next_goes_on_from_it(
    store: Any, front: Front, send: Send, release: Release, next_release: Release
) -> None:
    send(release)
    front.faults.append(Fault("PUT", "/1.1.0/tables/events.parquet", "status", times=3))
    with pytest.raises(PublishError, match=r"answered with 502.*latest\.json was not moved"):
        send(next_release)
    assert json.loads(objects(store)["chancery/latest.json"])["version"] == "1.0.0"
    n_puts = front.n_asked("PUT", "/1.1.0/README.md")
    send(next_release)
    assert json.loads(objects(store)["chancery/latest.json"])["version"] == "1.1.0"
    assert front.n_asked("PUT", "/1.1.0/README.md") == n_puts == 1


def test_an_object_that_is_always_stored_wrong_is_removed(
    store: Any, front: Front, send: Send, release: Release
) -> None:
    front.faults.append(Fault("PUT", "/events.parquet", "corrupt", times=9))
    with pytest.raises(PublishError, match=r"events\.parquet: what comes back differs from what was sent, twice"):
        send(release)
    held = objects(store)
    assert "chancery/latest.json" not in held
    assert "chancery/1.0.0/tables/events.parquet" not in held


def test_parts_that_a_killed_run_left_are_removed(store: Any, send: Send, release: Release) -> None:
    store.create_multipart_upload(Bucket="data", Key="chancery/1.0.0/tables/events.parquet")
    send(release)
    assert store.list_multipart_uploads(Bucket="data").get("Uploads", []) == []


def test_a_large_file_goes_in_parts_and_comes_back_whole(store: Any, send: Send, tmp_path: Any) -> None:
    large = "a line of a large table\n" * 1_500
    release = open_release(write_release(tmp_path / "large", events=large))
    send(release)
    assert objects(store)["chancery/1.0.0/tables/events.parquet"] == next(
        file.path.read_bytes() for file in release.files if file.name == "tables/events.parquet"
    )


def test_a_plan_only_reads(store: Any, front: Front, send: Send, release: Release) -> None:
    plan = send.target().plan(release)
    assert plan[0].startswith("upload 8 of 8 files (")
    assert plan[1] == "point s3://data/chancery/latest.json at 1.0.0."
    assert {asked.method for asked in front.asked} <= {"GET", "HEAD"}
    assert objects(store) == {}


def test_the_secret_key_is_sent_in_no_request(front: Front, send: Send, release: Release) -> None:
    send(release)
    assert not any(SECRET in str(asked) for asked in front.asked)
