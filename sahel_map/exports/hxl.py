"""Which HXL tag does a column carry? As in ACLED's and UCDP's own copies on HDX; "" where HXL has none.

The standard is at https://hxlstandard.org/ (version 1.1).
"""

from __future__ import annotations

from collections.abc import Sequence

_TAGS = {
    "incident_id": "#event+code", "event_id_cnty": "#event+code", "id": "#event+code", "event_date": "#date+occurred",
    "date_from": "#date+start", "date_to": "#date+end", "date_start": "#date+start", "date_end": "#date+end",
    "year": "#date+year", "event_type": "#event+type", "sub_event_type": "#event+type+sub",
    "actor1": "#group+name+first", "actor2": "#group+name+second", "side_a": "#group+name+first",
    "side_b": "#group+name+second", "country": "#country+name", "region": "#region+name", "admin1": "#adm1+name",
    "admin2": "#adm2+name", "adm_1": "#adm1+name", "adm_2": "#adm2+name", "adm1_pcode": "#adm1+code",
    "adm2_pcode": "#adm2+code", "location": "#loc+name", "where_coordinates": "#loc+name", "latitude": "#geo+lat",
    "longitude": "#geo+lon", "geo_precision": "#geo+precision", "sources": "#meta+source", "source": "#meta+source",
    "source_office": "#meta+source", "notes": "#description", "source_headline": "#description",
    "fatalities": "#affected+killed", "best": "#affected+killed", "fatalities_best": "#affected+killed",
    "fatalities_low": "#affected+killed+min", "fatalities_high": "#affected+killed+max", "low": "#affected+killed+min",
    "high": "#affected+killed+max", "status": "#status",
}  # fmt: skip


def tags(columns: Sequence[str]) -> list[str]:
    """The HXL row of these columns; our country column holds ISO codes, so it is ``#country+code``."""
    codes = {"country": "#country+code"} if "incident_id" in columns else {}
    return [codes.get(column, _TAGS.get(column, "")) for column in columns]
