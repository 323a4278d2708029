"""What does an incident look like, and how does text enter a page? Both are answered here only.

Colours follow Okabe & Ito (2008), darkened where they would be faint on the pale ground; a shape goes
with each, so that no meaning hangs on colour alone. Text enters as JSON that no HTML parser can leave.
"""

from __future__ import annotations

import csv
import functools
import html
import json
from dataclasses import asdict, dataclass
from typing import Any

from sahel_map.views.assets import ASSETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """How one event type is drawn: a shape named in ``assets/js/symbols.js`` and a fill colour."""

    event_type: str
    shape: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """How far an incident is established, drawn as its outline: dash lengths in pixels and line width."""

    status: str
    dash: tuple[int, ...]
    width: float


SYMBOLS = (
    Symbol(event_type="Battles", shape="diamond", colour="#c8442b"),
    Symbol(event_type="Explosions/Remote violence", shape="star", colour="#e69f00"),
    Symbol(event_type="Violence against civilians", shape="circle", colour="#6b3fa0"),
    Symbol(event_type="Protests", shape="square", colour="#0072b2"),
    Symbol(event_type="Riots", shape="triangle", colour="#1b9e77"),
    Symbol(event_type="Strategic developments", shape="hexagon", colour="#56778c"),
)
OTHER_SYMBOL = Symbol(event_type="", shape="cross", colour="#4a4a4a")
OUTLINES = (
    Outline(status="confirmed", dash=(), width=2.4),
    Outline(status="reported", dash=(), width=1.1),
    Outline(status="claimed", dash=(3, 2), width=1.4),
)
INK = {
    "land": "#f7f4ec", "neighbour": "#efece3", "water": "#cfdfe6", "river": "#9dbccb",
    "border": "#8b8577", "region": "#c9c2b1", "outline": "#8c2f1b", "text": "#3c3a34", "halo": "#fbf9f4",
}  # fmt: skip


def symbol_of(event_type: str) -> Symbol:
    """The symbol of an ACLED event type; anything else gets the cross."""
    return next((symbol for symbol in SYMBOLS if symbol.event_type == event_type), OTHER_SYMBOL)


def settings() -> dict[str, Any]:
    """Symbols, outlines and inks as the page's scripts read them."""
    return {
        "symbols": [asdict(symbol) for symbol in (*SYMBOLS, OTHER_SYMBOL)],
        "outlines": [asdict(outline) for outline in OUTLINES],
        "ink": INK,
    }


@functools.cache
def labels() -> dict[str, dict[str, str]]:
    """Every word of the page by language and key, from ``assets/labels.csv``, and actors as shown, from ``actors.csv``.

    The data keeps the actors' own names; "actor:NAME" and "actor_short:NAME" are only what is displayed.
    """
    rows, actors = _rows("labels.csv"), _rows("actors.csv")
    words = {language: {row["key"]: row[language] for row in rows} for language in ("en", "fr")}
    for language, said in words.items():
        said.update({f"actor:{row['name']}": row[language] for row in actors})
        said.update({f"actor_short:{row['name']}": row[f"short_{language}"] for row in actors})
    return words


def _rows(file: str) -> list[dict[str, str]]:
    with (ASSETS / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def json_for_page(value: object) -> str:
    """JSON that is safe inside a script element: no ``<``, ``>``, ``&`` nor line separator is left in it.

    >>> json_for_page("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate becomes "?"


def text_for_folium(value: object) -> str:
    """Text that stays text in folium's popups and tooltips, whose templates run ``${}``, backticks and Jinja.

    >>> text_for_folium("${alert(1)} <b>")
    '&#36;&#123;alert(1)&#125; &lt;b&gt;'
    """
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    kept = "".join(
        character if character.isprintable() or character in "\u200c\u200d\u200e\u200f" else " " for character in text
    )
    hostile = {"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;", "\\": "&#92;"}
    return "".join(hostile.get(character, character) for character in html.escape(kept, quote=True))
