"""`chancery publish`: arguments to a target, its steps as they are done, and errors with every token struck out."""

import os
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.options import debug_option, outputs_option
from pipeline.errors import ChanceryError

if TYPE_CHECKING:
    from pipeline.publish.targets.secrets import Secrets

_TARGETS = ("ckan", "zenodo", "huggingface", "s3", "folder")


@click.command(name="publish")
@click.argument("target", type=click.Choice(_TARGETS))
@click.argument("release")
@outputs_option
@click.option(
    "--to", metavar="PLACE", help="organisation/dataset (ckan), owner/name (huggingface), s3://bucket/prefix, a folder."
)
@click.option("--endpoint", metavar="URL", help="The portal, where it is not the public one (always needed for ckan).")
@click.option(
    "--record",
    type=click.IntRange(min=1),
    metavar="ID",
    help="Zenodo record this is a version of.  [default: by title]",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; only reads from the portal.")
@debug_option
def command(
    target: str,
    release: str,
    outputs: Path,
    to: str | None,
    endpoint: str | None,
    record: int | None,
    dry_run: bool,
) -> None:
    """Publish a release to a portal.

    RELEASE is its folder, or its name under OUTPUTS/releases. The token comes from the environment (CKAN_API_TOKEN,
    ZENODO_TOKEN, HF_TOKEN, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) or from the keyring, service "chancery".
    Nothing is shown to readers before all files were fetched again and their hashes found equal.
    """
    from pipeline.publish.targets.secrets import Secrets

    secrets = Secrets(os.environ)

    def say(sentence: str) -> None:
        click.echo(secrets.scrub(sentence))

    folder = Path(release) if Path(release).is_dir() else outputs / "releases" / release
    if not folder.is_dir():
        raise ChanceryError(f"there is no release {release}: neither a folder nor a name under {outputs / 'releases'}.")
    try:
        with tempfile.TemporaryDirectory(prefix="chancery-publish-") as scratch:
            _publish(target, folder, (to, endpoint, record), Path(scratch), secrets, say, dry_run=dry_run)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it may quote a token
        # A client's exception may quote a request: its text and its traceback leave only scrubbed.
        sentence = secrets.scrub(str(error)).rstrip(".") or type(error).__name__
        known = isinstance(error, ChanceryError)
        clean = ChanceryError(f"{sentence}." if known else f"unexpected {type(error).__name__}: {sentence[:300]}.")
        clean.add_note(secrets.scrub(traceback.format_exc()))
        raise clean from None


def _publish(
    name: str,
    folder: Path,
    place: tuple[str | None, str | None, int | None],
    scratch: Path,
    secrets: "Secrets",
    say: Callable[[str], None],
    *,
    dry_run: bool,
) -> None:
    from pipeline.publish.targets.registry import Request, open_target
    from pipeline.publish.targets.retry import Retry
    from pipeline.publish.targets.run import publish
    from pipeline.publish.targets.source import open_release

    opened = open_release(folder)
    retry = Retry(say=say)
    target = open_target(name, Request(*place, scratch), secrets, retry)
    if dry_run:
        say(f"Release {opened.label}, {len(opened.files)} files. Dry run, nothing is changed; this would happen:")
        for sentence in target.plan(opened):
            say(f"  {sentence}")
        return
    say(f"Release {opened.label}, {len(opened.files)} files, to {name}.")
    publish(opened, target, retry, say)
