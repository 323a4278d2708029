"""``sahel-map completion``: what a shell needs to complete commands with Tab."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the script that lets SHELL complete commands, options and files with Tab.

    \b
    Examples:
      sahel-map completion bash >> ~/.bashrc
      sahel-map completion zsh >> ~/.zshrc
      sahel-map completion fish > ~/.config/fish/completions/sahel-map.fish
    """
    from click.shell_completion import get_completion_class

    from sahel_map.cli import cli

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(cli, {}, "sahel-map", "_SAHEL_MAP_COMPLETE").source())
    return 0
