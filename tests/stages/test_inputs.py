"""What a build remembers between runs is only taken over where it still holds."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.ingest import cdx
from pipeline.ingest.reader import RawFile
from pipeline.progress import Silent
from pipeline.request import BuildRequest
from pipeline.stages import inputs as stage
from pipeline.stages import read
from pipeline.stages.inputs import InputState, find_inputs, kept_state
from pipeline.workspace import prepare


def request_of(folder: Path) -> BuildRequest:
    (folder / "raw").mkdir()
    (folder / "raw" / "a.txt").write_text("A page of one line, long enough to be one.\n", encoding="utf-8")
    return BuildRequest(raw=(folder / "raw",), outputs=folder / "outputs")


def test_a_dump_that_comes_while_a_build_runs_is_new_to_the_next_one(tmp_path: Path) -> None:
    request = request_of(tmp_path)
    prepare(request.workspace)
    found = find_inputs(request)
    read.read(request, found, Silent())
    (tmp_path / "raw" / "b.txt").write_text("Another page, which was put there later.\n", encoding="utf-8")
    keys = tuple(piece.key for piece in found.slices)
    assert kept_state(request.workspace) == InputState(found.fingerprint, found.code, keys)
    assert find_inputs(request).fingerprint != found.fingerprint


def test_other_code_looks_again_which_files_are_indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = request_of(tmp_path)
    looked_at: list[list[str]] = []

    def note(files: Sequence[RawFile]) -> list[RawFile]:
        looked_at.append([file.raw_path for file in files])
        return []

    monkeypatch.setattr(cdx, "find_indexes", note)
    find_inputs(request)
    find_inputs(request)
    assert looked_at == [["a.txt"]]
    monkeypatch.setattr(stage, "code_digest", lambda: "other code")
    find_inputs(request)
    assert looked_at == [["a.txt"], ["a.txt"]]
