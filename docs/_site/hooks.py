"""Hooks of the documentation site: the list of decisions, and the commands' own help on the page of commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


def on_config(config: Any) -> Any:
    """Put every page of docs/decisions into the navigation, and before it those of docs that have no place of their own."""
    docs = Path(config["docs_dir"])
    named = {page for item in config["nav"] for page in item.values()}
    more = [{"More": pages}] if (pages := sorted(p.name for p in docs.glob("*.md") if p.name not in named)) else []
    decisions = [f"decisions/{page.name}" for page in sorted((docs / "decisions").glob("*.md"))]
    config["nav"] = [*(item for item in config["nav"] if "Decisions" not in item), *more, {"Decisions": decisions}]
    return config


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Put the help of every command where the page says ``<!-- help -->``."""
    if "<!-- help -->" not in markdown:
        return markdown
    from sahel_map.cli import COMMANDS, cli

    context = click.Context(cli, info_name="sahel-map")
    told = "\n".join(_told(name, cli.get_command(context, name), context) for name in COMMANDS)
    return markdown.replace("<!-- help -->", told)


def _told(name: str, command: Any, parent: click.Context) -> str:
    """What ``--help`` prints for a command, then for those below it."""
    context = click.Context(command, info_name=name, parent=parent)
    parts = [_told(below, part, context) for below, part in getattr(command, "commands", {}).items()]
    return "\n".join([f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n", *parts])
