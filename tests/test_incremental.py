"""Adding a dump gives what a full rebuild gives, byte for byte, whatever an earlier build remembers."""

import hashlib
import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.remember import remembered, remembering
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream


def build(raw: Path, outputs: Path) -> dict[str, str]:
    result = CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(outputs), "--workers", "1"])
    assert result.exit_code == 0, result.output
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (outputs / "tables").iterdir()}


def test_a_dump_of_recent_months_added_gives_the_bytes_of_a_full_rebuild(tmp_path: Path) -> None:
    captures = list(crawl(simulate_site(41, n_items=40), 41, n_captures=110))
    raw = tmp_path / "raw"
    raw.mkdir()
    write_jsonl_stream(captures[:100], raw / "older.jsonl")
    before = build(raw, tmp_path / "grown")
    write_jsonl_stream(captures[100:], raw / "newer.jsonl")
    grown = build(raw, tmp_path / "grown")
    assert grown["captures.parquet"] != before["captures.parquet"]
    assert grown == build(raw, tmp_path / "fresh")


@dataclass(frozen=True)
class Wording:
    text: str


def test_a_remembered_result_is_not_made_again_by_the_same_code_and_is_by_other_code(tmp_path: Path) -> None:
    made: list[object] = []

    @remembered
    def measure(wording: Wording, scale: int = 1) -> int:
        made.append(wording)
        return len(wording.text) * scale

    with remembering(tmp_path, "a" * 64):
        assert [measure(Wording("one")), measure(Wording("one")), measure(Wording("one"), 2)] == [3, 3, 6]
    assert len(made) == 2
    with remembering(tmp_path, "a" * 64):
        assert measure(Wording("one")) == 3
    assert len(made) == 2
    with remembering(tmp_path, "a" * 64, fresh=True):
        assert measure(Wording("one")) == 3
    assert len(made) == 3
    with remembering(tmp_path, "b" * 64):
        assert measure(Wording("one")) == 3
    assert len(made) == 4
    assert len(list(tmp_path.iterdir())) == 1
    assert measure(Wording("one")) == 3
    assert len(made) == 5


def test_only_what_the_last_build_asked_for_is_kept(tmp_path: Path) -> None:
    @remembered
    def length(text: str) -> int:
        return len(text)

    for text in ("one", "three"):
        with remembering(tmp_path, "a" * 64):
            length(text)
    (path,) = tmp_path.iterdir()
    assert list(pickle.loads(path.read_bytes()).values()) == [5]


@pytest.mark.parametrize("content", [b"", b"not a pickle", b"\x80\x05]."])
def test_what_cannot_be_read_back_is_made_again(tmp_path: Path, content: bytes) -> None:
    @remembered
    def length(text: str) -> int:
        return len(text)

    (tmp_path / f"results-{'a' * 32}.pickle").write_bytes(content)
    with remembering(tmp_path, "a" * 64):
        assert length("one") == 3


def test_a_build_that_fails_keeps_nothing_new(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), remembering(tmp_path, "a" * 64):
        raise ValueError("no")
    assert not list(tmp_path.iterdir())
