"""Hooks of the documentation site: the list of decisions, and the commands' own help on the page of commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click


def on_config(config: Any) -> Any:
    """Put every page of docs/decisions into the navigation."""
    pages = [f"decisions/{page.name}" for page in sorted(Path(config["docs_dir"], "decisions").glob("*.md"))]
    config["nav"] = [{"Decisions": pages} if item == {"Decisions": "DECISIONS"} else item for item in config["nav"]]
    return config


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Put a command's help where the page says ``<!-- help: NAME -->``."""
    return re.sub(r"<!-- help: ([\w -]+) -->", lambda found: f"```text\n{help_of(found[1])}```", markdown)


def help_of(name: str) -> str:
    """What ``sahel-map NAME --help`` prints."""
    from sahel_map.cli import cli

    command: Any = cli
    context = click.Context(cli, info_name="sahel-map")
    for word in name.split():
        command = command.get_command(context, word)
        context = click.Context(command, info_name=word, parent=context)
    text: str = command.get_help(context)
    return text + "\n"
