"""What is remembered of raw files: digests are read once, and again when a file changed."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from pipeline.ingest.discover import discover
from pipeline.ingest.reader import RawFile
from pipeline.slices import state
from pipeline.slices.state import file_digests


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, remembered = tmp_path / "raw", tmp_path / "files.json"
    raw.mkdir()
    (raw / "a.txt").write_bytes(b"one")
    (raw / "b.txt").write_bytes(b"two")
    first = file_digests(discover([raw]).files, remembered, fresh=False, workers=2)
    assert first == {"a.txt": hashlib.sha256(b"one").hexdigest(), "b.txt": hashlib.sha256(b"two").hexdigest()}
    read: list[str] = []
    digest = state.file_digest

    def note(file: RawFile) -> str:
        read.append(file.raw_path)
        return digest(file)

    monkeypatch.setattr(state, "file_digest", note)
    assert file_digests(discover([raw]).files, remembered, fresh=False, workers=2) == first
    assert read == []
    (raw / "b.txt").write_bytes(b"2wo")
    os.utime(raw / "b.txt", ns=(1, 1))
    again = file_digests(discover([raw]).files, remembered, fresh=False, workers=2)
    assert read == ["b.txt"]
    assert again["b.txt"] == hashlib.sha256(b"2wo").hexdigest()
    file_digests(discover([raw]).files, remembered, fresh=True, workers=2)
    assert sorted(read[1:]) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("text", ["", "not json", "[1]"])
def test_a_broken_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_bytes(b"one")
    (tmp_path / "files.json").write_text(text, encoding="utf-8")
    found = file_digests(discover([tmp_path / "raw"]).files, tmp_path / "files.json", fresh=False, workers=1)
    assert found == {"a.txt": hashlib.sha256(b"one").hexdigest()}


def test_a_file_that_could_not_be_read_is_tried_again_though_it_looks_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_bytes(b"one")
    files = discover([tmp_path / "raw"]).files

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, f"Permission denied: {path}")

    with monkeypatch.context() as locked:
        locked.setattr(Path, "open", refuse)
        unread = state.file_digest(files[0])
    assert unread.startswith("unreadable:13:")
    size, at = files[0].size, files[0].mtime_ns
    kept = {str(tmp_path / "raw" / "a.txt"): [size, at, unread]}
    (tmp_path / "files.json").write_text(json.dumps(kept), encoding="utf-8")
    readable = file_digests(files, tmp_path / "files.json", fresh=False, workers=1)
    assert readable == {"a.txt": hashlib.sha256(b"one").hexdigest()}
