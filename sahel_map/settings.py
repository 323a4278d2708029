"""A project's settings: ``sahel-map.toml`` in the working directory, or the file that ``--config`` names.

Keys are few and flat; KEYS says what each is and which option of which command it stands for. What stands on the
command line wins over the file, the file over what is built in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sahel_map.errors import InputError

FILE_NAME = "sahel-map.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: what it is, and the parameter it gives to each command; ``path`` if it is seen from the file's folder."""

    about: str
    options: Mapping[str, str]
    path: bool = False


def _same(parameter: str, *commands: str) -> dict[str, str]:
    return dict.fromkeys(commands, parameter)


KEYS: dict[str, Key] = {
    "title": Key(about="title of map pages, figures and briefs", options=_same("title", "build", "map", "figure", "brief")),
    "language": Key(
        about="en or fr: what map pages, figures and briefs are written in",
        options={"build": "page_language", **_same("language", "map", "figure", "brief")},
    ),
    "report_language": Key(about="en or fr: of reports whose language is not plain", options=_same("language", "build")),
    "rule": Key(about="ucdp, acled or confirmed: how conflicting tolls become one", options=_same("rule", "build")),
    "corrections": Key(about="CSV of a person's decisions", options=_same("corrections", "build"), path=True),
    "out": Key(
        about="folder that builds are written into, and briefs and stories read from",
        options={"build": "out", "brief": "source", "explain": "where"}, path=True,
    ),
    "gazetteer": Key(about="gazetteer file; SAHEL_MAP_GAZETTEER wins over it", options=_same("path", "resolve", "reverse"), path=True),
    "generalise": Key(about="adm1, adm2 or kilometres: how map pages are published", options=_same("generalise", "map")),
    "tiles": Key(about="online basemap of map pages", options=_same("tiles", "map")),
    "attribution": Key(about="who made the tiles", options=_same("attribution", "map")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a settings file says: text by key, paths made whole; ``path`` None where there is no file."""

    path: Path | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def defaults(self) -> dict[str, dict[str, str]]:
        """The parameters that commands take from here, by command.

        >>> Settings(values={"language": "fr"}).defaults()["build"]
        {'page_language': 'fr'}
        """
        found: dict[str, dict[str, str]] = {}
        for name, value in self.values.items():
            for command, parameter in KEYS[name].options.items():
                found.setdefault(command, {})[parameter] = value
        return found


def find_settings(folder: Path) -> Settings:
    """The settings of a folder; empty ones where it has no sahel-map.toml."""
    path = folder / FILE_NAME
    return read_settings(path) if path.is_file() else Settings()


def read_settings(path: Path) -> Settings:
    """Read a settings file. Raises InputError naming every key that is unknown or not text, and the nearest known one."""
    import tomllib

    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"settings {str(path)!r} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"settings {str(path)!r} are no TOML: {error}") from error
    faults = [fault for key, value in told.items() if (fault := _fault(key, value))]
    if faults:
        raise InputError(f"settings {str(path)!r}: {'; '.join(faults)}")
    return Settings(path=path, values={key: _value(key, value, path.parent) for key, value in told.items()})


def _fault(key: str, value: Any) -> str:
    import difflib

    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(KEYS)}"
        return f"there is no setting {key!r}{hint}"
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return f'{key} is {value!r}; want text in quotes: {key} = "…"'
    return ""


def _value(key: str, value: Any, folder: Path) -> str:
    text = str(value)
    return str(folder / Path(text).expanduser()) if KEYS[key].path and "://" not in text else text
