"""The one incident table: its columns, and the crossing from records to GeoDataFrame.

Views and exports see only this table, so a map can be redrawn from a saved file.
"""

from __future__ import annotations

INCIDENT_COLUMNS = (
    "incident_id", "event_date", "date_from", "date_to", "time_precision",
    "event_type", "sub_event_type", "actor1", "actor2",
    "country", "admin1", "admin2", "adm1_pcode", "location", "latitude", "longitude", "geo_precision",
    "fatalities_low", "fatalities_high", "disputed", "background", "sources", "report_ids", "notes",
)  # fmt: skip
MENTION_COLUMNS = (
    "mention_id", "incident_id", "report_id", "place_text", "location", "country", "admin1", "admin2",
    "latitude", "longitude", "geo_precision", "event_date", "date_from", "date_to", "time_precision",
    "event_type", "sub_event_type", "actor1", "actor2", "background", "sentence", "start", "end", "reason",
)  # fmt: skip
TOLL_COLUMNS = (
    "toll_id", "mention_id", "incident_id", "report_id", "who", "kind", "low", "high", "qualifier",
    "speaker", "status", "shared_with", "quote", "start", "end",
)  # fmt: skip
