"""How are a million mentions merged in pieces? By blocks of one country and some weeks, with their edges.

Mentions bear on each other only along chains of links (``merging.links``). A block looks at its own mentions and at
those of other blocks that are near them. Chains that stay inside are merged there and then; chains that leave are
told in full, put together over all blocks, and merged as pieces of their own: the result is that of one merge.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import shapely

from sahel_map.blocking import BACKGROUND_DAYS, close_pairs
from sahel_map.corpus.catalogue import Catalogue, mentions_of
from sahel_map.corpus.mentions import EPOCH, KEYS, extents_of, from_row
from sahel_map.corpus.spreading import Job
from sahel_map.corpus.work import write_rows
from sahel_map.estimates import Rule
from sahel_map.grouping import links
from sahel_map.incidents import drawn, incident_row
from sahel_map.merging import incident_order, shared_figures, unnumbered
from sahel_map.model import EventMention, Incident, Report
from sahel_map.review import doubts

STAGE = "blocks"
BLOCK = 4000  # mentions
_WEEK = 7
_LIGHT = ", ".join(("id", *KEYS))
_ANY_DAY = (-EPOCH, 4_000_000)


def jobs(catalogue: Catalogue, rule: Rule) -> Iterator[Job]:
    """Blocks: weeks of one country with about BLOCK mentions, and the undated ones by name; each with what is near."""
    number = 0
    for (country,) in list(catalogue.ask("SELECT DISTINCT country FROM mentions ORDER BY country")):
        for dated in (True, False):
            for own in _blocks(catalogue, country, dated):
                near = _near(catalogue, country, own, dated)
                yield Job(f"{number:07d}", (str(catalogue.path), [row[0] for row in own], near, str(rule)))
                number += 1


def piece(folder: Path, name: str, catalogue: str, own: list[int], near: list[int], rule: str) -> dict[str, Any]:
    """Merge what no chain ties to other blocks into ``blocks/NAME.parquet``; the other chains, as lists of ids."""
    rows = mentions_of(catalogue, [*own, *near])
    mentions = [from_row(row) for row in rows]
    chains = chained(
        len(rows), links([mention for mention, _ in mentions], {report.report_id: report for _, report in mentions})
    )
    outside = set(near)
    closed, leaving = [], []
    for chain in chains:
        ids = [rows[i]["id"] for i in chain]
        if outside.isdisjoint(ids):
            closed += chain
        elif not outside.issuperset(ids):
            leaving.append(ids)
    count = write_incidents(folder / STAGE / f"{name}.parquet", [mentions[i] for i in closed], Rule(rule))
    return {"incidents": count, "leaving": leaving}


def chained(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The sets that chains of pairs tie together, of the numbers below ``count``.

    >>> chained(4, [(0, 2), (2, 3)])
    [[0, 2, 3], [1]]
    """
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for i, j in pairs:
        a, b = root(i), root(j)
        parent[max(a, b)] = min(a, b)
    sets: dict[int, list[int]] = defaultdict(list)
    for i in range(count):
        sets[root(i)].append(i)
    return list(sets.values())


@cache
def schema() -> Any:
    """The columns of merged incidents, before they are numbered."""
    import pyarrow as pa

    texts = ("incident_id", "mention_id", "members", "row", "shared", "doubts")
    return pa.schema([("day", pa.int32()), *((name, pa.string()) for name in texts), ("geometry", pa.binary())])


# --- which mentions are looked at together -------------------------------------------------------------------


def _blocks(catalogue: Catalogue, country: str, dated: bool) -> Iterator[list[tuple[Any, ...]]]:
    """Whole weeks until a block is full: of the days told, or of publication where none is told."""
    which, order = ("first IS NOT NULL", 7) if dated else ("first IS NULL", 9)
    query = f"SELECT {_LIGHT} FROM mentions WHERE country = ? AND {which} ORDER BY {order + 1}, id"
    block: list[tuple[Any, ...]] = []
    week = None
    for row in catalogue.ask(query, country):
        now = None if row[order] is None else row[order] // _WEEK
        if len(block) >= BLOCK and now != week:
            yield block
            block = []
        week = now
        block.append(row)
    if block:
        yield block


def _near(catalogue: Catalogue, country: str, own: list[tuple[Any, ...]], dated: bool) -> list[int]:
    """The mentions of other blocks that could link with these: near in space and time, or of one name."""
    mine = {row[0] for row in own}
    names = {row[2] for row in own}
    first, last = _days_told(own)
    found: set[int] = set()
    around = "(first <= ? AND last >= ?) OR (first IS NULL AND (published IS NULL OR published BETWEEN ? AND ?))"
    query = f"SELECT {_LIGHT} FROM mentions WHERE country = ? AND ({around})"
    span = (last + 1, first - 1, first - 1, last + BACKGROUND_DAYS + 1)
    others = [row for row in catalogue.ask(query, country, *span) if row[0] not in mine]
    found |= {row[0] for row in others if row[2] in names}
    if dated:
        pairs = close_pairs(extents_of([row[1:] for row in own]), extents_of([row[1:] for row in others]))
        found |= {others[j][0] for j in set(pairs[:, 1].tolist())}
    return sorted(found)


def _days_told(own: list[tuple[Any, ...]]) -> tuple[int, int]:
    """The first and the last day that these may be of; every day when one gives neither day nor publication."""
    spans = []
    for row in own:
        if row[7] is not None:
            spans.append((row[7], row[8]))
        elif row[9] is not None:
            spans.append((row[9] - BACKGROUND_DAYS, row[9] + 1))
        else:
            spans.append(_ANY_DAY)
    return min(first for first, _ in spans), max(last for _, last in spans)


# --- what is written ------------------------------------------------------------------------------------------


def write_incidents(path: Path, mentions: list[tuple[EventMention, Report]], rule: Rule) -> int:
    """Merge mentions that no chain ties to others, and write the incidents, not yet numbered; how many there are."""
    reports = {report.report_id: report for _, report in mentions}
    made = sorted(unnumbered([mention for mention, _ in mentions], reports.values(), rule=rule), key=incident_order)
    write_rows(path, [_row(incident, reports) for incident in made], schema())
    return len(made)


def _row(incident: Incident, reports: dict[str, Report]) -> dict[str, Any]:
    shape = drawn(incident)
    day, incident_id, mention_id = incident_order(incident)
    return {
        "day": day.toordinal(), "incident_id": json.dumps(incident_id), "mention_id": json.dumps(mention_id),
        "members": json.dumps([m.mention_id for m in incident.mentions]), "row": json.dumps(incident_row(incident, reports)),
        "shared": json.dumps(shared_figures(incident)), "doubts": json.dumps(list(doubts(incident))),
        "geometry": shapely.to_wkb(shape) if shape is not None else None,
    }  # fmt: skip
