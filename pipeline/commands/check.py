"""`chancery check`: a release folder in, one line per check out."""

from pathlib import Path

import click

from pipeline.commands.options import debug_option


@click.command(name="check")
@click.argument("release", type=click.Path(path_type=Path, exists=True, file_okay=False))
@debug_option
@click.pass_context
def command(context: click.Context, release: Path) -> None:
    """Verify a downloaded RELEASE with nothing else.

    Digests, schemas, keys, references, counts, rules and all metadata; one line per check. Exit code 0: all hold;
    1: at least one does not; 2: wrong usage.
    """
    from pipeline.publish.release.verify import verify

    checks = verify(release)
    for check in checks:
        click.echo(f"{'ok    ' if check.passed else 'FAILED'}  {check.name}: {check.detail}")
    if not all(check.passed for check in checks):
        context.exit(1)
