"""What a person should look at first: the doubts of a build, the gravest on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sahel_map.coding.report import OLD_NEWS
from sahel_map.model import OVERRULED, EventMention, Incident, PlaceKind, ResolutionStatus

REVIEW_COLUMNS = (
    "priority",
    "doubt",
    "incident_id",
    "mention_id",
    "report_id",
    "value",
    "alternatives",
    "why",
    "quote",
)
_PRIORITY = {"unresolved place": 1, "conflicting outcome": 1, "conflicting toll": 1, "ambiguous place": 2, "unresolved date": 2,
             "conflicting actor": 2, "point elsewhere": 2, "conflicting date": 3, "place of the source": 3, "vague toll": 4, "window of days": 4,
             "low score": 4, "old news": 4}  # fmt: skip


def review(incidents: Iterable[Incident]) -> list[dict[str, Any]]:
    """The doubts of a build as rows of review.csv, gravest first; the order of incidents does not matter."""
    return gravest_first(row for incident in incidents for row in doubts(incident))


def gravest_first(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of ``doubts`` in the order of review.csv."""
    return sorted(rows, key=lambda r: (r["priority"], -(r.pop("_toll")), r["incident_id"], r["mention_id"], r["doubt"]))


def doubts(incident: Incident) -> Iterator[dict[str, Any]]:
    """The doubts of one incident, with its deaths beside them for the order."""
    for conflict in incident.conflicts:
        name = conflict.partition(":")[0]
        if name != "spelling":
            yield _row(incident, None, f"conflicting {name}", conflict, "", "reports or speakers disagree")
    for mention in incident.mentions:
        yield from _of_mention(incident, mention)


def _of_mention(incident: Incident, mention: EventMention) -> Iterator[dict[str, Any]]:
    place = mention.resolution
    others = " | ".join(
        f"{c.place.name} ({c.place.country} {c.place.position.lat:.3f}, {c.place.position.lon:.3f})"
        for c in place.candidates[:5]
    )
    if place.status is ResolutionStatus.UNRESOLVED and place.kind is not PlaceKind.COUNTRY:
        yield _row(incident, mention, "unresolved place", mention.place_text, others, place.reason)
    elif place.status is ResolutionStatus.AMBIGUOUS:
        yield _row(
            incident, mention, "ambiguous place", f"{mention.place_text} -> {place.location}", others, place.reason
        )
    elif place.kind is PlaceKind.PLACE and place.score < 0.9:
        yield _row(
            incident,
            mention,
            "low score",
            f"{mention.place_text} -> {place.location} ({place.score:.2f})",
            others,
            place.reason,
        )
    if OLD_NEWS in mention.reason:
        day = str(mention.when.last) if mention.when else ""
        yield _row(incident, mention, "old news", day, "", mention.reason.rpartition("; ")[2])
    if "where its local source is" in mention.reason:
        yield _row(incident, mention, "place of the source", place.location, "", mention.reason)
    for note in mention.notes:
        if note.startswith("its point lies") or "; its point lies" in note:
            yield _row(incident, mention, "point elsewhere", place.location, "", note)
    if mention.when is None:
        yield _row(incident, mention, "unresolved date", "", "", mention.reason)
    elif (mention.when.last - mention.when.first).days > 2 and not mention.event_id:
        yield _row(
            incident, mention, "window of days", f"{mention.when.first} to {mention.when.last}", "", mention.when.text
        )
    for toll in mention.tolls:
        if toll.qualifier in ("several", "dozens", "hundreds", "thousands") and toll.revision != OVERRULED:
            yield _row(
                incident,
                mention,
                "vague toll",
                f"{toll.qualifier}: {toll.low} {toll.who} {toll.kind}",
                "",
                "a word, not a number",
            )


def _row(
    incident: Incident, mention: EventMention | None, doubt: str, value: str, alternatives: str, why: str
) -> dict[str, Any]:
    return {
        "priority": _PRIORITY.get(doubt, 5), "doubt": doubt, "incident_id": incident.incident_id,
        "mention_id": mention.mention_id if mention else "", "report_id": mention.report_id if mention else "",
        "value": value, "alternatives": alternatives, "why": why, "quote": mention.sentence if mention else "",
        "_toll": incident.fatalities_best or 0,
    }  # fmt: skip
