"""The command line: parse, call, print. The only package that prints.

Each command lives in a module of its own and is imported only when called,
so that ``sahel-map --version`` and ``--help`` answer at once.
"""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sahel_map import __version__
from sahel_map.errors import SahelMapError

# command -> (module:attribute, one line of help); the line is kept here so that --help imports nothing
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("sahel_map.cli.build:build", "Read reports and write the map, the incidents and their audit trail."),
    "mapping": ("sahel_map.cli.mapping:mapping", "Write a first guess of what a table's columns mean, to be edited."),
    "resolve": ("sahel_map.cli.resolve:resolve", "Say what the gazetteer makes of a place name or phrase."),
    "reverse": ("sahel_map.cli.reverse:reverse", "Name the country, admin units and nearest places of a point."),
    "gazetteer": ("sahel_map.cli.gazetteer:gazetteer", "Update, extend and describe the gazetteer on this machine."),
    "changes": (
        "sahel_map.cli.changes:changes",
        "Say what changed in a store since a day, and because of which report.",
    ),
    "map": ("sahel_map.cli.map:map_", "Redraw the map page from a saved incidents file."),
    "export": ("sahel_map.cli.export:export_", "Write a saved incidents file in another GIS or table format."),
    "figure": ("sahel_map.cli.figure:figure", "Draw a static map figure for a report."),
    "brief": (
        "sahel_map.cli.brief:brief_",
        "Write a brief of some days: facts, tolls with speakers, disputes, sources.",
    ),
    "completion": ("sahel_map.cli.completion:completion", "Print what a shell needs to complete commands with Tab."),
    "explain": (
        "sahel_map.cli.explain:explain",
        "Tell the story of one incident: reports, figures, merges, conflicts.",
    ),
}


class LazyGroup(click.Group):
    """A click group that imports a command's module only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sahel-map")
@click.option(
    "--config",
    metavar="FILE",
    default=None,
    help="Settings file (default: sahel-map.toml in this folder; '' for none).",
)
@click.pass_context
def cli(context: click.Context, config: str | None) -> None:
    """From news reports and coded events about attacks in the Sahel to maps, tables and GIS files.

    \b
    Examples:
      sahel-map build my-reports/ --out outputs --published 2025-06-02
      sahel-map brief --in outputs --since 2025-05-26 --out week.docx
      sahel-map export outputs --to sahel.gpkg

    Results go to files or standard output, talk to standard error. Exit codes: 0 done; 1 something failed or was
    left out, and it is said which; 2 a wrong command line; 130 interrupted.
    """
    if config is None and not Path("sahel-map.toml").is_file():
        return
    from sahel_map.settings import Settings, find_settings, read_settings

    settings = find_settings(Path()) if config is None else read_settings(Path(config)) if config else Settings()
    context.default_map = settings.defaults()
    gazetteer = settings.values.get("gazetteer")
    if gazetteer and "SAHEL_MAP_GAZETTEER" not in os.environ:
        os.environ["SAHEL_MAP_GAZETTEER"] = gazetteer  # for every command, not only those with --gazetteer
        context.call_on_close(lambda: os.environ.pop("SAHEL_MAP_GAZETTEER", None))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 something failed, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="replace")  # a terminal that cannot write "é" shows "?", and nothing breaks
    try:
        outcome = cli.main(args=list(sys.argv[1:] if argv is None else argv), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # the reader has gone; nothing is left to say
        return 1
    except SahelMapError as error:
        print(f"sahel-map: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO):
            raise
        print(f"sahel-map: cannot write the answer: {error.strerror}; free some space", file=sys.stderr)
        return 1
    return outcome if isinstance(outcome, int) else 0
