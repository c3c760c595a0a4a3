"""`chancery build`: arguments to a request, progress while it runs, and what it came to."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from pipeline.commands.options import debug_option, outputs_option
from pipeline.commands.summary_text import summary_lines
from pipeline.commands.terminal import listener
from pipeline.defaults import newest_release, withdrawals_file
from pipeline.errors import ChanceryError
from pipeline.ingest.reader import CorpusColumns, ReadOptions
from pipeline.progress import Progress
from pipeline.request import SITE_HOSTS, BuildRequest
from pipeline.storage.place import SCHEME, ObjectStore, Place, parse_place
from pipeline.summary import BuildSummary

_EXISTING = click.Path(path_type=Path, exists=True)


_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class _RawRoot(click.Path):
    """A file or folder that exists, or the URL of another place, which stays a string."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check a path; a place is checked where it is read."""
        return value if _URL.match(str(value)) else super().convert(value, param, ctx)


@click.command(name="build")
@click.option(
    "--raw",
    "raw",
    multiple=True,
    type=_RawRoot(path_type=Path, exists=True),
    metavar="PATH",
    help="A folder of raw dumps, one file, s3://BUCKET/PREFIX or, with Spark, any URL that it reads; may be given "
    "several times.  [default: raw]",
)
@outputs_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that read and compare.  [default: one per processor]",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="RELEASE",
    help="Folder of the release whose ids are continued.  [default: the newest under OUTPUTS/releases]",
)
@click.option(
    "--withdrawals", type=_EXISTING, metavar="FILE", help="List of withdrawn items.  [default: withdrawals.toml]"
)
@click.option("--fresh", is_flag=True, help="Read everything again and trust nothing an earlier build left.")
@click.option("--strict", is_flag=True, help="Exit with 1 when records were rejected or rows quarantined.")
@click.option(
    "--site",
    "sites",
    multiple=True,
    metavar="HOST",
    help=f"Host whose captures are wanted, * for any; may be given several times.  [default: {', '.join(SITE_HOSTS)}]",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    help="Column of a JSONL or Parquet corpus that holds its text, url, time or identity.",
)
@click.option(
    "--corpus-lists/--no-corpus-lists",
    default=None,
    help="Whether the corpora keep the pages' lists.  [default: as known of each layout]",
)
@click.option("--max-record-mb", type=click.IntRange(min=1), default=64, show_default=True, help="Largest record read.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="What reads and compares: this machine's processors, or a Spark cluster (docs/scale.md).",
)
@click.option("--master", metavar="URL", help="Spark's master.  [default: as spark-submit or Spark's settings say]")
@click.option("--copy-to", metavar="URL", help="Copy the finished tables to s3://BUCKET/PREFIX (docs/storage.md).")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@debug_option
@click.pass_context
def command(
    context: click.Context,
    raw: tuple[str | Path, ...],
    outputs: Path,
    workers: int | None,
    previous: Path | None,
    withdrawals: Path | None,
    fresh: bool,
    strict: bool,
    sites: tuple[str, ...],
    columns: tuple[str, ...],
    corpus_lists: bool | None,
    max_record_mb: int,
    engine: str,
    master: str | None,
    copy_to: str | None,
    as_json: bool,
) -> None:
    """Build the dataset from raw dumps.

    Reads what is new under the raw folders, resolves what is the same thing, checks every rule and puts the tables in
    OUTPUTS/tables. Exit code 0: good; 1: a rule broke or nothing could be read; 2: wrong usage.
    """
    from pipeline.build import build

    if not raw and not Path("raw").exists():
        raise click.UsageError("there is no folder raw/ here; name your dumps with --raw PATH.")
    urls = [root for root in raw if isinstance(root, str) and not root.startswith(SCHEME)]
    if engine != "spark":
        _refuse_for_spark(master, urls)
    stored = _stored([root for root in raw if isinstance(root, str) and root not in urls], copy_to)
    with listener(quiet=as_json) as progress:
        request = BuildRequest(
            raw=tuple(root for root in raw or (Path("raw"),) if isinstance(root, Path)),
            outputs=outputs,
            workers=workers or os.cpu_count() or 1,
            previous=previous or newest_release(outputs),
            fresh=fresh,
            withdrawals=withdrawals or withdrawals_file(),
            options=ReadOptions(
                max_record_bytes=max_record_mb * 1024 * 1024,
                site_hosts=_site_hosts(sites),
                corpus_columns=_corpus_columns(columns),
                corpus_keeps_lists=corpus_lists,
            ),
        )

        ahead = partial(_ahead, stored=stored, engine=engine, master=master, urls=urls, progress=progress)
        copied: list[str] = []

        def after(summary: BuildSummary) -> None:
            if _is_good(summary, strict=strict):
                copied.extend(stored.take(request.workspace.tables, progress))

        summary = build(request, progress, ahead, after)
    if as_json:
        told = {name: value for name, value in summary.to_json().items() if name != "files"}  # for the next build only
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        for line in summary_lines(summary, request.workspace.tables):
            click.echo(line)
        for url in copied:
            click.echo(f"They are in view at {url}")
    if _is_unread(summary):
        click.echo("chancery: nothing at all could be read; see the reasons above.", err=True)
    if not _is_good(summary, strict=strict):
        context.exit(1)


def _refuse_for_spark(master: str | None, urls: Sequence[str]) -> None:
    if master is not None:
        raise click.UsageError("--master is for --engine spark.")
    if urls:
        raise click.UsageError(f"{urls[0]} is for --engine spark; without it, give a path or s3://BUCKET/PREFIX.")


def _ahead(
    request: BuildRequest,
    *,
    stored: "_Stored",
    engine: str,
    master: str | None,
    urls: Sequence[str],
    progress: Progress,
) -> BuildRequest:
    """What comes before the local build, and the request it leaves."""
    request = stored.bring(request, progress)
    if engine == "spark":
        from pipeline.engines.spark import compute_on_cluster

        request = compute_on_cluster(request, master, progress, urls)
    return request


def _is_unread(summary: BuildSummary) -> bool:
    return not summary.statuses.keys() - {"rejected"}


def _is_good(summary: BuildSummary, *, strict: bool) -> bool:
    return not _is_unread(summary) and not (strict and (summary.n_problems or summary.n_quarantined))


def _stored(dumps: Sequence[str], tables: str | None) -> "_Stored":
    try:
        places = tuple(parse_place(url) for url in dumps)
        destination = None if tables is None else parse_place(tables)
    except ChanceryError as error:
        raise click.UsageError(str(error)) from error
    return _Stored(places, destination, ObjectStore.from_environment() if places or destination else None)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What lies in an object store at both ends of a build."""

    dumps: tuple[Place, ...]
    tables: Place | None
    """Where finished tables go; null where they stay here."""
    store: ObjectStore | None
    """Null where nothing lies in one."""

    def bring(self, request: BuildRequest, progress: Progress) -> BuildRequest:
        """Copy the dumps to this machine, once it is known that the tables may go where they are wanted."""
        if self.store is None:
            return request
        from pipeline.storage.mirror import mirror
        from pipeline.storage.tables import look

        if self.tables is not None:
            look(self.tables, self.store)
        client = self.store.client()
        copies = [mirror(place, client, request.workspace.mirrors, progress) for place in self.dumps]
        return replace(request, raw=(*request.raw, *copies))

    def take(self, tables: Path, progress: Progress) -> Iterator[str]:
        """Copy the tables out, where that is asked for, and say where they are."""
        if self.store is not None and self.tables is not None:
            from pipeline.storage.tables import copy_tables

            yield copy_tables(tables, self.tables, self.store, progress).url


def _site_hosts(given: tuple[str, ...]) -> tuple[str, ...]:
    """The hosts that were named, in any of the ways people name one; none where all are wanted."""
    if "*" in given:
        return ()
    from pipeline.urls import site_host

    hosts = {site: site_host(site) for site in given or SITE_HOSTS}
    for site, host in hosts.items():
        if host is None:
            raise click.UsageError(f"--site {site!r} names no host; give one such as {SITE_HOSTS[0]}, or * for any.")
    return tuple(sorted({host for host in hosts.values() if host is not None}))


def _corpus_columns(given: tuple[str, ...]) -> CorpusColumns:
    roles: dict[str, str] = {}
    for pair in given:
        role, separator, name = pair.partition("=")
        if not separator or role not in {"text", "url", "time", "identity"} or not name:
            raise click.UsageError(f"--column {pair}: say text=NAME, url=NAME, time=NAME or identity=NAME.")
        roles[role] = name
    return CorpusColumns(**roles)
