"""`chancery publish` as a person runs it: dry runs, plain errors, and a token that nobody gets to see."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import chancery
from pipeline.errors import ChanceryError
from pipeline.publish.targets.http import Http
from pipeline.publish.targets.retry import Retry
from pipeline.publish.targets.secrets import Token
from tests.conftest import ROOT
from tests.publish.targets.portal import Fault
from tests.publish.targets.releases import write_release
from tests.publish.targets.zenodo_standin import TOKEN, ZenodoStandIn


@pytest.fixture
def zenodo(monkeypatch: pytest.MonkeyPatch) -> Iterator[ZenodoStandIn]:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    portal = ZenodoStandIn()
    with portal.running():
        yield portal


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(chancery, ["publish", *map(str, arguments)])


def test_a_release_is_named_by_its_folder_or_by_its_version(tmp_path: Path) -> None:
    folder = write_release(tmp_path / "outputs" / "releases")
    by_folder = run("folder", folder, "--to", tmp_path / "one")
    by_name = run("folder", "1.0.0", "--outputs", tmp_path / "outputs", "--to", tmp_path / "two")
    assert by_folder.exit_code == by_name.exit_code == 0
    assert (tmp_path / "one" / "latest" / "SHA256SUMS").read_bytes() == (
        tmp_path / "two" / "latest" / "SHA256SUMS"
    ).read_bytes()


def test_a_dry_run_says_what_would_happen_and_does_none_of_it(tmp_path: Path) -> None:
    share = tmp_path / "share"
    result = run("folder", write_release(tmp_path / "releases"), "--to", share, "--dry-run")
    assert result.exit_code == 0
    said = result.output.splitlines()
    assert said[0] == "Release 1.0.0, 8 files. Dry run, nothing is changed; this would happen:"
    assert said[2:] == [f"  rename it to {share}/1.0.0.", f"  point {share}/latest at 1.0.0."]
    assert not share.exists()


def test_a_dry_run_of_a_portal_only_reads(
    tmp_path: Path, zenodo: ZenodoStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENODO_TOKEN", TOKEN)
    result = run("zenodo", write_release(tmp_path), "--endpoint", zenodo.url, "--dry-run")
    assert "  open a draft of a new record." in result.output.splitlines()
    assert {asked.method for asked in zenodo.asked} == {"GET"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["folder", "9.9.9"], "there is no release 9.9.9"),
        (["folder", "RELEASE"], "say where with --to: a folder"),
        (
            ["zenodo", "RELEASE"],
            "no token: set ZENODO_TOKEN in the environment, or store it with: keyring set chancery",
        ),
        (["zenodo", "RELEASE", "--endpoint", "http://zenodo.example"], "no endpoint for a token: use https"),
        (["zenodo", "RELEASE", "--endpoint", "https://me:pass@zenodo.example"], "must not contain a user or password"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    folder = write_release(tmp_path)
    result = run(*(str(folder) if part == "RELEASE" else part for part in arguments))
    assert isinstance(result.exception, ChanceryError)
    assert sentence in str(result.exception)


def test_a_release_whose_files_were_changed_is_not_published(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    (folder / "README.md").write_text("changed")
    result = run("folder", folder, "--to", tmp_path / "share")
    assert "differ from their sum in SHA256SUMS: README.md" in str(result.exception)
    assert not (tmp_path / "share").exists()


@pytest.mark.parametrize("fault", [None, "status", "lost", "echo"])
def test_the_token_is_in_no_output_log_or_exception(
    tmp_path: Path,
    zenodo: ZenodoStandIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str | None,
) -> None:
    monkeypatch.setenv("ZENODO_TOKEN", TOKEN)
    caplog.set_level(logging.DEBUG)
    if fault == "echo":
        # A portal that quotes the request's token in its refusal, as some error pages do.
        zenodo.faults.append(Fault("PUT", "/README.md", "status", times=99, status=400))
        monkeypatch.setattr("tests.publish.targets.portal.REFUSAL", f"not with {TOKEN}".encode())
    elif fault is not None:
        zenodo.faults.append(Fault("PUT", "/README.md", fault, times=99))  # type: ignore[arg-type]
    result = run("zenodo", write_release(tmp_path), "--endpoint", zenodo.url)
    assert (result.exit_code == 0) is (fault is None)
    told = result.output + caplog.text + repr(result.exception) + "".join(getattr(result.exception, "__notes__", []))
    assert TOKEN not in told
    if fault == "echo":
        assert "not with (token)" in str(result.exception)


def test_debug_shows_where_it_broke_but_no_token(tmp_path: Path, zenodo: ZenodoStandIn) -> None:
    zenodo.faults.append(Fault("GET", "/depositions", "status", times=99, status=400))
    done = subprocess.run(
        [
            sys.executable, "-c", "from pipeline.cli import main; main()", "--debug",
            "publish", "zenodo", str(write_release(tmp_path)), "--endpoint", zenodo.url,
        ],
        env={**os.environ, "ZENODO_TOKEN": TOKEN},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "http.py" in done.stderr
    assert TOKEN not in done.stdout + done.stderr


def test_a_token_comes_from_the_keyring_where_the_environment_has_none(
    tmp_path: Path, zenodo: ZenodoStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = pytest.importorskip("keyring", reason="keyring is in .venv-publish: make test-publish")
    asked: list[tuple[str, str]] = []

    def get_password(service: str, name: str) -> str:
        asked.append((service, name))
        return TOKEN

    monkeypatch.setattr(keyring, "get_password", get_password)
    result = run("zenodo", write_release(tmp_path), "--endpoint", zenodo.url)
    assert result.exit_code == 0
    assert asked == [("chancery", "ZENODO_TOKEN")]
    assert TOKEN not in result.output


def test_a_redirect_to_another_host_gets_no_token(zenodo: ZenodoStandIn) -> None:
    other = ZenodoStandIn()
    with other.running():
        zenodo.faults.append(Fault("GET", "/moved", "status", status=302, headers={"Location": f"{other.url}/api/x"}))
        http = Http(zenodo.url, Token(TOKEN), Retry(attempts=1))
        with pytest.raises(ChanceryError, match="401"):
            http.json("GET", "/moved")
        assert [asked.headers.get("Authorization") for asked in other.asked] == [None]
    assert zenodo.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"
