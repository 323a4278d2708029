"""Who stands for whom, and under which id and day? The fates of reports, in the order of ``reports.standing``.

What another report prints is not coded; what stands for others tells of their outlets; of two texts of one id
the second gets another. All other reports have no fate.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sahel_map.corpus.catalogue import Catalogue, text_of
from sahel_map.corpus.chains import Chains
from sahel_map.json_records import from_json
from sahel_map.model import Report
from sahel_map.reports.copies import merged_copies, standing

Fate = dict[str, Any] | None  # what changes of a report; None: it is not coded


def rename(catalogue: Catalogue) -> None:
    """Fates of reports whose id another has: the same text is dropped, a different one gets a suffix."""
    query = """SELECT id, report_id, digest FROM reports WHERE report_id IN (
        SELECT report_id FROM reports GROUP BY report_id HAVING count(*) > 1) ORDER BY report_id, digest, id"""
    catalogue.add("fates", _renamed(catalogue.ask(query)))


def join(catalogue: Catalogue, pairs: Iterable[tuple[int, int]]) -> None:
    """Fates of copies: each of the first in order that it is a copy of, if that stands itself."""
    catalogue.add("pairs", pairs)
    catalogue.index("pairs")
    chains = Chains(catalogue)
    with catalogue.at_once():
        for pair in catalogue.ask("SELECT copy, original FROM pairs"):
            chains.tie(pair)
    with catalogue.at_once():
        for story in chains.sets():
            for number, fate in _decided(catalogue, story):
                catalogue.change("INSERT OR REPLACE INTO fates VALUES (?, ?)", number, json.dumps(fate))


def fates_of(catalogue: Catalogue, first: int, reports: int) -> dict[int, Fate]:
    """The fates of a batch, by row."""
    query = "SELECT id, fate FROM fates WHERE id BETWEEN ? AND ?"
    return {number - first: json.loads(fate) for number, fate in catalogue.ask(query, first, first + reports - 1)}


def _renamed(rows: Iterable[tuple[int, bytes, str]]) -> Iterator[tuple[int, str]]:
    for report_id, same in groupby(rows, key=itemgetter(1)):
        (_, _, first), *others = same
        before = first
        for number, _, digest in others:
            fate = None if digest in (before, first) else {"report_id": f"{text_of(report_id)}#{digest[:6]}"}
            yield number, json.dumps(fate)
            before = digest


def _decided(catalogue: Catalogue, story: list[int]) -> Iterator[tuple[int, Fate]]:
    """Of reports that pairs tie together."""
    known = {number: _report(catalogue, number) for number in story}
    order = sorted(story, key=lambda number: known[number][2])
    place = {number: n for n, number in enumerate(order)}
    stands: dict[int, list[int]] = {}
    for number in order:
        originals = (original for (original,) in catalogue.ask("SELECT original FROM pairs WHERE copy = ?", number))
        first = min((o for o in originals if o in stands), key=place.__getitem__, default=None)
        if first is None:
            stands[number] = []
        else:
            stands[first].append(number)
    for number, copies in stands.items():
        report, fate, _ = known[number]
        if copies:
            whole = merged_copies(report, [known[copy][0] for copy in copies])
            day = whole.published.isoformat() if whole.published else None
            yield number, fate | {"published": day, "also_in": list(whole.also_in), "copies": list(whole.copies)}
        yield from ((copy, None) for copy in copies)


def _report(catalogue: Catalogue, number: int) -> tuple[Report, dict[str, Any], tuple[int, str, str]]:
    """A report without its text, what is known to change of it, and its place in the order."""
    query = "SELECT report, size, fate FROM reports LEFT JOIN fates USING (id) WHERE id = ?"
    ((text, size, fate),) = catalogue.ask(query, number)
    told = json.loads(fate) if fate else {}
    report = from_json(Report, json.loads(text) | told)
    _, day, report_id = standing(report)
    return report, told, (-size, day, report_id)
