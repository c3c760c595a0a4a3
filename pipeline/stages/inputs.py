"""What a build would read: files, slices, and the fingerprint that says whether anything is new.

The fingerprint covers raw files, reading options, this project's code, the libraries that decide bytes, the previous
release and the withdrawals: everything the tables are a function of.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from unicodedata import unidata_version

from pipeline.errors import ChanceryError
from pipeline.ingest.discover import Discovery, discover
from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.request import BuildRequest
from pipeline.slices.plan import Slice, code_fingerprint, plan_slices
from pipeline.slices.state import file_digests
from pipeline.workspace import Workspace, write_json

if TYPE_CHECKING:
    from pipeline.ingest.cdx import CdxIndex

_STATE = "_inputs.json"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a build, bundled, and what they come to."""

    discovery: Discovery
    slices: tuple[Slice, ...]
    options: ReadOptions
    """As the readers get them, with the captures that CDX files list where there is a slice to read."""
    digests: dict[str, str]
    """Sha256 of each raw file by raw path."""
    fingerprint: str
    """Of everything the tables are a function of."""
    code: str
    """Of this project's code and the libraries that decide values: results of other code are not taken over."""


class Lookout(Protocol):
    """Learns what must be known of raw files before slices are read, where other machines see the files."""

    def digests(self, files: Sequence[RawFile]) -> Iterable[str]:
        """`file_digest` of each file, in order."""
        ...

    def find_indexes(self, files: Sequence[RawFile]) -> list[RawFile]:
        """As `pipeline.ingest.cdx.find_indexes`."""
        ...

    def load_index(self, files: Sequence[RawFile], options: ReadOptions) -> "CdxIndex | None":
        """As `pipeline.ingest.cdx.load_index`."""
        ...


def find_inputs(request: BuildRequest, lookout: Lookout | None = None) -> Inputs:
    """Look at the raw roots; read only files whose digest is not known yet.

    Args:
        request: the build.
        lookout: reads files for this; null for this process.

    Raises:
        ChanceryError: a raw root does not exist, or holds nothing at all.
    """
    found = discover(request.raw, request.listings)
    if not found.files and not found.problems:
        places = ", ".join(str(root) for root in request.raw)
        raise ChanceryError(f"there is no file under {places}; put a dump there or name another place with --raw.")
    digests = file_digests(
        found.files,
        request.workspace.file_state,
        fresh=request.fresh,
        workers=request.workers,
        compute=None if lookout is None else lookout.digests,
    )
    code = code_digest()
    indexes = _indexes(request, found, digests, code, lookout)
    listed = sorted(digests[file.raw_path] for file in indexes)  # every slice depends on them
    slices = plan_slices(found.files, digests, code_fingerprint(request.options, listed))
    options = _with_cdx(request, indexes, slices, lookout)
    facts = [
        [piece.key for piece in slices],
        [[problem.raw_path, problem.reason] for problem in found.problems],
        _tree_digest(request.previous),
        _tree_digest(request.withdrawals),
    ]
    fingerprint = hashlib.sha256(json.dumps([code, facts]).encode()).hexdigest()
    return Inputs(found, slices, options, digests, fingerprint, code)


@dataclass(frozen=True, slots=True)
class InputState:
    """What the reading stage read, for the stages that follow: raw files may change while a build runs."""

    fingerprint: str
    code: str
    slices: tuple[str, ...]
    """Keys of the slices, in the order of the plan."""


def keep_state(workspace: Workspace, inputs: Inputs) -> None:
    """Keep what the reading stage found."""
    slices = [piece.key for piece in inputs.slices]
    write_json(workspace.staging / _STATE, asdict(InputState(inputs.fingerprint, inputs.code, tuple(slices))))


def kept_state(workspace: Workspace) -> InputState:
    """What the staged tables were made from."""
    state = json.loads((workspace.staging / _STATE).read_text(encoding="utf-8"))
    return InputState(state["fingerprint"], state["code"], tuple(state["slices"]))


def _with_cdx(
    request: BuildRequest, indexes: list[RawFile], slices: tuple[Slice, ...], lookout: Lookout | None
) -> ReadOptions:
    """Load what CDX files list, unless every slice is read already and nobody will ask."""
    is_read = not request.fresh and all((request.workspace.slices / piece.key).is_dir() for piece in slices)
    if is_read or not indexes:
        return request.options
    from pipeline.ingest import cdx

    return replace(request.options, cdx=(lookout or cdx).load_index(indexes, request.options))


def _indexes(
    request: BuildRequest, found: Discovery, digests: dict[str, str], code: str, lookout: Lookout | None
) -> list[RawFile]:
    """The CDX files of the dump; a file whose content the same code looked at before is not opened again."""
    state = request.workspace.index_state
    known = {} if request.fresh else _load_flags(state, code)
    unknown = [file for file in found.files if digests[file.raw_path] not in known]
    if unknown:
        from pipeline.ingest import cdx

        indexes = {file.raw_path for file in (lookout or cdx).find_indexes(unknown)}
        known |= {digests[file.raw_path]: file.raw_path in indexes for file in unknown}
        write_json(state, {"code": code, "is_index": {digest: known[digest] for digest in set(digests.values())}})
    return [file for file in found.files if known[digests[file.raw_path]]]


def _load_flags(path: Path, code: str) -> dict[str, bool]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        return dict(loaded["is_index"]) if loaded["code"] == code else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def code_digest() -> str:
    """Digest of this project's code and of the libraries that decide values."""
    root = Path(__file__).resolve().parents[2]
    versions = [version(library) for library in ("polars", "pyarrow", "rapidfuzz", "pycountry", "tzdata", "pandera")]
    digest = hashlib.sha256(json.dumps([*versions, unidata_version]).encode())
    for folder in ("pipeline", "schemas", "tests/gold"):  # the gold files decide `quality_measures`
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _tree_digest(path: Path | None) -> str | None:
    """Digest of a release by its checksums, or of a single file."""
    if path is None:
        return None
    file = path / "SHA256SUMS" if path.is_dir() else path
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ChanceryError(f"{file} cannot be read ({error.strerror}); a release has a SHA256SUMS file.") from error
