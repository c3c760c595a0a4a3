"""From a corpus in JSON Lines, packed or not, to one record per line.

The one decision made here: a line is read by itself. One that is no JSON object, or longer than the limit, is one
rejected record; the lines around it go through, and no more than one of them is held at a time.
"""

import hashlib
import json
from collections.abc import Iterator

from pydantic_core import from_json

from pipeline.ingest.corpora_columns import Layout, column_names, layout_of, row_record
from pipeline.ingest.lines import ByteLine, lines
from pipeline.ingest.reader import RawFile, ReadOptions, left_out, rejected
from pipeline.ingest.unpack import packing_of, stream
from pipeline.records import Outcome, RawRecord


class JsonlReader:
    """Reads JSON Lines, one page per line."""

    raw_format = "jsonl"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield one record per line that is not blank."""
        with file.path.open("rb") as opened:
            is_packed = packing_of(opened.read(64)) is not None
        layouts: dict[tuple[str, ...], Layout] = {}
        for record_no, line in enumerate(lines(stream(file.path), options.max_record_bytes)):
            if not file.share.holds(record_no):
                yield left_out(file.raw_path, record_no, self.raw_format)
                continue
            record = self._record(file.raw_path, record_no, line, options, layouts)
            # Within a packed file a byte offset leads nowhere: there the record's number is its place.
            yield record if is_packed else record._replace(offset=line.offset, length=line.length)

    def _record(
        self,
        raw_path: str,
        record_no: int,
        line: ByteLine,
        options: ReadOptions,
        layouts: dict[tuple[str, ...], Layout],
    ) -> RawRecord:
        if line.content is None:
            detail = f"line {record_no + 1} has {line.length:,} bytes, above the limit of {options.max_record_bytes:,}."
            return self._rejected(raw_path, "record_too_large", detail, record_no)
        try:
            row = _parsed(line.content)
        except (ValueError, RecursionError) as error:
            row = None
            problem = type(error).__name__
        else:
            problem = "it is no object"
        if not isinstance(row, dict):
            record = self._rejected(
                raw_path, "bad_json", f"line {record_no + 1} is no JSON row ({problem}).", record_no
            )
            return record._replace(sha256=hashlib.sha256(line.content).hexdigest())
        names = column_names(row)
        layout = layouts.get(names)
        if layout is None:
            layout = layout_of(names, options.corpus_columns, options.corpus_keeps_lists)
            if len(layouts) < _MAX_LAYOUTS:
                layouts[names] = layout
        if str(row.get("format", "")).startswith("json-pages") and layout.url is None:
            return RawRecord(raw_path, record_no, self.raw_format, Outcome.NOT_A_PAGE, reason="index")
        if layout.text is None and not layout.keeps_lists:
            known = ", ".join(names[:12])
            detail = f"line {record_no + 1} has no text column among {known}; name it with --column text=NAME."
            return self._rejected(raw_path, "no_text_column", detail, record_no)
        return row_record(row, layout, options, raw_path, record_no, self.raw_format)

    def _rejected(self, raw_path: str, reason: str, detail: str, record_no: int) -> RawRecord:
        return rejected(raw_path, reason, detail, record_no=record_no, raw_format=self.raw_format)


def _parsed(content: bytes) -> object:
    """Return what a line of JSON says.

    Pydantic's parser takes half the time of `json.loads`, but refuses some of what that reads: lone surrogates, other
    encodings than UTF-8, hundreds of brackets in each other.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    try:
        return from_json(content)
    except ValueError:
        return json.loads(content)


# Rows of one corpus share a few sets of names; without a bound, rows with names of their own would fill the memory.
_MAX_LAYOUTS = 1000
