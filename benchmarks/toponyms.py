"""How right are the names, and how sure? UCDP GED's coded places as the measure.

    python benchmarks/toponyms.py NAMES.csv DESCRIPTIONS.csv [--gazetteer A.sqlite ...]

NAMES.csv: name, country, adm1, lat, lon. DESCRIPTIONS.csv: where_description, country, latitude, longitude.
Every measure is printed for the even rows, the odd rows (weights are fitted on both; see fit_ranking.py
for the two halves apart) and with the local gazetteers named and the shipped one.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from sahel_map.countries import country_code
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import LonLat
from sahel_map.ranking import distance_km
from sahel_map.resolution import Resolver


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", type=Path)
    parser.add_argument("descriptions", type=Path)
    parser.add_argument("--gazetteer", action="append", type=Path, default=[])
    options = parser.parse_args()
    for path in [*options.gazetteer, None]:
        resolver = Resolver(Gazetteer.open(path) if path else Gazetteer.open(local=False))
        print(path.name if path else "shipped only", f"({len(resolver.gazetteer)} places)")
        for title, columns in (
            ("name, country, admin 1", ("country", "adm1")),
            ("name, country", ("country",)),
            ("name", ()),
        ):
            report(title, [measure(resolver, row, "name", columns) for row in rows(options.names)])
        report(
            "description, country",
            [measure(resolver, r, "where_description", ("country",)) for r in rows(options.descriptions)],
        )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(resolver: Resolver, row: dict[str, str], text: str, context: tuple[str, ...]) -> dict[str, bool]:
    given = {"country" if c == "country" else "admin1": row[c] for c in context}
    answer = resolver.resolve(row[text], **given)  # type: ignore[arg-type]
    truth = LonLat(float(row.get("lon") or row["longitude"]), float(row.get("lat") or row["latitude"]))
    km = distance_km(answer.position, truth) if answer.position else float("inf")
    resolved = answer.status.value == "resolved"
    return {
        "within 10 km": km <= 10,
        "within 25 km": km <= 25,
        "resolved": resolved,
        "confidently wrong": resolved and 25 < km < float("inf"),
        "covered": km <= (answer.uncertainty_km or 0),
        "right country if resolved": not resolved or answer.country == country_code(row["country"]),
    }


def report(title: str, results: list[dict[str, bool]]) -> None:
    for half, part in (("even", results[::2]), ("odd", results[1::2]), ("all", results)):
        shares = ", ".join(f"{key} {sum(r[key] for r in part) / len(part):.1%}" for key in part[0])
        print(f"  {title:24} {half:4} n {len(part):5}  {shares}")


if __name__ == "__main__":
    main()
