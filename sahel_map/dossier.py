"""The story of one incident: reports, sentences, figures, why they were joined, what disagrees."""

from __future__ import annotations

from typing import Any


def story(row: dict[str, Any]) -> str:
    """The incident as text a person can read."""
    lines = [f"{row['incident_id']}: {row['sub_event_type']} at {row['location'] or row['country']}, {_days(row)}"]
    lines.append(f"  {row['actor1'] or 'unknown'} against {row['actor2'] or 'unknown'}")
    where = ", ".join(str(part) for part in (row["admin2"], row["admin1"], row["country"]) if part)
    lines.append(f"  place: {where}; precision {row['geo_precision']}; {row.get('resolution_reason') or ''}")
    lines.append(f"  killed: {_bounds(row)}{' (disputed)' if row['disputed'] else ''}")
    for heading, items in (("joined because", row.get("reasons")), ("they disagree on", row.get("conflicts"))):
        if items:
            lines.append(f"{heading}:")
            lines += [f"  - {item}" for item in items]
    lines.append("told by:")
    published = {r["report_id"]: r for r in row.get("reports") or []}
    for mention in row.get("mentions") or []:
        report = published.get(mention["report_id"], {})
        lines.append(
            f"  {mention['report_id']} ({report.get('source') or 'no source'}, {report.get('published') or 'no date'}): {mention.get('place_text') or ''}, {_days(mention)}"
        )
        lines.append(f"    “{' '.join((mention.get('sentence') or '').split())}”")
        for told in mention.get("evidence") or []:
            lines.append(
                f"    {told['field']}: “{' '.join(told['words'].split())}”, characters {told['start']}–{told['end']}"
            )
        for toll in [t for t in row.get("tolls") or [] if t.get("mention_id") == mention.get("mention_id")]:
            lines.append(f"    {_toll(toll)}")
    if row.get("notes"):
        lines.append(f"notes: {row['notes']}")
    return "\n".join(lines)


def _days(row: dict[str, Any]) -> str:
    first, last = row.get("date_from"), row.get("date_to")
    if not isinstance(first, str):
        return "day unknown"
    return first if first == last else f"{first} to {last}"


def _bounds(row: dict[str, Any]) -> str:
    low, high = (_whole(row.get(key)) for key in ("fatalities_low", "fatalities_high"))
    if low is None:
        return "no figure given"
    return _range(low, high)


def _range(low: Any, high: Any) -> str:
    if low is None:
        return f"up to {high}"
    return f"{low} or more" if high is None else f"{low}" if low == high else f"{low} to {high}"


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _toll(toll: dict[str, Any]) -> str:
    count = _range(toll["low"], toll["high"])
    part = ", part of another figure" if toll.get("part_of") else ""
    shared = f", shared with {toll['shared_with']}" if toll.get("shared_with") else ""
    revision = f", {toll['revision']}" if toll.get("revision") else ""
    return f"{count} {toll['who']} {toll['kind']} ({toll['qualifier']}), {toll['status']} by {toll['speaker'] or 'no named speaker'}{part}{shared}{revision}"
