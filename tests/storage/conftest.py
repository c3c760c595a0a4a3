"""A store of moto's on this machine, and the environment that leads to it."""

from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    moto_server = pytest.importorskip(
        "moto.server", reason="the store of the tests is in .venv-publish: make test-publish"
    )
    server = moto_server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of the empty bucket `data`; the environment names the store as a user's would."""
    from pipeline.storage.place import ObjectStore

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-7b1d")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    made = ObjectStore.from_environment().client()
    made.create_bucket(Bucket="data")
    yield made
    connection = HTTPConnection(urlsplit(moto_url).netloc)
    connection.request("POST", "/moto-api/reset")
    connection.getresponse().read()
    connection.close()
    made.close()
