"""sahel-map.toml: found, checked, and weaker than the command line."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from sahel_map.cli import COMMANDS, LazyGroup, cli, main
from sahel_map.errors import InputError
from sahel_map.settings import KEYS, Settings, find_settings, read_settings

REPORT = "---\npublished: 2025-06-02\nsource: A\n---\nGunmen killed five soldiers in Djibo, Burkina Faso, on Sunday.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    return tmp_path


def test_every_key_is_an_option_of_the_commands_it_names() -> None:
    for key, form in KEYS.items():
        for command, parameter in form.options.items():
            found = LazyGroup.get_command(cli, None, command)  # type: ignore[arg-type]
            assert parameter in {p.name for p in found.params}, (key, command)
    assert {command for form in KEYS.values() for command in form.options} <= set(COMMANDS)


def test_a_folder_without_the_file_has_no_settings(tmp_path: Path) -> None:
    assert find_settings(tmp_path) == Settings()


def test_paths_are_seen_from_the_files_folder(tmp_path: Path) -> None:
    path = tmp_path / "sahel-map.toml"
    path.write_text('out = "week"\ntitle = "Week"\ngeneralise = 20\n', encoding="utf-8")
    assert read_settings(path).values == {"out": str(tmp_path / "week"), "title": "Week", "generalise": "20"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('titel = "x"', "no setting 'titel'; did you mean 'title'"), ('zzz = "x"', "known are title, language"),
        ("title = ['x']", 'want text in quotes: title = "…"'), ("title = true", "want text in quotes"), ('title = "x', "are no TOML"),
        ('titel = "x"\nrules = "y"', "'rule'"), ("[build]\nout = 'x'", "no setting 'build'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_the_nearest_key(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_settings(tmp_path / "s.toml")
    assert said in str(caught.value)


def test_settings_that_cannot_be_read_are_an_error_with_exit_code_1(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", "nowhere.toml", "build", "report.txt"]) == 1
    assert "nowhere.toml" in capsys.readouterr().err
    (project / "sahel-map.toml").write_bytes(b"title = '\xff'")
    assert main(["build", "report.txt"]) == 1
    assert main(["--config", "", "build", "report.txt", "--out", "plain"]) == 0


def test_the_file_speaks_for_every_command_and_flags_win(project: Path) -> None:
    (project / "decisions.csv").write_text("action,target,field,value,who,why\n", encoding="utf-8")
    (project / "sahel-map.toml").write_text(
        'title = "Veille"\nlanguage = "fr"\nout = "semaine"\ncorrections = "decisions.csv"\nrule = "acled"\n',
        encoding="utf-8",
    )
    runner = CliRunner()
    assert runner.invoke(cli, ["build", "report.txt"], catch_exceptions=False).exit_code == 0
    assert "Veille" in (project / "semaine" / "map.html").read_text(encoding="utf-8")
    assert runner.invoke(cli, ["brief"], catch_exceptions=False).exit_code == 0
    assert '<html lang="fr">' in (project / "brief.html").read_text(encoding="utf-8")
    assert runner.invoke(cli, ["brief", "--language", "en", "--title", "Other"], catch_exceptions=False).exit_code == 0
    page = (project / "brief.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Other" in page
    with (project / "semaine" / "incidents.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert runner.invoke(cli, ["explain", row["incident_id"]], catch_exceptions=False).exit_code == 0
    wrong = runner.invoke(cli, ["build", "report.txt", "--rule", "nope"])
    assert wrong.exit_code == 2


def test_a_value_that_the_option_refuses_is_a_usage_error(project: Path) -> None:
    (project / "sahel-map.toml").write_text('rule = "lowest"\n', encoding="utf-8")
    told = CliRunner().invoke(cli, ["build", "report.txt"])
    assert told.exit_code == 2
    assert "lowest" in told.stderr


def test_the_gazetteer_of_the_file_is_used_and_forgotten(project: Path) -> None:
    (project / "sahel-map.toml").write_text('gazetteer = "missing.sqlite"\n', encoding="utf-8")
    assert main(["resolve", "Djibo"]) == 1
    assert "SAHEL_MAP_GAZETTEER" not in os.environ
