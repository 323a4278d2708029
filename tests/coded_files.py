"""Made-up files in the formats of UCDP GED and ACLED: no row of either is real."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

GED_COLUMNS = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,"
    "dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,"
    "source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,"
    "priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,"
    "deaths_unknown,best,high,low,gwnoa,gwnob"
).split(",")
ACLED_COLUMNS = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,"
    "assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,"
    "geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
).split(",")
HXL = {
    "event_id_cnty": "#event+code", "event_date": "#date+occurred", "event_type": "#event+type", "latitude": "#geo+lat",
    "longitude": "#geo+lon", "fatalities": "#affected+killed", "country": "#country+name", "notes": "#description",
}  # fmt: skip


def ged(number: int = 1, **more: Any) -> dict[str, Any]:
    """One made-up GED row: Djibo, 3 June 2024, state-based, 5 to 9 dead."""
    return {
        "id": 900000 + number, "relid": f"MADE-{number}", "year": 2024, "active_year": True, "code_status": "Clear", "type_of_violence": 1,
        "conflict_name": "made up", "dyad_name": "made up", "side_a": "Government of Burkina Faso", "side_b": "JNIM", "number_of_sources": 2,
        "source_office": "Made Up Agency", "source_headline": "A made-up headline", "where_prec": 1, "where_coordinates": "Djibo town",
        "where_description": "Djibo", "adm_1": "Sahel region", "adm_2": "Soum province", "latitude": 14.102, "longitude": -1.6306,
        "country": "Burkina Faso", "country_id": 439, "region": "Africa", "event_clarity": 1, "date_prec": 1, "date_start": "2024-06-03",
        "date_end": "2024-06-03", "deaths_a": 2, "deaths_b": 3, "deaths_civilians": 1, "deaths_unknown": 0, "best": 6, "high": 9, "low": 5,
        "gwnoa": "439", **more,
    }  # fmt: skip


def acled(number: int = 1, **more: Any) -> dict[str, Any]:
    """One made-up ACLED row: Djibo, 3 June 2024, 8 dead."""
    return {
        "event_id_cnty": f"MADE{number}", "event_date": "2024-06-03", "year": 2024, "time_precision": 1, "disorder_type": "Political violence",
        "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": "JNIM: Group for Support of Islam and Muslims", "inter1": "Rebel group",
        "actor2": "Military Forces of Burkina Faso (2022-)", "inter2": "State forces", "iso": 854, "region": "Western Africa",
        "country": "Burkina Faso", "admin1": "Sahel", "admin2": "Soum", "location": "Djibo", "latitude": 14.102, "longitude": -1.6306,
        "geo_precision": 1, "source": "Made Up Radio; Made Up Agency", "source_scale": "National", "notes": "A made-up note.", "fatalities": 8,
        "timestamp": 1718000000, **more,
    }  # fmt: skip


def text_of(rows: list[dict[str, Any]], columns: list[str], delimiter: str = ",") -> str:
    """Rows as delimited text; cells that a row lacks are empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(
        buffer, columns, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def write_ged(path: Path, *rows: dict[str, Any], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_text(text_of(list(rows), GED_COLUMNS, delimiter), encoding=encoding)
    return path


def write_acled(path: Path, *rows: dict[str, Any], columns: list[str] | None = None) -> Path:
    path.write_text(text_of(list(rows), columns or ACLED_COLUMNS), encoding="utf-8")
    return path


def write_workbook(path: Path, rows: list[dict[str, Any]], columns: list[str], *, above: int = 0) -> Path:
    """Rows as the first sheet of an Excel workbook, ``above`` empty rows over the header."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for number, cells in enumerate([columns, *([row.get(c) for c in columns] for row in rows)], 1 + above):
        for column, value in enumerate(cells, 1):
            sheet.cell(number, column, value)
    book.save(path)
    return path
