"""Comparisons of wordings that need not be made again: those of the last good build, and those another engine made.

Only what the same code decided is taken over, and `pipeline.resolve.events` takes of it only what depends on the two
wordings alone, so that it changes no result.
"""

import polars as pl

from pipeline.resolve.events import DECISIONS_SCHEMA
from pipeline.summary import load_last_build
from pipeline.workspace import Workspace


def earlier_decisions(workspace: Workspace, code: str) -> pl.DataFrame | None:
    """All decisions by this code (`Inputs.code`) that are at hand, null where there are none."""
    kept = workspace.caches / f"decisions-{code}.parquet"
    published = workspace.table("event_match_decisions")
    known = load_last_build(workspace.build_state)
    found = [kept] if kept.is_file() else []
    if known is not None and known.code == code and published.is_file():
        found.append(published)
    return (
        pl.concat([pl.read_parquet(path, glob=False).select(DECISIONS_SCHEMA.names()) for path in found])
        if found
        else None
    )


def keep_decisions(workspace: Workspace, code: str, decisions: pl.DataFrame) -> None:
    """Keep decisions for the builds that follow, in place of any kept before."""
    workspace.caches.mkdir(parents=True, exist_ok=True)
    for path in workspace.caches.glob("decisions-*.parquet"):
        path.unlink()
    path = workspace.caches / f"decisions-{code}.parquet"
    temporary = path.with_suffix(".tmp")
    decisions.write_parquet(temporary)
    temporary.replace(path)
