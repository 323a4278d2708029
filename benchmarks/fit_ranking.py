"""Fit the weights of sahel_map/data/ranking_weights.csv to names with known positions.

    python benchmarks/fit_ranking.py NAMES.csv [NAMES2.csv] --gazetteer A.sqlite --gazetteer B.sqlite [--write]

NAMES.csv has name, country, adm1, lat, lon (UCDP GED's coded places, for one). Every other row fits, the
rest checks; --write fits all rows and writes the weights. Prints log loss and the share within 25 km.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

from sahel_map.countries import country_codes_of
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import LonLat
from sahel_map.names import DATA, read_rows
from sahel_map.ranking import distance_km, features, smallness
from sahel_map.resolution import Resolver

RIGHT_KM = 15.0
PULL = 0.02  # towards the weights there are, so that a rare feature keeps its hand-set one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", type=Path)
    parser.add_argument("--gazetteer", action="append", type=Path, default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [row for path in options.names for row in csv.DictReader(path.open(encoding="utf-8"))]
    keys = [row["feature"] for row in read_rows("ranking_weights.csv")]
    start = np.array([float(row["weight"]) for row in read_rows("ranking_weights.csv")])
    resolvers = [Resolver(Gazetteer.open(path)) for path in options.gazetteer] or [
        Resolver(Gazetteer.open(local=False))
    ]
    questions = [q for r in resolvers for i, row in enumerate(rows) for q in examples(r, i, row, keys)]
    print(len(questions), "questions")
    for half in (0, 1):
        fitted = fit([q for q in questions if q[0] % 2 == half], start)
        for title, weights in (("as they are", start), ("fitted on the other half", fitted)):
            print(f"half {1 - half}, {title}: {report([q for q in questions if q[0] % 2 != half], weights)}")
    fitted = fit(questions, start)
    print(f"all, fitted on all: {report(questions, fitted)}")
    for key, old, new in zip(keys, start, fitted, strict=True):
        print(f"  {key:15} {old:7.2f} -> {new:7.2f}")
    if options.write:
        write(keys, fitted)


def examples(resolver: Resolver, number: int, row: dict[str, str], keys: list[str]):
    """(row number, feature matrix with "none" last, which are right) with admin 1, with country, with nothing."""
    truth = LonLat(float(row.get("lon") or row["longitude"]), float(row.get("lat") or row["latitude"]))
    name = row["name"]
    found = resolver.gazetteer.exact(name) + resolver.gazetteer.near(name)[:40]
    countries = country_codes_of(row["country"])
    for asked in (
        resolver._asked(row["country"], [row["adm1"]], (), None, ""),
        resolver._asked(row["country"], [], (), None, ""),
        resolver._asked(None, [], (), None, ""),
    ):
        context = asked.context(resolver.boundaries, len(resolver.gazetteer))
        candidates = [c for c in found if not asked.countries or c.place.country in countries]
        matrix = np.zeros((len(candidates) + 1, len(keys)))
        for i, candidate in enumerate(candidates):
            for key, value in features(name, candidate, context).items():
                matrix[i, keys.index(key)] = value
        matrix[-1, keys.index("none")] = 1.0
        matrix[-1, keys.index("small")] = smallness(context)
        right = np.array([distance_km(c.place.position, truth) <= RIGHT_KM for c in candidates] + [False])
        right[-1] = not right.any()
        yield number, matrix, right


def fit(questions, start: np.ndarray, steps: int = 300) -> np.ndarray:
    """Weights of least log loss (Adam on the full set)."""
    matrix = np.concatenate([q[1] for q in questions])
    sizes = np.array([len(q[1]) for q in questions])
    bounds = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    right = np.concatenate([q[2] for q in questions])
    weights, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    scale = np.where(np.abs(matrix).max(axis=0) > 0, np.abs(matrix).max(axis=0), 1.0)
    for step in range(1, steps + 1):
        logits = matrix @ weights
        logits -= np.repeat(np.maximum.reduceat(logits, bounds), sizes)
        powers = np.exp(logits)
        every = powers / np.repeat(np.add.reduceat(powers, bounds), sizes)
        good = powers * right
        among = good / np.repeat(np.add.reduceat(good, bounds), sizes)
        gradient = matrix.T @ (every - among) / len(questions) + PULL * (weights - start) * scale**2 / 10
        first = 0.9 * first + 0.1 * gradient / scale
        second = 0.999 * second + 0.001 * (gradient / scale) ** 2
        weights = weights - 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8) / scale
    return weights


def report(questions, weights: np.ndarray) -> str:
    loss, hit, sure, wrong = 0.0, 0, 0, 0
    for _, matrix, right in questions:
        logits = matrix @ weights
        powers = np.exp(logits - logits.max())
        chances = powers / powers.sum()
        loss -= np.log(chances[right].sum() + 1e-12)
        best = chances[:-1].argmax() if len(chances) > 1 else -1
        hit += bool(right[best]) and best >= 0
        sure += chances[best] >= 0.9 and best >= 0
        wrong += chances[best] >= 0.9 and best >= 0 and not right[best]
    n = len(questions)
    return f"log loss {loss / n:.3f}, best right {hit / n:.1%}, sure {sure / n:.1%}, sure and wrong {wrong / n:.1%}"


def write(keys: list[str], weights: np.ndarray) -> None:
    rows = read_rows("ranking_weights.csv")
    with (DATA / "ranking_weights.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "weight", "lesson"])
        for key, weight, row in zip(keys, weights, rows, strict=True):
            writer.writerow([key, f"{weight:.3f}", row["lesson"]])


if __name__ == "__main__":
    main()
