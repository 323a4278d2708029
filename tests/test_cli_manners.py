"""The command line's manners: help that teaches, completion, JSON, exit codes, silence in pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sahel_map.cli import COMMANDS, LazyGroup, cli, main
from sahel_map.exports import export
from tests.incident_tables import sample


def commands() -> dict[str, click.Command]:
    """Every command and sub-command by its words."""
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = LazyGroup.get_command(cli, None, name)  # type: ignore[arg-type]
        assert command is not None
        if isinstance(command, click.Group):
            found.update({f"{name} {sub}": part for sub, part in command.commands.items()})
        else:
            found[name] = command
    return found


@pytest.mark.parametrize("name", commands())
def test_help_teaches_with_examples_of_itself(name: str) -> None:
    told = CliRunner().invoke(cli, [*name.split(), "--help"])
    assert told.exit_code == 0
    _, _, examples = told.output.partition("Example")
    assert f"sahel-map {name}" in examples


@pytest.mark.parametrize("name", commands())
def test_every_option_says_what_it_is(name: str) -> None:
    for parameter in commands()[name].params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str) -> None:
    told = CliRunner().invoke(cli, ["completion", shell])
    assert told.exit_code == 0
    assert "_SAHEL_MAP_COMPLETE" in told.stdout


def test_completion_completes_commands_and_options() -> None:
    script = Path(sys.executable).with_name("sahel-map")
    words = {**os.environ, "_SAHEL_MAP_COMPLETE": "bash_complete"}
    for typed, at, wanted in (("sahel-map re", "1", "reverse"), ("sahel-map brief --si", "2", "--since")):
        told = subprocess.run(
            [script], env={**words, "COMP_WORDS": typed, "COMP_CWORD": at}, capture_output=True, text=True
        )
        assert wanted in told.stdout


def test_json_is_json(tmp_path: Path) -> None:
    table = sample()
    table["mentions"] = [[] for _ in range(len(table))]
    table["tolls"] = [[] for _ in range(len(table))]
    export(table, tmp_path / "incidents.geojson")
    runner = CliRunner()
    for words in (
        ["explain", "I001", "--in", str(tmp_path), "--json"], ["resolve", "Djibo", "--json"],
        ["reverse", "14.1", "-1.63", "--json"], ["gazetteer", "info", "--json"],
    ):  # fmt: skip
        told = runner.invoke(cli, words, catch_exceptions=False)
        assert told.exit_code == 0, told.stderr
        assert isinstance(json.loads(told.stdout), dict)
    assert json.loads(runner.invoke(cli, ["explain", "I001", "--in", str(tmp_path), "--json"]).stdout)["id"] == "I001"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["resolve", "Djibo"], 0),
        (["explain", "nope", "--in", "nowhere"], 1),
        (["export"], 2),
        (["nope"], 2),
        (["brief", "--since", "June"], 2),
    ],
)
def test_exit_codes(words: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == code


def test_a_pipe_gets_results_only_and_no_progress_bar(tmp_path: Path, checkout: Path) -> None:
    script = Path(sys.executable).with_name("sahel-map")
    words = [script, "build", checkout / "examples" / "reports", "--out", tmp_path / "o"]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert all(Path(line).is_file() for line in told.stdout.splitlines())
    assert "\r" not in told.stderr
    assert "%|" not in told.stderr


def test_a_figure_is_drawn_of_a_build_folder(tmp_path: Path) -> None:
    export(sample(), tmp_path / "incidents.geojson")
    told = CliRunner().invoke(cli, ["figure", str(tmp_path), "--out", str(tmp_path / "m.svg")], catch_exceptions=False)
    assert told.exit_code == 0
    assert (tmp_path / "m.svg").stat().st_size > 10_000
