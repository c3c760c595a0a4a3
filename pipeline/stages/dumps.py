"""From the files under the raw roots to dumps, the pieces a service reads one run at a time, and the reading of one.

The one decision made here is what counts as one dump: each folder that lies directly in a raw root, each large file
that does, and all small files there together, so that a folder of 100,000 saved pages is one dump and not 100,000.
A dump is read by reading those slices of the full plan that hold its files; the build that follows finds them read.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ChanceryError
from pipeline.ingest.discover import Discovery
from pipeline.ingest.reader import RawFile
from pipeline.progress import Progress
from pipeline.request import BuildRequest
from pipeline.slices.plan import SMALL_FILE
from pipeline.slices.pool import read_slices
from pipeline.stages.inputs import Inputs

LOOSE_FILES = "(loose files)"
"""Name of the dump that the small files directly in a root make."""


@dataclass(frozen=True, slots=True)
class Dump:
    """One dump as it lies on disk."""

    name: str
    """The first part of its files' raw paths, fit for a partition key."""
    files: tuple[RawFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def state(self) -> str:
        """Digest of names, sizes and modification times: another one means the dump has changed (or still grows)."""
        facts = [[file.raw_path, file.size, file.mtime_ns] for file in self.files]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DumpRead:
    """What reading one dump came to."""

    n_files: int
    size: int
    """Bytes of its files."""
    n_slices: int
    """Slices that hold its files; one at the edge may hold a neighbour's small files as well."""
    n_read: int
    """Of these, read now; the others were read before."""


def find_dumps(roots: Sequence[Path], found: Discovery) -> Mapping[str, Dump]:
    """The dumps by name, in the order of their names.

    Args:
        roots: the raw roots as given: with several, a raw path begins with its root's name.
        found: what lies under them.
    """
    depth = 1 if len(roots) == 1 else 2
    files: dict[str, list[RawFile]] = defaultdict(list)
    for file in found.files:
        files[_dump_name(file, depth)].append(file)
    return {name: Dump(name, tuple(files[name])) for name in sorted(files)}


def read_dump(request: BuildRequest, inputs: Inputs, name: str, progress: Progress) -> DumpRead:
    """Read the slices that hold a dump's files, unless they are read already.

    Raises:
        ChanceryError: there is no such dump any more.
    """
    dump = find_dumps(request.raw, inputs.discovery).get(name)
    if dump is None:
        raise ChanceryError(f"there is no dump {name} under the raw folders any more; put it back or leave it out.")
    folder = request.workspace.slices
    folder.mkdir(parents=True, exist_ok=True)
    own = {file.raw_path for file in dump.files}
    slices = [piece for piece in inputs.slices if any(file.raw_path in own for file in piece.files)]
    missing = [piece for piece in slices if not (folder / piece.key).is_dir()]
    read_slices(missing, folder, inputs.options, workers=request.workers, progress=progress)
    return DumpRead(len(dump.files), dump.size, len(slices), len(missing))


def _dump_name(file: RawFile, depth: int) -> str:
    parts = file.raw_path.split("/")
    named = parts[:depth] if len(parts) > depth or file.size > SMALL_FILE else [*parts[: depth - 1], LOOSE_FILES]
    return _as_key("/".join(named))


def _as_key(name: str) -> str:
    """Without what Dagster refuses in a partition key; should two names become one, the two are read together."""
    plain = "".join(char if char.isprintable() else f"%{ord(char):02X}" for char in name)
    return plain.replace("...", "%2E%2E%2E")
