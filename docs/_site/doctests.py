"""A griffe extension: examples in docstrings are shown as code, wherever they stand."""

from __future__ import annotations

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"(?:^|\n\n)((?:>>> .*\n?)(?:.+\n?)*)")


class Doctests(griffe.Extension):
    """Put a fence round every block of ``>>>`` lines and what they print."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """Called for each module, class, function and attribute."""
        if obj.docstring is not None and ">>> " in obj.docstring.value:
            value = re.sub(r" *# doctest: \+\w+", "", obj.docstring.value)
            obj.docstring.value = _EXAMPLE.sub(lambda found: f"\n\n```pycon\n{found[1].rstrip()}\n```\n", value)
