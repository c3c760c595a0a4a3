r"""CSV twins of headline tables: for spreadsheets, which run as a formula what begins like one.

The form: RFC 4180, UTF-8, lines ended by CR LF, header line; text always in quotes, everything else never, null as
nothing at all (an empty text is `""`); days and instants in ISO 8601, `true` and `false`. The escaping, which can be
undone: a text that begins with `=`, `+`, `-`, `@`, one of their full-width forms, a tab, a line end or an apostrophe
gets an apostrophe in front; so a reader takes one apostrophe off every text that begins with one. Packed with gzip, no
time in its header.
"""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ESCAPED: Final = (*FORMULA_STARTS, "'")
_LEVEL: Final = 6


def write_csv_twin(columns: Iterable[str], frames: Iterable[pl.DataFrame], path: Path) -> None:
    """Write rows as gzipped CSV."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
        packed.write((",".join(_quoted(name) for name in columns) + "\r\n").encode())
        for frame in frames:
            packed.write("".join(csv_lines(frame)).encode())


def csv_lines(frame: pl.DataFrame) -> Iterable[str]:
    """The rows of a frame as lines, line ends included."""
    texts = frame.with_columns(
        pl.col(pl.Date).dt.strftime("%Y-%m-%d"), pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    )
    is_text = [dtype == pl.String for dtype in frame.dtypes]
    for row in texts.iter_rows():
        yield ",".join(_cell(value, text) for value, text in zip(row, is_text, strict=True)) + "\r\n"


def unescape(text: str) -> str:
    """What stood in the table before it was escaped for CSV."""
    return text.removeprefix("'")


def _cell(value: object, is_text: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not is_text or not isinstance(value, str):
        return str(value)
    return _quoted(f"'{value}" if value.startswith(_ESCAPED) else value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
