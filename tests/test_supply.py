"""What we stand on: every dependency's licence is known and fits, the locked environment names no host, the data is ours to give."""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parent.parent
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (CHECKOUT / "requirements-dev.lock").read_text(encoding="utf-8")
# permissive ones, and those that ask for their own files' changes only (MPL, LGPL as a library of its own)
FITTING = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Zlib|CC0|ISC|HPND|CNRI|Unlicense", re.IGNORECASE
)


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


LISTED = {row["package"]: row["licence"] for row in rows_of(CHECKOUT / "docs" / "third-party.csv")}


def key(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def needed():
    """The dependencies, extras included, and theirs, as far as they are installed here."""
    extras = [r for group in PROJECT["optional-dependencies"].values() for r in group]
    found, todo = {}, [Requirement(r) for r in (*PROJECT["dependencies"], *extras)]
    while todo:
        requirement = todo.pop()
        name = key(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            found[name] = importlib.metadata.distribution(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        todo += [Requirement(r) for r in found[name].requires or []]
    return found


def licence(distribution):
    about = distribution.metadata
    classifiers = [c for c in about.get_all("Classifier", []) if c.startswith("License")]
    return about.get("License-Expression") or "; ".join(classifiers) or (about.get("License") or "")[:200]


def test_every_dependency_is_listed_with_a_licence_that_fits():
    found = needed()
    assert len(found) > 40
    assert not sorted(set(found) - set(LISTED)), "list them in docs/third-party.csv, with their licence"
    assert not [name for name, distribution in found.items() if not FITTING.search(licence(distribution))]
    assert all(FITTING.search(text) for text in LISTED.values())


def test_vendored_files_are_those_that_were_looked_at():
    folder = CHECKOUT / "sahel_map" / "views" / "assets" / "vendor"
    rows = rows_of(folder / "VENDORED.csv")
    assert rows
    for row in rows:
        assert hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]
        assert FITTING.search(row["licence"]), row
        assert row["version"]


def test_the_locked_environment_pins_and_hashes_all_and_names_no_host():
    pinned = re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+)", LOCK, re.MULTILINE
    )
    assert len(pinned) == len(re.findall(r"^\w", LOCK, re.MULTILINE)) > 100
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|--trusted-host| @ ", LOCK)


def test_what_the_project_asks_for_is_in_the_locked_environment():
    locked = {key(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[|==)", LOCK, re.MULTILINE)}
    extras = [r for group in PROJECT["optional-dependencies"].values() for r in group]
    wanted = [Requirement(r) for r in (*PROJECT["dependencies"], *extras)]
    missing = sorted(key(r.name) for r in wanted if key(r.name) not in locked)
    assert not missing, f"make lock, to lock {missing} too"


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_every_dependency_has_a_lower_bound_and_no_upper_one(requirement):
    operators = {s.operator for s in Requirement(requirement).specifier}
    assert operators == {">="}
