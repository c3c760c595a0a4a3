"""`chancery completion SHELL`: the script by which a shell completes chancery's commands and options."""

import click

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    name="completion",
    epilog='Example, in ~/.bashrc: eval "$(chancery completion bash)"',
)
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print what lets a shell complete commands and options.

    bash: put eval "$(chancery completion bash)" into ~/.bashrc. zsh: the same with zsh into ~/.zshrc, after compinit.
    fish: chancery completion fish > ~/.config/fish/completions/chancery.fish
    """
    from click.shell_completion import get_completion_class

    from pipeline.cli import chancery

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(chancery, {}, "chancery", "_CHANCERY_COMPLETE").source())
