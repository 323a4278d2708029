"""Score the reading of articles nobody had seen while the rules were written; prints, asserts nothing.

Usage: python benchmarks/fresh.py [LOT] [-v]
LOT is a folder of benchmarks/fresh, the latest if none is named: the articles and what an analyst finds in them (the
README there says how they came about).
SAHEL_MAP_GAZETTEER names the gazetteer to read with (see `sahel-map gazetteer update`); else the shipped one.

An incident is found when a mention of its article agrees in place (within 25 km of the point or of another that is
accepted, or in the same region where only a region is told; a mention that is itself only a region, an area or a country
must go by the name of the place) and in day (one of those accepted or inside the window, a day's grace). A mention stands
for one incident only, the nearest; what is optional counts neither way when it is left out.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
import unicodedata
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from sahel_map.pipeline import run

FRESH = Path(__file__).parent / "fresh"
LOTS = ("first", "second", "third")
NEAR_KM = 25
AREA = 3  # the geo_precision from which a place is told by its region, an area or its country only
GRACE = dt.timedelta(days=1)
LONGEST = dt.timedelta(days=31)  # a mention of a longer stretch does not tell a day
Row = dict[str, Any]
Clusters = dict[str, list[tuple[str, str]]]  # an event to the articles that tell it and the incidents they went to


class Read(NamedTuple):
    """What the software made of the articles: the rows of mentions.csv and tolls.csv, by report and by mention."""

    mentions: dict[str, list[Row]]
    killed: dict[str, list[Row]]


def main(lot: str, *, verbose: bool = False) -> None:
    """Print incidents and tolls by language, the merging, and how many main incidents are right."""
    read = _read(FRESH / lot / "articles.jsonl")
    truth = json.loads((FRESH / lot / "truth.json").read_text(encoding="utf-8"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    clusters: Clusters = defaultdict(list)
    for article in truth:
        one = _score(article, read, clusters, verbose=verbose)
        for group in (article["lang"], "all", *["not echoed"] * (not article["echoed"])):
            counts[group] += one
    for group in ("en", "fr", "all", "not echoed"):
        _print_counts(group, counts[group])
    _print_merging(clusters, verbose=verbose)


def _read(articles: Path) -> Read:
    mentions: dict[str, list[Row]] = defaultdict(list)
    killed: dict[str, list[Row]] = defaultdict(list)
    incidents = run([str(articles)]).incidents
    for rows in incidents["mentions"]:
        for row in rows:
            mentions[row["report_id"]].append(row)
    for rows in incidents["tolls"]:
        for row in rows:
            if row["kind"] == "killed" and row["low"]:
                killed[row["mention_id"]].append(row)
    return Read(mentions, killed)


def _score(article: Row, read: Read, clusters: Clusters, *, verbose: bool) -> Counter[str]:
    """Count what was told, read and found in one article."""
    name = article["article"]
    mentions = read.mentions[name]
    incidents = article["incidents"]
    main = next((i for i in incidents if not i["background"] and not i["optional"]), incidents[0])
    matched = _matched(incidents, mentions)
    counts = Counter({"read": len(mentions), "right": len(matched), "articles": 1})
    for number, told in enumerate(incidents):
        scored = not (told["optional"] or told["out_of_region"])
        figures = [t["low"] for t in told["tolls"] if t["low"] is not None and not t.get("derived")]
        counts["told"] += scored
        counts["figures told"] += len(figures) * scored
        if number not in matched:
            if verbose and scored:
                print("missed", name, told["id"], told["date"] or told["date_window"], "main" if told is main else "")
            continue
        mention = mentions[matched[number]]
        clusters[told["event_key"]].append((name, mention["incident_id"]))
        got = [(t["who"], t["low"]) for t in read.killed[mention["mention_id"]]]
        exact = [low for low in figures if low in {low for _, low in got}]
        counts += Counter({"found": int(scored), "figures": len(figures), "exact": len(exact)})
        if told is main:
            counts += Counter({"main": 1, "main toll": int(exact == figures and (bool(figures) or not got))})
        if verbose and (exact != figures or (got and not told["tolls"])):
            print("toll  ", name, told["id"], "told", figures, "read", got, "main" if told is main else "")
    if verbose:
        for number, m in enumerate(mentions):
            if number not in matched.values():
                print(
                    "extra ", name, m["event_date"], m["location"], m["country"], "context" if m["background"] else ""
                )
    return counts


def _matched(incidents: list[Row], mentions: list[Row]) -> dict[int, int]:
    """Incident number to mention number, the nearest pairs first."""
    pairs = [
        (distance, number, other)
        for number, told in enumerate(incidents)
        for other, mention in enumerate(mentions)
        if (distance := _apart(told, mention)) is not None and _same_day(told, mention)
    ]
    matched: dict[int, int] = {}
    for _, number, other in sorted(pairs):
        if number not in matched and other not in matched.values():
            matched[number] = other
    return matched


def _apart(told: Row, mention: Row) -> float | None:
    """How far apart the places are in kilometres, or None where they are not the same."""
    if mention["country"] != told["country"]:
        return None
    if told["geo_precision"] >= AREA:
        region = _folded(told["admin1"])[:6]  # regions are spelled, and were cut up, in several ways
        same = region in _folded(mention["admin1"], mention["location"]) or _named(told, mention)
        return NEAR_KM if same else None
    points = [p for p in (told, *told["coord_alt"]) if p["lat"] is not None]
    if not points:
        mine, name = _folded(mention["location"]), _folded(told["place"])
        return NEAR_KM if mine and (name in mine or mine in name) else None
    if mention["latitude"] is None:
        return None
    if (mention["geo_precision"] or AREA) >= AREA and not _named(told, mention):
        return None  # the seat or the middle of a region is not the village that happens to lie near it
    distance = min(_km(p["lat"], p["lon"], mention["latitude"], mention["longitude"]) for p in points)
    return distance if distance <= NEAR_KM else None


def _named(told: Row, mention: Row) -> bool:
    """Whether the mention goes by a name of the place that is told, or of an end of the stretch."""
    words = _folded(mention["location"]), _folded(mention["place_text"])
    return any(name in word for p in (told, *told["coord_alt"]) if (name := _folded(p["place"])) for word in words)


def _same_day(told: Row, mention: Row) -> bool:
    first, last = (mention[end] or mention["event_date"] for end in ("date_from", "date_to"))
    if not first or not last:
        return False
    first, last = _day(first), _day(last)
    days = [_day(d) for d in (told["date"], *told["date_accept"]) if d]
    if last - first <= LONGEST and any(first - GRACE <= day <= last + GRACE for day in days):
        return True
    window = [_day(d) for d in told["date_window"] or ()]
    return bool(window) and first <= window[1] + GRACE and last >= window[0] - GRACE


def _day(value: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _folded(*names: str | None) -> str:
    plain = unicodedata.normalize("NFKD", "".join(n or "" for n in names)).encode("ascii", "ignore").decode().lower()
    return "".join(c for c in plain if c.isalnum())


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


def _print_counts(group: str, n: Counter[str]) -> None:
    precision, recall = _share(n["right"], n["read"]), _share(n["found"], n["told"])
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0
    print(
        f"{group}: {n['told']} incidents, recall {recall:.1%}, precision {precision:.1%}, F1 {f1:.1%}"
        f" | killed figures {n['exact']} of {n['figures']} of the incidents found, {n['figures told']} told"
        f" | main incident right in {n['main']} of {n['articles']} articles, its toll too in {n['main toll']}"
    )


def _print_merging(clusters: Clusters, *, verbose: bool) -> None:
    pairs = [pair for members in clusters.values() for pair in combinations(members, 2)]
    joined = [one[1] == other[1] for one, other in pairs]
    held = defaultdict(set)
    for event, members in clusters.items():
        for _, incident in members:
            held[incident].add(event)
    several = {incident: events for incident, events in held.items() if len(events) > 1}
    print(f"merging: {sum(joined)} of {len(pairs)} pairs of one event joined; {len(several)} incidents hold two events")
    if verbose:
        for (one, other), same in zip(pairs, joined, strict=True):
            if not same:
                print("apart ", *one, *other)
        for incident, events in several.items():
            print("mixed ", incident, *sorted(events))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if argument != "-v"]
    if len(named) > 1 or not set(named) <= set(LOTS):
        sys.exit(f"usage: fresh.py [{'|'.join(LOTS)}] [-v]")
    main(*(named or LOTS[-1:]), verbose="-v" in sys.argv)
