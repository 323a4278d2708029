"""What do we call an actor that a coder names? Our own name where the lexicon knows it, else the coder's."""

from __future__ import annotations

import re
from functools import cache

from sahel_map.coding.actors import CIVILIANS, UNIDENTIFIED, actors
from sahel_map.language.lexicon import read_rows
from sahel_map.language.plain import plain

_PERIOD = re.compile(r"\s*\((?:\d{4}-(?:\d{4})?|[A-Z][\w' -]+)\)$")  # "(2021-)", "(Mali)"


@cache
def actor_name(name: str, country: str) -> str:
    """Our name of a coder's actor in an event in ``country`` (ISO alpha-2).

    >>> actor_name("Government of Mali", "ML"), actor_name("Military Forces of Mali (2021-)", "ML"), actor_name("JNIM", "ML")
    ('Military Forces of Mali', 'Military Forces of Mali', 'JNIM: Group for Support of Islam and Muslims')
    """
    name = name.strip()
    told = _table().get((name, country)) or _table().get((name, ""))
    if told:
        return told
    if name.startswith("Government of "):
        return f"Military Forces of {name.removeprefix('Government of ')}"
    bare = _PERIOD.sub("", name)
    if bare.startswith("Civilians"):
        return CIVILIANS
    if bare.lower().startswith("unidentified armed group"):
        return UNIDENTIFIED
    if bare.startswith(("Military Forces", "Police Forces")):
        return bare
    head = plain(bare.partition(":")[0])
    whole = {m.actor for m in actors(head, "en") if m.end - m.start == len(head)}
    return whole.pop() if len(whole) == 1 else bare


@cache
def _table() -> dict[tuple[str, str], str]:
    rows = read_rows("sahel_map.datasets", "coded_actors")
    return {(row["name"], country): row["actor"] for row in rows for country in row["countries"].split("|")}
