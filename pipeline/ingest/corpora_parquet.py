"""From a corpus in Parquet to one record per row.

The one decision made here: only the columns that matter are read, a bounded slice of rows at a time, and a row group
that cannot be read costs its own rows alone: it is one rejected record, the groups after it go through.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.ingest.corpora_columns import Layout, layout_of, row_record
from pipeline.ingest.reader import RawFile, ReadOptions, RejectedFileError, left_out, rejected
from pipeline.records import RawRecord

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_SLICE_BYTES = 8 * 1024 * 1024
_MAX_SLICE_ROWS = 1024


class ParquetReader:
    """Reads a Parquet file, one page per row."""

    raw_format = "parquet"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield one record per row, and one for each row group that cannot be read to its end."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            opened = pq.ParquetFile(file.path, pre_buffer=False, buffer_size=1024 * 1024)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, PermissionError):
                raise
            raise RejectedFileError(
                "damaged_parquet", "its Parquet footer is damaged or missing; fetch it anew."
            ) from error
        with opened:
            names = tuple(_names(opened.schema_arrow))
            layout = layout_of(names, options.corpus_columns, options.corpus_keeps_lists)
            if layout.text is None:
                detail = f"it has no text column among {', '.join(names[:12])}; name it with --column text=NAME."
                raise RejectedFileError("no_text_column", detail)
            record_no = 0
            for group in range(opened.num_row_groups):
                try:
                    for row in _rows(opened, group, layout):
                        if file.share.holds(record_no):
                            yield row_record(row, layout, options, file.raw_path, record_no, self.raw_format)
                        else:
                            yield left_out(file.raw_path, record_no, self.raw_format)
                        record_no += 1
                except (pa.ArrowException, OSError, UnicodeDecodeError):
                    detail = f"row group {group} is damaged; its rows from row {record_no} on were left out."
                    yield rejected(
                        file.raw_path, "damaged_parquet", detail, record_no=record_no, raw_format=self.raw_format
                    )
                    record_no += 1


def _rows(opened: "pq.ParquetFile", group: int, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield the rows of one row group, as few at a time as their size asks for."""
    facts = opened.metadata.row_group(group)
    row_bytes = max(1, facts.total_byte_size // max(1, facts.num_rows))
    n_rows = max(1, min(_MAX_SLICE_ROWS, _SLICE_BYTES // row_bytes))
    batches = opened.iter_batches(
        batch_size=n_rows, row_groups=[group], columns=list(layout.columns), use_threads=False
    )
    for batch in batches:
        yield from batch.to_pylist()


def _names(schema: "pa.Schema") -> Iterator[str]:
    """Yield the names of all columns, nested ones joined by dots."""
    for field in schema:
        yield from _field_names(field, "")


def _field_names(field: "pa.Field[Any]", prefix: str) -> Iterator[str]:
    import pyarrow as pa

    yield prefix + field.name
    if pa.types.is_struct(field.type):
        for child in field.type:
            yield from _field_names(child, f"{prefix}{field.name}.")
