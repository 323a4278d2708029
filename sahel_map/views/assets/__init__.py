"""Which scripts and styles go into a page, and in which order? Vendored files first, then our own."""

from __future__ import annotations

import base64
import csv
import functools
import re
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
VENDOR = ASSETS / "vendor"
SCRIPTS = (
    "dom", "words", "decode", "store", "filter", "cluster", "surface", "ground", "symbols", "incidents",
    "themes", "dossier", "timeline", "facets", "table", "summary", "tools", "share", "app", "shell", "address",
)  # fmt: skip


@functools.cache
def vendored() -> dict[str, dict[str, str]]:
    """Rows of ``vendor/VENDORED.csv`` by file name: name, version, licence, copyright, sha256, upstream."""
    with (VENDOR / "VENDORED.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


@functools.cache
def vendor_text(file: str) -> str:
    """One vendored script or style with its licence line before it, pictures inlined, no source map named."""
    row = vendored()[file]
    text = (VENDOR / file).read_text(encoding="utf-8")
    text = re.sub(r"//# sourceMappingURL=\S*|/\*# sourceMappingURL=.*?\*/", "", text)
    if file.endswith(".css"):
        text = re.sub(r"url\(images/([\w.-]+)\)", _inline_picture, text)
    return f"/* {row['name']} {row['version']} {row['licence']} {row['copyright']} */\n{text}"


@functools.cache
def own_script() -> str:
    """Our own modules, one after the other."""
    return "\n".join((ASSETS / "js" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)


@functools.cache
def own_style() -> str:
    """Our own style sheet."""
    return (ASSETS / "page.css").read_text(encoding="utf-8")


def _inline_picture(match: re.Match[str]) -> str:
    path = VENDOR / "images" / match[1]
    return f"url(data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()})"
