"""Score `sahel-map build` on one-line incidents with a coded place and toll.

Usage: python benchmarks/lines.py LINES.jsonl CODED.json [-v]
Prints how many lines are placed within 25 km of the coded point and how many coded tolls are read exactly.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sahel_map.coding.relations import distance_km
from sahel_map.model import LonLat
from sahel_map.pipeline import run


def main(lines: str, coded: str, *, verbose: bool = False) -> None:
    """Build the lines, compare with the coded file, print the two shares and, if asked, the misses."""
    texts = {r["report_id"]: r["text"] for r in map(json.loads, Path(lines).read_text(encoding="utf-8").splitlines())}
    mentions: dict[str, list[dict[str, object]]] = {}
    tolls: dict[str, list[int]] = {}
    for row in run([lines]).incidents.to_dict("records"):
        for mention in row["mentions"]:
            mentions.setdefault(mention["report_id"], []).append(mention)
        for toll in row["tolls"]:
            if toll["kind"] == "killed":
                tolls.setdefault(toll["report_id"], []).append(toll["low"])
    placed = places = read = figures = 0
    for article in json.loads(Path(coded).read_text(encoding="utf-8")):
        for gold in article["incidents"]:
            own = mentions.get(article["article"], [])
            places += 1
            point = LonLat(gold["lon"], gold["lat"])
            distances = [
                distance_km(point, LonLat(m["longitude"], m["latitude"])) for m in own if m["latitude"] is not None
            ]  # type: ignore[arg-type]
            near = bool(distances) and min(distances) <= 25
            placed += near
            if verbose and not near:
                print(
                    "PLACE",
                    f"{min(distances):.0f} km" if distances else "none",
                    "|",
                    gold["place"],
                    "|",
                    [m["location"] for m in own],
                    "|",
                    texts[article["article"]][:150],
                )
            for toll in gold["tolls"]:
                figures += 1
                hit = toll["low"] in tolls.get(article["article"], [])
                read += hit
                if verbose and not hit:
                    print(
                        "TOLL", toll["low"], "got", tolls.get(article["article"]), "|", texts[article["article"]][:150]
                    )
    print(f"place within 25 km: {placed}/{places} = {placed / places:.1%}")
    if figures:
        print(f"deaths exact: {read}/{figures} = {read / figures:.1%}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], verbose="-v" in sys.argv)
