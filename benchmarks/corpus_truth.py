"""Do incidents tell the truth of a made corpus (make_corpus.py)? Event by event, with what each failed on."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sahel_map.coding.relations import distance_km
from sahel_map.model import LonLat

NEAR_KM = 5.0


def truth(folder: Path) -> list[dict[str, Any]]:
    """The events of a made corpus."""
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def check(
    incidents: Any, events: Iterable[dict[str, Any]]
) -> tuple[Counter[str], list[tuple[str, dict[str, Any], Any]]]:
    """Counts of what was right, and (what is wrong, the event, the incident) of the rest.

    An event is recovered when one incident holds just its articles, at its place and day, by its doer, with its figures.
    """
    rows = list(incidents.itertuples())
    of_article: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for report_id in row.report_ids.split("; "):
            of_article[report_id].append(row)
    counts: Counter[str] = Counter()
    wrong = []
    used = set()
    for event in events:
        found = {row.Index: row for article in event["articles"] for row in of_article[article]}
        used |= set(found)
        fault, row = _fault(event, list(found.values()))
        counts[fault or "recovered"] += 1
        if fault:
            wrong.append((fault, event, row))
    spare = [row for row in rows if row.Index not in used]
    counts["incidents of no event"] += len(spare)
    wrong += [("incidents of no event", {}, row) for row in spare]
    return counts, wrong


def _fault(event: dict[str, Any], rows: list[Any]) -> tuple[str, Any]:
    if not rows:
        return "not found", None
    if len(rows) > 1:
        return "told as several", rows
    (row,) = rows
    position = LonLat(event["longitude"], event["latitude"])
    if set(row.report_ids.split("; ")) != set(event["articles"]):
        return "joined with another", row
    if row.latitude != row.latitude or distance_km(LonLat(row.longitude, row.latitude), position) > NEAR_KM:
        return "another place", row
    if (row.date_from, row.date_to) != (event["day"], event["day"]):
        return "another day", row
    if (row.fatalities_low, row.fatalities_high) != (event["killed"][0], event["killed"][-1]):
        return "other figures", row
    if event["actor"] and row.actor1 != event["actor"]:
        return "another actor", row
    return "", row
