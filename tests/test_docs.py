"""The documents keep their word: the README's Python runs, its commands exist, its links lead somewhere."""

from __future__ import annotations

import os
import re

import pytest
from click.testing import CliRunner

from sahel_map.cli import COMMANDS, cli

PAGES = ["README.md", "CONTRIBUTING.md"]


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_python_of_the_readme_runs(checkout, tmp_path, monkeypatch, capsys):
    (tmp_path / "examples").symlink_to(checkout / "examples")
    monkeypatch.chdir(tmp_path)
    (code,) = blocks((checkout / "README.md").read_text(encoding="utf-8"), "python")
    exec(compile(code, "README.md", "exec"), {})
    assert (tmp_path / "map.html").stat().st_size > 100_000
    assert "location" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_helps(checkout, name):
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    assert f"`sahel-map {name}" in readme
    told = CliRunner().invoke(cli, [name, "--help"])
    assert told.exit_code == 0
    assert "Usage" in told.output


@pytest.mark.parametrize("page", PAGES)
def test_links_and_files_named_exist(checkout, page):
    text = (checkout / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links or page != "README.md"
    assert [link for link in links if not (checkout / link).exists()] == []


def test_every_decision_is_short_and_begins_with_what_was_decided(checkout):
    for page in sorted((checkout / "docs" / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert len(text.split()) < 700


def test_make_targets_named_in_the_documents_exist(checkout):
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"\bmake ([a-z-]+)", (checkout / page).read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_ci_runs_the_tests(checkout):
    script = checkout / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
