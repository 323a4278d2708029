"""Who: the armed actors named in a text, from ``data/actors.csv``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from sahel_map.language.lexicon import load

UNIDENTIFIED = "Unidentified armed group"
CIVILIANS = "Civilians"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMention:
    """An actor named at characters [start, end)."""

    start: int
    end: int
    text: str
    actor: str
    kind: str
    side: str  # state, jihadist, rebel, militia, international, civilians, unknown
    country: str

    @property
    def is_generic(self) -> bool:
        """True for words that name a sort of actor ("soldiers", "gunmen"), not one actor."""
        return self.actor in _GENERIC


_GENERIC = frozenset(
    {"Military Forces", "Islamist militants (unidentified)", UNIDENTIFIED, CIVILIANS, "Gendarmerie", "Police Forces",
     "Customs", "National Guard", "al-Qaeda affiliate", "Self-defence group", "Communal militia"}
)  # fmt: skip


def actors(plain_text: str, language: str, day: dt.date | None = None) -> tuple[ActorMention, ...]:
    """Actors named in ``plain_text`` (see ``plain``); an actor not yet or no longer existing on ``day`` is left out."""
    found = []
    for hit in load("sahel_map.coding", "actors", language).find(plain_text):
        if day and not _existed(hit.row, day):
            continue
        found.append(
            ActorMention(
                start=hit.start, end=hit.end, text=hit.text, actor=hit.row["actor"],
                kind=hit.row["kind"], side=hit.row["side"], country=hit.row["country"],
            )
        )  # fmt: skip
    return tuple(found)


def with_country(actor: str, country: str) -> str:
    """Give a generic state force its country: "Military Forces" in ML is "Military Forces of Mali"."""
    names = {"ML": "Mali", "BF": "Burkina Faso", "NE": "Niger", "BJ": "Benin", "NG": "Nigeria", "TG": "Togo",
             "CI": "Ivory Coast", "DZ": "Algeria", "TD": "Chad", "MR": "Mauritania", "GH": "Ghana"}  # fmt: skip
    if actor in ("Military Forces", "Gendarmerie", "Police Forces", "Customs", "National Guard") and country in names:
        base = "Military Forces" if actor == "Military Forces" else f"{actor}"
        return f"{base} of {names[country]}"
    return actor


def _existed(row: dict[str, str], day: dt.date) -> bool:
    first, last = _lifetime(row["valid_from"], row["valid_to"])
    return first <= day <= last


@cache
def _lifetime(valid_from: str, valid_to: str) -> tuple[dt.date, dt.date]:
    """With a year of grace on either side: reports keep using an old name, and founding days are disputed."""
    grace = dt.timedelta(days=366)
    first = dt.date.fromisoformat(valid_from) - grace if valid_from else dt.date.min
    return first, dt.date.fromisoformat(valid_to) + grace if valid_to else dt.date.max
