"""Invented releases, a clock that runs only when it is waited on, and a network that ends at this machine."""

import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.publish.targets.retry import Retry
from pipeline.publish.targets.source import Release, open_release
from tests.publish.targets.releases import write_release


@dataclass
class Hours:
    """A clock and its sleep; sentences that were said."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def retry(self, **settings: Any) -> Retry:
        return Retry(sleep=self.sleep, clock=lambda: self.now, say=self.said.append, **settings)


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return open_release(write_release(tmp_path / "releases"))


@pytest.fixture
def next_release(tmp_path: Path) -> Release:
    """One table changed, the other is the same."""
    return open_release(write_release(tmp_path / "releases", "1.1.0", events="two"))


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test; keys of the person who tests are out of sight."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1"}:
            raise AssertionError(f"a test reached for {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in (
        "ZENODO_TOKEN",
        "HF_TOKEN",
        "CKAN_API_TOKEN",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
