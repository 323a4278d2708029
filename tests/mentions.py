"""Mentions at random, thick enough in space and time that many are one event: for what must hold of any input."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

from shapely.geometry import Point, box

from sahel_map.model import (
    DateRange,
    EventMention,
    GeoPrecision,
    LonLat,
    PlaceKind,
    Report,
    Resolution,
    ResolutionStatus,
    Toll,
)

FIRST = dt.date(2024, 1, 1)
ACTORS = ("JNIM: Group for Support of Islam and Muslims", "IS Sahel: Islamic State Sahel Province", "Katiba Macina", "")
KINDS = (("Battles", "Armed clash"), ("Violence against civilians", "Attack"), ("Riots", "Mob violence"))


def random_mentions(count: int, *, seed: int, days: int = 30, places: int = 12) -> list[EventMention]:
    """Points, discs, regions, countries and unknown places; days, windows and none; figures that agree or do not."""
    chance = random.Random(seed)
    towns = [
        (f"P{n}", round(chance.uniform(-4, 4), 3), round(chance.uniform(12, 17), 3), chance.choice("MBN"))
        for n in range(places)
    ]
    events = [(chance.choice(towns), FIRST + dt.timedelta(days=chance.randrange(days)), chance.choice(KINDS),
               chance.choice(ACTORS), chance.randrange(1, 40)) for _ in range(max(1, count // 3))]  # fmt: skip
    return [_mention(chance, n, *chance.choice(events)) for n in range(count)]


def one_story(count: int, *, seed: int, ways: int = 40) -> list[EventMention]:
    """One event told by as many reports, in so many ways."""
    chance = random.Random(seed)
    told = random_mentions(ways, seed=seed, days=2, places=1)
    return [replace(chance.choice(told), mention_id=f"s{n:07d}:1", report_id=f"s{n:07d}") for n in range(count)]


def reports_of(mentions: list[EventMention], *, days: int = 40) -> list[Report]:
    """A report for each that tells of something, published on one of so many days."""
    ids = sorted({m.report_id for m in mentions})
    return [
        Report(report_id=i, text="", source=f"S{n % 5}", published=FIRST + dt.timedelta(days=n % days))
        for n, i in enumerate(ids)
    ]


def _mention(
    chance: random.Random, number: int, town: tuple[str, float, float, str], day: dt.date, kind: tuple[str, str], actor: str, killed: int
) -> EventMention:  # fmt: skip
    report = f"r{number // 2:06d}"
    figure = killed + chance.choice((0, 0, 0, 1, 9))
    toll = Toll(who="soldiers", kind="killed", low=figure, high=figure, report_id=report,
                shared_with=(f"r{number // 2:06d}:{2 - number % 2}",) if chance.random() < 0.1 else ())  # fmt: skip
    return EventMention(
        mention_id=f"{report}:{number % 2 + 1}", report_id=report, place_text=town[0], resolution=_place(chance, *town),
        when=_when(chance, day), event_type=kind[0], sub_event_type=kind[1], actor1=actor if chance.random() < 0.6 else "",
        actor2=chance.choice(("Military Forces of Mali", "Civilians", "")), background=chance.random() < 0.2,
        tolls=() if chance.random() < 0.2 else (toll,),
    )  # fmt: skip


def _place(chance: random.Random, name: str, lon: float, lat: float, country: str) -> Resolution:
    point, area = Point(lon, lat), box(int(lon) - 1, 12, int(lon) + 1, 17)
    far = Point(lon + 0.9, lat)  # the same name, elsewhere
    kind, location, shape = chance.choices(
        [(PlaceKind.PLACE, name, point), (PlaceKind.NEAR, name, point), (PlaceKind.PLACE, name, far), (PlaceKind.UNIT, f"U{int(lon)}", area),
         (PlaceKind.COUNTRY, country, None), (PlaceKind.NONE, name, None)], weights=[70, 8, 6, 8, 4, 4],
    )[0]  # fmt: skip
    middle = shape.centroid if shape is not None else None
    return Resolution(
        query=name, status=ResolutionStatus.RESOLVED, kind=kind, location=location, geometry=shape, country=country, score=1.0,
        position=LonLat(middle.x, middle.y) if middle is not None else None, uncertainty_km=chance.choice((1.0, 5.0, 25.0)),
        geo_precision=GeoPrecision.PLACE,
    )  # fmt: skip


def _when(chance: random.Random, day: dt.date) -> DateRange | None:
    before, after = chance.choices(
        [(0, 0), (6, 0), (45, 0), (-1, 1), (None, None)], weights=[70, 10, 2, 12, 6],
    )[0]  # fmt: skip
    if before is None or after is None:
        return None
    return DateRange(first=day - dt.timedelta(days=before), last=day + dt.timedelta(days=after))
