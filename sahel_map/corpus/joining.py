"""How are a million mentions merged in pieces? By blocks of one country and some days, with their edges.

Mentions bear on each other only along chains of links (``merging.links``). A block looks at its own mentions and at
those of other blocks that are near them (``nearness``). Chains that stay inside are merged there and then; chains that leave are
told in full, put together over all blocks, and merged as pieces of their own: the result is that of one merge.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import shapely

from sahel_map.corpus.catalogue import Catalogue, looking
from sahel_map.corpus.deciding import Decided
from sahel_map.corpus.mentions import EPOCH, from_row
from sahel_map.corpus.nearness import At, mentions_of, near_of, own_of
from sahel_map.corpus.spreading import Job, name_of
from sahel_map.corpus.work import write_rows
from sahel_map.estimates import Rule
from sahel_map.grouping import links
from sahel_map.incidents import drawn, incident_row
from sahel_map.merging import incident_order, shared_figures, unnumbered
from sahel_map.model import EventMention, Incident, Report
from sahel_map.review import doubts

STAGE = "blocks"
BLOCK = 4000  # mentions
Block = tuple[str, int, At, At]  # country, whether days are told, after and until which mention


def jobs(catalogue: Catalogue, rule: Rule, turn: str = "") -> Iterator[Job]:
    """Blocks: days of one country with about BLOCK mentions, and those that give no day by their publication."""
    numbers = count()
    for country, dated in catalogue.ask("SELECT DISTINCT country, dated FROM mentions ORDER BY country, dated"):
        ((longest,),) = catalogue.ask("SELECT max(last - first) FROM mentions WHERE country = ?", country)
        after: At = (-EPOCH, 0)
        while (until := _end(catalogue, country, dated, after)) is not None:
            block = (country, dated, after, until)
            yield Job(name_of(next(numbers), turn), (str(catalogue.path), block, longest or 0, str(rule)))
            after = until


def piece(folder: Path, name: str, catalogue: str, block: Block, longest: int, rule: str) -> dict[str, Any]:
    """Merge what no chain ties to other blocks into ``blocks/NAME.parquet``; the other chains, as lists of ids.

    What a person has joined may be tied to any block.
    """
    with looking(catalogue) as database:
        own = own_of(database, block)
        near = near_of(database, own, longest)
        rows = mentions_of(database, [*(row[0] for row in own), *near])
        decided = Decided.of(database)
    mentions = [from_row(row) for row in rows]
    chains = chained(
        len(rows), links([mention for mention, _ in mentions], {report.report_id: report for _, report in mentions})
    )
    closed, leaving = [], []
    for chain in chains:
        ids = [rows[i]["id"] for i in chain]
        if near.isdisjoint(ids) and decided.joined.isdisjoint(mentions[i][0].mention_id for i in chain):
            closed += chain
        elif not near.issuperset(ids):
            leaving.append(ids)
    count = write_incidents(folder / STAGE / f"{name}.parquet", [mentions[i] for i in closed], Rule(rule), decided)
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


# --- which mentions are a block ------------------------------------------------------------------------------


def _end(catalogue: Catalogue, country: str, dated: int, after: At) -> At | None:
    """The last mention of the block that begins after that one: BLOCK mentions and, where days are told, all of the last day."""
    query = """SELECT day, id FROM (SELECT day, id FROM mentions WHERE country = ? AND dated = ? AND (day, id) > (?, ?)
        ORDER BY day, id LIMIT ?) ORDER BY day DESC, id DESC LIMIT 1"""
    for day, number in catalogue.ask(query, country, dated, *after, BLOCK):
        whole = "SELECT max(id) FROM mentions WHERE country = ? AND dated = ? AND day = ?"
        return (day, next(catalogue.ask(whole, country, dated, day))[0] if dated else number)
    return None


# --- what is written ------------------------------------------------------------------------------------------


def write_incidents(path: Path, mentions: list[tuple[EventMention, Report]], rule: Rule, decided: Decided) -> int:
    """Merge mentions that no chain ties to others, and write the incidents, not yet numbered; how many there are."""
    reports = {report.report_id: report for _, report in mentions}
    told = [mention for mention, _ in mentions]
    found = unnumbered(told, reports.values(), rule=rule, must=decided.must, never=decided.never)
    made = sorted(found, key=incident_order)
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
