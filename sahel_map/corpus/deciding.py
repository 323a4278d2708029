"""What did a person decide? Corrections of a corpus: of the mentions they mean, the rest stays where it is.

As in one process, incidents of an uncorrected merge tell which mentions an incident's id means; these are changed
in the catalogue, and all is merged once more beside what must and must not be one incident.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from sahel_map.corpus.catalogue import Catalogue, key
from sahel_map.corpus.mentions import from_row, in_catalogue, mention_row
from sahel_map.corpus.work import rows_at
from sahel_map.corrections import Correction, decide
from sahel_map.resolution import Resolver


@dataclass(frozen=True, slots=True)
class Decided:
    """Pairs of mentions, by their ids, that must, or must not, be one incident."""

    must: frozenset[frozenset[str]]
    never: frozenset[frozenset[str]]

    @classmethod
    def of(cls, database: Connection) -> Decided:
        """Those of a catalogue."""
        found: tuple[set[frozenset[str]], set[frozenset[str]]] = (set(), set())
        for must, one, other in database.execute("SELECT must, one, other FROM decided"):
            found[must].add(frozenset((one, other)))
        return cls(frozenset(found[1]), frozenset(found[0]))

    @property
    def joined(self) -> frozenset[str]:
        """The mentions that a person has joined to others."""
        return frozenset(mention for pair in self.must for mention in pair)


def correct(
    catalogue: Catalogue, folder: Path, corrections: Sequence[Correction], resolver: Resolver
) -> tuple[list[str], list[tuple[int, int]]]:
    """Change the mentions of the catalogue; what no longer fits, and the numbers of mentions that were joined."""
    targets = {target for correction in corrections for target in correction.targets}
    members = dict(_members(catalogue, folder, targets))
    meant = targets.union(*members.values())
    rows = {row[0].mention_id: (number, *row) for number, row in _mentions(catalogue, meant)}
    changed, decisions = decide([mention for _, mention, _ in rows.values()], members, corrections, resolver)
    kept = {mention.mention_id: mention for mention in changed}
    with catalogue.at_once():
        for name, (number, mention, report) in rows.items():
            if kept.get(name) is not mention:
                catalogue.change("DELETE FROM mentions WHERE id = ?", number)
            if name in kept and kept[name] is not mention:
                row = in_catalogue(mention_row(kept[name], report), number)
                catalogue.change(f"INSERT INTO mentions VALUES ({', '.join('?' * len(row))})", *row)
    for must, pairs in enumerate((decisions.never, decisions.must)):
        catalogue.add("decided", ((must, *sorted(pair)) for pair in pairs if len(pair) == 2))
    joined = (sorted(pair) for pair in decisions.must if len(pair) == 2 and pair <= kept.keys())
    return decisions.unfit, [(rows[one][0], rows[other][0]) for one, other in joined]


def _members(catalogue: Catalogue, folder: Path, targets: set[str]) -> Iterator[tuple[str, list[str]]]:
    """The mentions of each incident among the targets."""
    for target in sorted(targets):
        for part, row in catalogue.ask("SELECT part, row FROM placed WHERE incident_id = ?", key(target)):
            (told,) = rows_at(folder / f"{part}.parquet", [row], ["members"])
            yield target, json.loads(told["members"])


def _mentions(catalogue: Catalogue, meant: set[str]) -> Iterator[tuple[int, Any]]:
    """The mentions meant, each with its number: (mention, report)."""
    query = """SELECT id, mention, report, geometry FROM mentions
        WHERE json_extract(mention, '$.mention_id') IN (SELECT value FROM json_each(?))"""
    for number, *row in catalogue.ask(query, json.dumps(sorted(meant))):
        yield number, from_row(dict(zip(("mention", "report", "geometry"), row, strict=True)))
