"""The records that travel through the pipeline, frozen, standard library only.

Names follow ACLED where it has one (event_date, time_precision, geo_precision, actor1…),
GeoNames for places (feature_code) and OCHA for admin units (pcode).
Positions are WGS 84 (EPSG:4326) decimal degrees, longitude first as in GeoJSON and shapely.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class LonLat(NamedTuple):
    """A position in EPSG:4326, longitude first."""

    lon: float
    lat: float


class GeoPrecision(IntEnum):
    """ACLED's geo_precision, with 4 added for what ACLED never codes."""

    PLACE = 1  # the named town, or known coordinates
    NEAR = 2  # near a town, or a small part of a region
    REGION = 3  # a larger region
    COUNTRY = 4  # a country or a cross-border area


class TimePrecision(IntEnum):
    """ACLED's time_precision: 1 the day, 2 within a week, 3 within a month; 4 longer, ours."""

    DAY = 1
    WEEK = 2
    MONTH = 3
    LONGER = 4


class ResolutionStatus(StrEnum):
    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNRESOLVED = "unresolved"


class PlaceKind(StrEnum):
    """What sort of thing on the ground a text names; it decides what is drawn."""

    PLACE = "place"  # a point
    NEAR = "near"  # a disc of its uncertainty
    STRETCH = "stretch"  # a road, a river reach, or "between A and B": a line
    UNIT = "unit"  # an administrative unit: its polygon of that day
    AREA = "area"  # a region no administration knows: its polygon
    COUNTRY = "country"  # a whole country: listed, not drawn
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the gazetteer, whatever sources know it."""

    place_id: str
    name: str
    position: LonLat
    country: str  # ISO 3166-1 alpha-2
    alternate_names: tuple[str, ...] = ()
    feature_code: str = "PPL"  # GeoNames
    adm1_pcode: str = ""  # OCHA
    adm2_pcode: str = ""
    population: int = 0
    sources: tuple[str, ...] = ()  # who says so, e.g. ("geonames:2453348", "kept")
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminUnit:
    """An administrative unit in one period of its life."""

    unit_id: str  # unique over time
    pcode: str  # OCHA P-code, "" where there is none
    name: str
    level: int  # 0 country, 1 region, 2 cercle / province / department
    country: str
    parent_id: str = ""
    iso_3166_2: str = ""
    valid_from: dt.date | None = None  # None: since before our records
    valid_to: dt.date | None = None  # last day it was valid; None: still
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    alternate_names: tuple[str, ...] = ()
    seat: str = ""  # its chief town
    position: LonLat | None = None  # a point inside it; None where no source draws it
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A region people write about that no administration knows, such as Liptako-Gourma."""

    area_id: str
    name_en: str
    name_fr: str
    geometry: BaseGeometry  # EPSG:4326, lon lat
    alternate_names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    rule: str = ""  # how the polygon was made
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name may mean, with how it matched and how well (score 0–1)."""

    place: Place
    matched_name: str
    method: str  # exact, alternate, sound, close, user, unit, area…
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the gazetteer makes of a name or phrase; the audit trail is the return value."""

    query: str
    status: ResolutionStatus
    kind: PlaceKind = PlaceKind.NONE
    location: str = ""  # name of the place, unit or area as we spell it
    matched_name: str = ""
    position: LonLat | None = None  # representative point; None when only a country is known
    geometry: BaseGeometry | None = None  # what is drawn: point, line or polygon, EPSG:4326, lon lat
    uncertainty_km: float | None = None  # the true place lies within this of position, as far as we know
    geo_precision: GeoPrecision | None = None  # ACLED
    where_prec: int | None = None  # UCDP GED 1–7
    country: str = ""
    admin1: str = ""  # of the day asked for
    admin2: str = ""
    adm1_pcode: str = ""
    adm2_pcode: str = ""
    admin1_today: str = ""
    admin2_today: str = ""
    method: str = ""
    score: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One text as published."""

    report_id: str
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    published: dt.date | None = None
    language: str = ""  # "en" or "fr"
    also_in: tuple[str, ...] = ()  # other outlets that printed the same text
    copies: tuple[str, ...] = ()  # report_ids of those printings


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters [start, end) of a report's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """The days an event may have happened on, both ends included."""

    first: dt.date
    last: dt.date
    text: str = ""
    start: int = -1
    end: int = -1
    stated: TimePrecision | None = None  # a coder's own code, which then stands

    @property
    def precision(self) -> TimePrecision:
        """The coder's code, else ACLED's time_precision of a window of this length."""
        if self.stated is not None:
            return self.stated
        days = (self.last - self.first).days + 1
        if days <= 1:
            return TimePrecision.DAY
        if days <= 8:
            return TimePrecision.WEEK
        return TimePrecision.MONTH if days <= 31 else TimePrecision.LONGER


PERSON = "person"  # the speaker's kind of a figure from a corrections file
OVERRULED = "overruled"  # the revision of a figure that a person's took the place of: in the ledger, in no estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """One figure of the ledger: who was hit, how many, says who."""

    who: str
    kind: str  # killed, injured, abducted, missing
    low: int
    high: int | None  # None: open
    qualifier: str = "exact"
    speaker: str = ""
    speaker_kind: str = ""  # party, authority, security source, medical, local, ngo, un, media, dataset, person
    status: str = "reported"  # claimed, reported, confirmed
    report_id: str = ""
    quote: str = ""
    start: int = -1
    end: int = -1
    shared_with: tuple[str, ...] = ()  # mention ids that share this one figure
    part_of: str = ""  # quote of the larger figure this one is a part of
    revision: str = ""  # provisional, revised, superseded, overruled, or empty
    origin: str = ""  # where a repeated figure comes from, e.g. "Reuters: two security sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that one value of a mention was read from; what was concluded from no words has none."""

    field: str  # place, date, actor1, actor2, event_type or outcome
    words: str  # characters [start, end) of the report's text
    start: int
    end: int
    sentence: str = ""  # the one they stand in
    value: str = ""  # of an outcome: seized or repelled; else as the mention has it


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """What one report tells of one incident."""

    mention_id: str
    report_id: str
    place_text: str
    resolution: Resolution
    when: DateRange | None
    event_type: str
    sub_event_type: str
    actor1: str = ""
    actor2: str = ""
    actor1_status: str = ""  # claimed, attributed, suspected
    outcome: str = ""
    background: bool = False
    tolls: tuple[Toll, ...] = ()
    sentence: str = ""
    start: int = -1
    end: int = -1
    reason: str = ""
    notes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    event_id: str = ""  # of a coded event: the id its dataset gives it, with the dataset's name before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One event on the ground, whoever reported it."""

    incident_id: str
    mentions: tuple[EventMention, ...]
    resolution: Resolution
    when: DateRange | None
    event_type: str
    sub_event_type: str
    actor1: str
    actor2: str
    fatalities_low: int | None
    fatalities_high: int | None
    fatalities_best: int | None = None
    status: str = ""  # of the best figure, or of the event: claimed, reported, confirmed
    disputed: bool = False
    background: bool = False
    sources: tuple[str, ...] = ()
    report_ids: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  # why these mentions are one incident
    conflicts: tuple[str, ...] = ()  # what they disagree on
    notes: str = ""
    extra: dict[str, object] = field(default_factory=dict)
