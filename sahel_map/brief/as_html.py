"""The brief as one HTML file: no script, no request, all text escaped by the template engine."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from sahel_map.brief import Brief


def render(brief: Brief) -> bytes:
    """The page in UTF-8."""
    engine = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    engine.filters["base64"] = lambda png: base64.b64encode(png).decode("ascii")
    engine.filters["kind"] = lambda block: type(block).__name__
    page: str = engine.get_template("brief.html.j2").render(brief=brief)
    return page.encode("utf-8")
