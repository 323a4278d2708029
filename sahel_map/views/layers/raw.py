"""How does text get into a folium figure untouched? branca reads every plain Element as a Jinja template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from branca.element import Element


class Raw(Element):
    """Text put into the page as it stands; branca would read it as a template."""

    def __init__(self, make: Callable[[], str]) -> None:
        super().__init__()
        self._make = make

    def render(self, **kwargs: Any) -> str:
        return self._make()
