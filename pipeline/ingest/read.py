"""From one raw file to its ledger records, whatever the file is.

The one decision made here: nothing a file holds can stop the build. Whatever a reader raises becomes a rejected record
after those it has given, and a file that gives no record at all gets one that says so; so every file of every dump has
at least one row in the ledger.
"""

import hashlib
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from pipeline.ingest.cdx import complete
from pipeline.ingest.detect import Detection, detect
from pipeline.ingest.reader import RawFile, Reader, ReadOptions, RejectedFileError, rejected
from pipeline.ingest.unpack import READABLE
from pipeline.records import Outcome, RawRecord
from pipeline.urls import is_same_site, urlkey

# Readers are named, not imported: most builds need one or two of them, and some load libraries that take their time.
_READERS: Mapping[str, tuple[str, str]] = {
    "text": ("pipeline.ingest.text", "TextReader"),
    "html": ("pipeline.ingest.html_files", "HtmlFileReader"),
    "jsonl": ("pipeline.ingest.corpora_jsonl", "JsonlReader"),
    "parquet": ("pipeline.ingest.corpora_parquet", "ParquetReader"),
    "cdx": ("pipeline.ingest.cdx", "CdxReader"),
    "warc": ("pipeline.ingest.warc", "WarcReader"),
    "arc": ("pipeline.ingest.arc", "ArcReader"),
    "wacz": ("pipeline.ingest.wacz", "WaczReader"),
}
_NO_RECORD = {
    "empty": ("empty", "it is empty."),
    "lfs_pointer": ("lfs_pointer", "it is a Git LFS pointer, not the file itself; run `git lfs pull`."),
    "binary": ("binary", "it is neither text nor any form of dump that is known."),
    "packed": ("unsupported_compression", "it is packed in a way that cannot be read; unpack it and run again."),
}
_HOUSEKEEPING = frozenset(
    {".ds_store", "thumbs.db", "desktop.ini", ".gitkeep", ".gitignore", ".gitattributes", ".downloaded.txt"}
)
# Text that servers offer to machines; mirrors of a site hold it beside the pages.
_FOR_MACHINES = frozenset({"robots.txt", "humans.txt", "ads.txt", "security.txt"})
_DOCUMENTATION = frozenset({"readme.md", "readme.txt", "readme", "readme.rst", "license", "license.txt", "license.md"})


def read_file(file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
    """Yield every record of a raw file in file order; never raises for what the file holds.

    A whole file gives one record at least; of a share of one, those that it holds.
    """
    for record in _every_record(file, options):
        if file.share.holds(record.record_no):
            yield _completed(record, options)


def _every_record(file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
    """Yield the records of all shares, and one for whatever keeps the file from being read to its end."""
    next_no = 0
    raw_format = "unknown"
    try:
        detection = detect(file)
        raw_format = detection.form if detection.form in _READERS else "unknown"
        for record in _records(file, detection, options):
            next_no = record.record_no + 1
            raw_format = record.raw_format
            yield record
        if next_no == 0:
            yield _rejection(file, raw_format, 0, "no_records", "no record was found in it.")
    except RejectedFileError as error:
        yield _rejection(file, raw_format, next_no, error.reason, error.detail)
    except OSError as error:
        detail = f"it could not be read ({error.strerror or error}); check its permissions and the disk."
        yield _rejection(file, raw_format, next_no, "unreadable", detail)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever a broken file makes a library raise must not stop the others
        detail = f"reading stopped after {next_no} records ({type(error).__name__}: {_one_line(error)})."
        yield _rejection(file, raw_format, next_no, "reader_failed", detail)


def _records(file: RawFile, detection: Detection, options: ReadOptions) -> Iterator[RawRecord]:
    """Yield the records that the file's form gives."""
    name = file.raw_path.rpartition("/")[2].lower()
    if name in _HOUSEKEEPING or name.startswith("._"):
        yield _whole_file(file, "housekeeping", None)
    elif name in _DOCUMENTATION:
        yield _whole_file(file, "documentation", None)
    elif name in _FOR_MACHINES:
        yield _whole_file(file, "media_type", "text/plain")
    elif detection.form == "media":
        yield _whole_file(file, "media_type", detection.media_type)
    elif detection.form == "packed" and detection.packing in READABLE:
        detail = f"its {detection.packing} stream is damaged or cut off; fetch it anew."
        raise RejectedFileError("damaged_compression", detail)
    elif detection.form in _NO_RECORD:
        reason, detail = _NO_RECORD[detection.form]
        raise RejectedFileError(reason, detail)
    else:
        yield from _reader(detection.form).read(file, options)


def _completed(record: RawRecord, options: ReadOptions) -> RawRecord:
    """Fill in what an index beside the dump knows, and turn away pages of other sites."""
    if options.cdx is not None:
        record = complete(record, options.cdx)
    if (
        record.outcome is Outcome.PAGE
        and options.site_hosts
        and record.url is not None
        and not is_same_site(urlkey(record.url), options.site_hosts)
    ):
        return record._replace(outcome=Outcome.NOT_A_PAGE, reason="other_site", page=None)
    return record


def _rejection(file: RawFile, raw_format: str, record_no: int, reason: str, detail: str) -> RawRecord:
    """Return the record of a file, or of the rest of one, that could not be read."""
    record = rejected(file.raw_path, reason, detail, record_no=record_no, raw_format=raw_format)
    return record._replace(offset=0, length=file.size) if record_no == 0 else record


def _whole_file(file: RawFile, reason: str, media_type: str | None) -> RawRecord:
    """Return the record of a file that is sound but no page."""
    with file.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return RawRecord(
        raw_path=file.raw_path,
        record_no=0,
        raw_format="unknown",
        outcome=Outcome.NOT_A_PAGE,
        reason=reason,
        offset=0,
        length=file.size,
        media_type=media_type,
        sha256=digest,
    )


def _reader(form: str) -> Reader:
    module, name = _READERS[form]
    return cast("Reader", getattr(import_module(module), name)())


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
