"""Finished tables in an object store: all tables of a build come into view in one step, by one object.

The decision made here: a build's tables lie under a prefix named by their content, `tables/<digest>/<table>.parquet`,
and are never written over; `tables/current.json` names the prefix and is written last. Whoever begins with it sees
one build whole, and never one half there. The build before stays for those who are still reading; older ones go.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import ChanceryError
from pipeline.progress import Progress
from pipeline.storage.place import ObjectStore, Place, told

CURRENT: Final = "tables/current.json"
"""Below the place: what the last whole build is."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying a build's tables."""

    url: str
    """Of the folder with the tables."""
    n_sent: int
    """Tables that were not there yet."""


def copy_tables(folder: Path, place: Place, store: ObjectStore, progress: Progress) -> Copied:
    """Copy a folder of tables to a place in a store and put them in view.

    Raises:
        ChanceryError: the store refuses, or gives back other rows or columns than it was given.
    """
    client = store.client()
    files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    digests = {name: _sha256(path) for name, path in files.items()}
    build = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:32]
    with told(place):
        before = _current(place, client)
        there = _sizes(place, client, build)
        missing = {name: path for name, path in files.items() if there.get(name) != path.stat().st_size}
        if missing:
            progress.start("upload", sum(path.stat().st_size for path in missing.values()), "bytes")
        for name, path in missing.items():
            # an object appears when its last byte has arrived, so one of the right size is the whole file
            client.upload_file(str(path), place.bucket, place.key(_name(build, name)))
            progress.advance(path.stat().st_size)
        if missing:
            progress.finish()
        _verify(files, place, store, build)
        if before.get("build") != build:
            told_of = {name: {"sha256": digests[name], "size": files[name].stat().st_size} for name in files}
            current = {"build": build, "before": before.get("build"), "tables": told_of}
            body = json.dumps(current, indent=2, sort_keys=True) + "\n"
            client.put_object(
                Bucket=place.bucket,
                Key=place.key(CURRENT),
                Body=body.encode(),
                ContentType="application/json",
                CacheControl="no-cache",
            )
            _remove_others(place, client, {build, str(before.get("build"))})
    return Copied(f"{place.url.rstrip('/')}/tables/{build}/", len(missing))


def look(place: Place, store: ObjectStore) -> None:
    """Ask a place what is in view, so that a wrong name or credential is told before a build and not after it.

    Raises:
        ChanceryError: the store refuses or cannot be reached.
    """
    with told(place):
        _current(place, store.client())


def current_tables(place: Place, store: ObjectStore) -> Mapping[str, str]:
    """URL of each table of the build that is in view.

    Raises:
        ChanceryError: there is none, or the store cannot be reached.
    """
    with told(place):
        current = _current(place, store.client())
    if not current:
        raise ChanceryError(
            f"there are no tables at {place.url}; `chancery build --copy-to {place.url}` puts them there."
        )
    return {name: _url(place, current["build"], name) for name in sorted(current["tables"])}


def _name(build: str, table: str) -> str:
    return f"tables/{build}/{table}.parquet"


def _url(place: Place, build: str, table: str) -> str:
    return f"s3://{place.bucket}/{place.key(_name(build, table))}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _current(place: Place, client: Any) -> dict[str, Any]:
    """The object that names the build in view, empty where there is none."""
    try:
        body = client.get_object(Bucket=place.bucket, Key=place.key(CURRENT))["Body"]
    except client.exceptions.NoSuchKey:
        return {}
    with body:
        current: dict[str, Any] = json.loads(body.read())
        return current


def _sizes(place: Place, client: Any, build: str) -> dict[str, int]:
    """Size of each table that is there, by name."""
    prefix = place.key(f"tables/{build}/")
    listing = client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=prefix)
    found = [item for page in listing for item in page.get("Contents", [])]
    return {item["Key"].removeprefix(prefix).removesuffix(".parquet"): item["Size"] for item in found}


def _verify(files: Mapping[str, Path], place: Place, store: ObjectStore, build: str) -> None:
    """Read columns and number of rows back as readers will, through pyarrow and polars, before anyone is told."""
    system, options = store.for_pyarrow(), store.for_polars()
    for name, path in files.items():
        url = _url(place, build, name)
        try:
            columns = pq.read_schema(url.removeprefix("s3://"), filesystem=system)
            n_rows = pl.scan_parquet(url, storage_options=options).select(pl.len()).collect().item()
        except (OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
            raise ChanceryError(f"{url} cannot be read back: {error}") from error
        if not columns.equals(pq.read_schema(path), check_metadata=True) or n_rows != pq.read_metadata(path).num_rows:
            raise ChanceryError(f"{url} gives back something else than was sent; remove it and run the command again.")


def _remove_others(place: Place, client: Any, kept: set[str]) -> None:
    """Remove the tables of builds that nobody is pointed to any more."""
    prefix = place.key("tables/")
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            build, separator, _ = item["Key"].removeprefix(prefix).partition("/")
            if separator and build not in kept:
                client.delete_object(Bucket=place.bucket, Key=item["Key"])
