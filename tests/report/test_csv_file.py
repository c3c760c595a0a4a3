"""CSV files that are safe to open in a spreadsheet and give the rows back."""

import io
from datetime import date

import polars as pl
import pytest

from pipeline.report.csv_file import csv_text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0@"])
def test_a_cell_that_reads_as_a_formula_is_led_by_an_apostrophe(start: str) -> None:
    text = csv_text(pl.DataFrame({"title": [f"{start}HYPERLINK(1)"]}))
    cell = text.partition("\r\n")[2]
    assert cell.lstrip('"').startswith("'")


def test_numbers_and_days_stay_as_they_are() -> None:
    text = csv_text(pl.DataFrame({"n": [-3], "value": [-0.5], "on": [date(2019, 11, 6)], "none": [None]}))
    assert text == "\ufeffn,value,on,none\r\n-3,-0.5,2019-11-06,\r\n"


def test_a_reader_gets_the_rows_back() -> None:
    rows = pl.DataFrame({"title": ['He said "yes", twice', "two\nlines", "Ежегодная – “речь”"], "n": [1, 2, 3]})
    assert pl.read_csv(io.BytesIO(csv_text(rows).encode())).equals(rows)


def test_a_table_without_rows_still_names_its_columns() -> None:
    assert csv_text(pl.DataFrame(schema={"a": pl.String, "b": pl.Int64})) == "\ufeffa,b\r\n"
