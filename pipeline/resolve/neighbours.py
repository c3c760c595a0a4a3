"""From links between things to neighbourhoods: what can be resolved without looking at anything else.

The decision made here: a neighbourhood may be too large, never too small. Where listing pairs would take more than the
comparing they save, all things under a key are one neighbourhood.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl

_MOST_LISTED: Final = 400
"""Things under one key of which pairs are listed; of more, all are neighbours."""


def neighbourhoods(n_things: int, links: pl.DataFrame) -> list[int]:
    """For each thing, by its number, the smallest number in its neighbourhood.

    Args:
        n_things: things are numbered from 0.
        links: two columns of numbers; what is linked, over any number of steps, is one neighbourhood.
    """
    parents = list(range(n_things))
    for one, other in links.unique().iter_rows():
        a, b = _root(parents, one), _root(parents, other)
        if a != b:
            parents[max(a, b)] = min(a, b)
    return [_root(parents, thing) for thing in range(n_things)]


def _root(parents: list[int], thing: int) -> int:
    while parents[thing] != thing:
        parents[thing] = parents[parents[thing]]
        thing = parents[thing]
    return thing


def chain(things: pl.DataFrame, by: Iterable[str]) -> pl.DataFrame:
    """Links that make one neighbourhood of all things that agree in the columns named: `thing`, `other`."""
    return things.select("thing", other=pl.col("thing").min().over(list(by))).filter(pl.col("thing") != pl.col("other"))


def pairs(things: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All pairs of things under one key, to be filtered: their columns and, with the suffix `_other`, the second's.

    Args:
        things: `key`, `thing` and other columns, of which nothing else depends on the thing: of things that agree in
            all of them one stands for all, and is paired with itself as well where there are others.

    Returns:
        The pairs; and links, `thing` and `other`, that hold without a filter: under keys of too many things.
    """
    alike = [name for name in things.columns if name != "thing"]
    kinds = things.group_by(alike).agg(pl.col("thing").min())
    is_crowded = pl.len().over("key") > _MOST_LISTED
    listed = kinds.filter(~is_crowded)
    found = listed.join(listed, on="key", suffix="_other").filter(pl.col("thing") < pl.col("thing_other"))
    crowded = things.join(kinds.filter(is_crowded).select("key").unique(), on="key", how="semi")
    return found, pl.concat([chain(things, alike), chain(crowded, ["key"])])
