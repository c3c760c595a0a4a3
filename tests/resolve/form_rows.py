"""The columns of wordings that the tests of clusters and neighbourhoods make."""

from typing import Final

import polars as pl

from tests.simulation.frames import Schema

FORM_COLUMNS: Final[Schema] = {
    "form_id": pl.String,
    "published_on": pl.Date,
    "title": pl.String,
    "teaser": pl.String,
    "is_cut": pl.Boolean,
    "n_observations": pl.Int64,
    "first_captured_at": pl.Datetime("us", "UTC"),
    "last_captured_at": pl.Datetime("us", "UTC"),
}
