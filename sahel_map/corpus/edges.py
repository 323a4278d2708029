"""The chains that leave their blocks: put together over all blocks, and merged as pieces of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sahel_map.corpus.catalogue import Catalogue, mentions_of
from sahel_map.corpus.joining import BLOCK, chained, write_incidents
from sahel_map.corpus.mentions import from_row
from sahel_map.corpus.spreading import Job
from sahel_map.estimates import Rule

STAGE = "edges"


def jobs(catalogue: Catalogue, leaving: Iterable[list[int]], rule: Rule) -> Iterator[Job]:
    """Whole chains, about BLOCK mentions a piece."""
    chains = list(leaving)
    ids = sorted({i for chain in chains for i in chain})
    place = {i: n for n, i in enumerate(ids)}
    pairs = ((place[chain[0]], place[i]) for chain in chains for i in chain[1:])
    some: list[int] = []
    number = 0
    for chain in chained(len(ids), pairs):
        some += [ids[n] for n in chain]
        if len(some) >= BLOCK:
            yield Job(f"{number:07d}", (str(catalogue.path), some, str(rule)))
            some, number = [], number + 1
    if some:
        yield Job(f"{number:07d}", (str(catalogue.path), some, str(rule)))


def piece(folder: Path, name: str, catalogue: str, ids: list[int], rule: str) -> dict[str, Any]:
    """Merge whole chains into ``edges/NAME.parquet``."""
    mentions = [from_row(row) for row in mentions_of(catalogue, ids)]
    return {"incidents": write_incidents(folder / STAGE / f"{name}.parquet", mentions, Rule(rule))}
