"""What was set aside, and totals told apart from incidents: on disk, however much there is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from sahel_map.corpus.catalogue import Catalogue, key, looking
from sahel_map.json_records import from_json, to_json
from sahel_map.model import Toll
from sahel_map.reports.documents import Fault

NAMED, READ, CODED = range(3)  # at which step a fault was met


def keep_faults(catalogue: Catalogue, step: int, name: str, faults: Iterable[Fault]) -> None:
    """Keep what a piece of a step set aside."""
    catalogue.add("faults", ((step, name, json.dumps(to_json(fault))) for fault in faults))


def keep_totals(catalogue: Catalogue, totals: Iterable[Toll]) -> None:
    """Keep the totals that reports told."""
    catalogue.add("totals", ((key(toll.report_id), json.dumps(to_json(toll))) for toll in totals))


def kept_faults(catalogue: Path) -> Iterator[Fault]:
    """What was set aside, in the order of the files."""
    with looking(catalogue) as database:
        for (told,) in database.execute("SELECT fault FROM faults ORDER BY step, name, rowid"):
            yield from_json(Fault, json.loads(told))


def kept_totals(catalogue: Path) -> Iterator[Toll]:
    """The totals, in the order of the reports' ids."""
    with looking(catalogue) as database:
        for (told,) in database.execute("SELECT toll FROM totals ORDER BY report_id, rowid"):
            yield from_json(Toll, json.loads(told))
