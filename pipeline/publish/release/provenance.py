"""What a release was made from and with: raw inputs by digest, code by digest, libraries by version.

Nothing here depends on where or when a release is made. The Python version is left out: it changes no byte.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path

import polars as pl

PACKAGE = "chancery"


@dataclass(frozen=True, slots=True)
class Code:
    """The program that makes a release."""

    version: str
    sha256: str
    """Over names and bytes of all files of `pipeline/` and `schemas/`."""
    dependencies: dict[str, str]
    """Version of each library the project names as its own dependency."""


@cache
def code() -> Code:
    """The program that runs."""
    root = Path(__file__).resolve().parents[3]
    digest = hashlib.sha256()
    for folder in ("pipeline", "schemas"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root).as_posix()}\n{path.stat().st_size}\n".encode())
                digest.update(path.read_bytes())
    return Code(version(PACKAGE), digest.hexdigest(), dict(sorted((name, version(name)) for name in _dependencies())))


def raw_inputs(raw_records: pl.LazyFrame) -> pl.DataFrame:
    """Raw files by digest: raw_path, raw_format, n_records and sha256, sorted by raw_path.

    The digest is over one line per record, in order: its number, a tab, its payload's SHA-256 (nothing where it could
    not be read), a line feed.
    """
    line = pl.concat_str(pl.col("record_no"), pl.lit("\t"), pl.col("sha256").fill_null(""), pl.lit("\n"))
    return (
        raw_records.sort("raw_path", "record_no")
        .group_by("raw_path", maintain_order=True)
        .agg(pl.col("raw_format").first(), n_records=pl.len().cast(pl.Int64), lines=line.str.join(""))
        .with_columns(
            sha256=pl.col("lines").map_elements(
                lambda lines: hashlib.sha256(lines.encode()).hexdigest(), return_dtype=pl.String
            )
        )
        .drop("lines")
        .collect()
    )


def _dependencies() -> list[str]:
    found = []
    for requirement in requires(PACKAGE) or ():
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name is not None and "extra ==" not in requirement:
            found.append(name.group().lower())
    return found
