"""From a WACZ file (web archive collection, zipped) to the ledger records of the WARC files in it.

The one decision made here: what a WACZ's own lists are worth. Its WARC records are the truth; `datapackage.json`, its
digest and the list of pages are checked against them, and each disagreement becomes one `not_a_page` record that says
so (`wacz_datapackage_mismatch`, `wacz_pages_mismatch`). Nothing is extracted: `zip_entries` reads in place.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from zipfile import BadZipFile

from pipeline.ingest.reader import RawFile, ReadOptions, RejectedFileError, printable, rejected
from pipeline.ingest.warc import read_warc
from pipeline.ingest.zip_entries import Entry, ZipEntries
from pipeline.records import Outcome, RawRecord
from pipeline.urls import urlkey

_WARC_NAMES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
_BROKEN = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError)
_MAX_LIST_BYTES = 64 * 1024 * 1024
_PIECE = 256 * 1024


class WaczReader:
    """Reads a WACZ file."""

    raw_format = "wacz"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield every WARC record of the file, then what its own lists say otherwise.

        Raises:
            RejectedFileError: `no_records` where it holds no WARC record.
        """
        package = ZipEntries(file.path)
        try:
            yield from _Reading(file, options, package).records()
        finally:
            package.close()


@dataclass
class _Reading:
    """One pass over one WACZ file."""

    file: RawFile
    options: ReadOptions
    package: ZipEntries
    next_no: int = 0
    seen: set[str] = field(default_factory=set)
    """Keys of the URLs that the WARC records carry."""

    def records(self) -> Iterator[RawRecord]:
        for entry in self.package.entries:
            if entry.name.lower().endswith(_WARC_NAMES):
                yield from self._of_warc(entry)
        if self.package.is_clipped:
            detail = f"the ZIP's directory is missing: the file is clipped; {self.next_no} records could be read."
            yield self._rejection("clipped_zip", detail)
        elif self.next_no == 0:
            raise RejectedFileError("no_records", "it holds no WARC record.")
        else:
            for reason, detail in (*self._datapackage_faults(), *self._page_faults()):
                yield self._rejection(reason, detail)._replace(outcome=Outcome.NOT_A_PAGE)

    def _of_warc(self, entry: Entry) -> Iterator[RawRecord]:
        try:
            with self.package.open(entry) as stream:
                for record in read_warc(
                    stream,
                    entry.size,
                    self.file.raw_path,
                    self.options,
                    raw_format="wacz",
                    first_no=self.next_no,
                    share=self.file.share,
                ):
                    self.next_no = record.record_no + 1
                    if record.url:
                        self.seen.add(urlkey(record.url))
                    yield _placed(record, entry)
        except RejectedFileError as error:
            yield self._rejection(error.reason, f"{printable(entry.name)}: {error.detail}")
        except _BROKEN as error:
            yield self._rejection("corrupt_member", f"{printable(entry.name)} cannot be read on ({error}).")

    def _rejection(self, reason: str, detail: str) -> RawRecord:
        record = rejected(self.file.raw_path, reason, detail, record_no=self.next_no, raw_format="wacz")
        self.next_no += 1
        return record

    def _datapackage_faults(self) -> Iterator[tuple[str, str]]:
        """Yield what `datapackage.json` and its digest say that the entries do not bear out."""
        reason = "wacz_datapackage_mismatch"
        by_name = {entry.name: entry for entry in self.package.entries}
        content = self._content(by_name.get("datapackage.json"))
        if content is None:
            yield reason, "it has no datapackage.json that can be read."
            return
        promised = _mapping(self._content(by_name.get("datapackage-digest.json"))).get("hash")
        if isinstance(promised, str) and not _fits(promised, {"sha256": hashlib.sha256(content).hexdigest()}):
            yield reason, "datapackage.json is not the one that datapackage-digest.json vouches for."
        resources = _mapping(content).get("resources")
        for resource in resources if isinstance(resources, list) else ():
            if not isinstance(resource, dict) or not isinstance(resource.get("path"), str):
                yield reason, "datapackage.json lists a resource without a path."
                continue
            path = cast("str", resource["path"])
            entry = by_name.get(path)
            if entry is None:
                yield reason, f"datapackage.json lists {printable(path)}, which is not there."
            elif not self._is_as_listed(entry, resource):
                yield reason, f"{printable(path)} differs from what datapackage.json says of it."

    def _is_as_listed(self, entry: Entry, resource: Mapping[str, Any]) -> bool:
        size, promised = resource.get("bytes"), resource.get("hash")
        if isinstance(size, int) and size != entry.size:
            return False
        if not isinstance(promised, str) or promised.partition(":")[0] not in ("sha256", "md5"):
            return True
        digest = hashlib.new(promised.partition(":")[0], usedforsecurity=False)
        try:
            with self.package.open(entry) as stream:
                while piece := stream.read(_PIECE):
                    digest.update(piece)
        except _BROKEN:
            return False
        return digest.hexdigest() == promised.partition(":")[2].lower()

    def _page_faults(self) -> Iterator[tuple[str, str]]:
        """Yield which pages of `pages.jsonl` have no WARC record."""
        for entry in self.package.entries:
            if entry.name != "pages/pages.jsonl":
                continue
            content = self._content(entry) or b""
            urls = [url for line in content.splitlines() if isinstance(url := _mapping(line).get("url"), str)]
            missing = [url for url in urls if urlkey(url) not in self.seen]
            if missing:
                first = printable(missing[0])
                yield (
                    "wacz_pages_mismatch",
                    f"{len(missing)} of {len(urls)} listed pages have no record, first {first}.",
                )

    def _content(self, entry: Entry | None) -> bytes | None:
        if entry is None:
            return None
        try:
            with self.package.open(entry) as stream:
                return stream.read(_MAX_LIST_BYTES)
        except _BROKEN:
            return None


def _placed(record: RawRecord, entry: Entry) -> RawRecord:
    """Return the record with its place in the WACZ file itself; null where the entry is deflated."""
    if record.offset is None:
        return record
    if entry.data_offset is None:
        return record._replace(offset=None, length=None)
    return record._replace(offset=entry.data_offset + record.offset)


def _mapping(content: bytes | None) -> Mapping[str, Any]:
    try:
        value = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _fits(promised: str, digests: Mapping[str, str]) -> bool:
    kind, _, value = promised.partition(":")
    return digests.get(kind, value.lower()) == value.lower()
