"""What is remembered of raw files, so that an unchanged one is not read again to learn its digest."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from pipeline.ingest.discover import encode_name
from pipeline.ingest.reader import RawFile
from pipeline.workspace import write_json

_CHUNK: Final = 1024 * 1024
_UNREADABLE: Final = "unreadable:"


def file_digests(
    files: Sequence[RawFile],
    remembered: Path,
    *,
    fresh: bool,
    workers: int,
    compute: Callable[[Sequence[RawFile]], Iterable[str]] | None = None,
) -> dict[str, str]:
    """Sha256 of each file's bytes by `raw_path`, read only where size or modification time changed.

    An unreadable file has a digest of its own kind (its size and time) and is tried again each time: new permissions
    change neither.

    Args:
        files: the files to know.
        remembered: JSON file of earlier digests; rewritten with those of `files`.
        fresh: trust nothing that is remembered.
        workers: files read at the same time.
        compute: gives the digests (`file_digest`) of files in their order, where another machine reads them.
    """
    known = {} if fresh else _load(remembered)
    places = {file.raw_path: encode_name(str(file.path.absolute())) for file in files}
    unknown = [
        file
        for file in files
        if known.get(places[file.raw_path], [None, None])[:2] != [file.size, file.mtime_ns]
        or str(known[places[file.raw_path]][2]).startswith(_UNREADABLE)
    ]
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        digests = pool.map(file_digest, unknown) if compute is None else compute(unknown)
        for file, digest in zip(unknown, digests, strict=True):
            known[places[file.raw_path]] = [file.size, file.mtime_ns, digest]
    if unknown or len(known) != len(places):
        write_json(remembered, {place: known[place] for place in places.values()})
    return {file.raw_path: str(known[places[file.raw_path]][2]) for file in files}


def _load(path: Path) -> dict[str, list[int | str]]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def file_digest(file: RawFile) -> str:
    """Sha256 of a file's bytes, hex; of an unreadable file, why and of what size and time."""
    digest = hashlib.sha256()
    try:
        with file.path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return f"{_UNREADABLE}{error.errno}:{file.size}:{file.mtime_ns}"
    return digest.hexdigest()
