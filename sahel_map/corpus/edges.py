"""The chains that leave their blocks: put together over all blocks, and merged as pieces of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sahel_map.corpus.catalogue import Catalogue, looking
from sahel_map.corpus.chains import Chains
from sahel_map.corpus.deciding import Decided
from sahel_map.corpus.joining import BLOCK, write_incidents
from sahel_map.corpus.mentions import from_row
from sahel_map.corpus.nearness import mentions_of
from sahel_map.corpus.spreading import Job, name_of
from sahel_map.estimates import Rule

STAGE = "edges"
# chains of neighbouring days go together, so that a part of the table finds its incidents in few pieces
_BY_DAY = """SELECT chains.up, chains.id FROM chains JOIN mentions ON mentions.id = chains.up
    ORDER BY mentions.country, mentions.day, chains.up, chains.id"""


def tie(catalogue: Catalogue, leaving: Iterable[Sequence[int]]) -> Chains:
    """The chains that left their blocks, whole."""
    chains = Chains(catalogue)
    with catalogue.at_once():
        for chain in leaving:
            chains.tie(chain)
    return chains


def jobs(catalogue: Catalogue, chains: Chains, rule: Rule, turn: str = "") -> Iterator[Job]:
    """Whole chains, about BLOCK mentions a piece."""
    some: list[int] = []
    number = 0
    for chain in chains.sets(_BY_DAY):
        some += chain
        if len(some) >= BLOCK:
            yield Job(name_of(number, turn), (str(catalogue.path), some, str(rule)))
            some, number = [], number + 1
    if some:
        yield Job(name_of(number, turn), (str(catalogue.path), some, str(rule)))


def piece(folder: Path, name: str, catalogue: str, ids: list[int], rule: str) -> dict[str, Any]:
    """Merge whole chains into ``edges/NAME.parquet``."""
    with looking(catalogue) as database:
        mentions = [from_row(row) for row in mentions_of(database, ids)]
        decided = Decided.of(database)
    return {"incidents": write_incidents(folder / STAGE / f"{name}.parquet", mentions, Rule(rule), decided)}
