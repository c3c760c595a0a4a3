"""From rows to CSV that is safe to open in a spreadsheet.

A cell of text that a spreadsheet would read as a formula gets an apostrophe in front (OWASP, "CSV injection"); numbers
and days are no text and stay as they are. The file begins with a byte order mark, without which spreadsheets read
UTF-8 as something else.
"""

import csv
import io
from typing import Final

import polars as pl

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula, full-width forms included."""


def csv_text(rows: pl.DataFrame) -> str:
    """The rows with a header line; null is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.columns)
    for row in rows.iter_rows():
        writer.writerow([_cell(value) for value in row])
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(FORMULA_STARTS):
        return "'" + value
    return value
