"""A weekly brief from the incident table: what happened, where, tolls with ranges and speakers, what is disputed, sources.

``make_brief`` writes it as blocks (``brief.blocks``), ``write_brief`` puts them into one HTML, Word or PDF file.
It sees only the incident table, so a brief can be made again from a saved file.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.brief.blocks import Block, Heading, Paragraph, Run, clean
from sahel_map.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

FORMATS = {".html": "as_html", ".docx": "as_word", ".pdf": "as_pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A brief as blocks, in one language ("en", "fr"); shows itself in Jupyter."""

    title: str
    language: str
    blocks: tuple[Block, ...]

    def save(self, path: str | Path) -> Path:
        """Write the brief, whole or not at all: one .html, .docx or .pdf file, all pictures inside.

        Raises InputError for another ending or a missing library, OutputError when the file cannot be written.
        """
        from sahel_map.exports.files import write_whole

        return write_whole(Path(path), self.rendered(ending_of(path)))

    def rendered(self, ending: str) -> bytes:
        """The content of the file with this ending."""
        module = importlib.import_module(f"{__name__}.{FORMATS[ending]}")
        content: bytes = module.render(self)
        return content

    def _repr_html_(self) -> str:
        page = html.escape(self.rendered(".html").decode("utf-8"))
        return f'<iframe srcdoc="{page}" sandbox="" title="{html.escape(self.title)}" style="width: 100%; height: 640px; border: 1px solid #ccc"></iframe>'


def make_brief(
    incidents: gpd.GeoDataFrame,
    *,
    since: dt.date | str | None = None,
    until: dt.date | str | None = None,
    title: str = "",
    language: str = "en",
    totals: Sequence[Mapping[str, Any]] = (),
) -> Brief:
    """The brief of an incident table (columns of ``sahel_map.incidents``, EPSG:4326) for the days from ``since`` to ``until``.

    Both days are included, and what may have happened on one of them counts; without either, undated incidents
    are in the brief too. What is told only as background is counted, not told. ``totals`` are the rows of
    aggregates.csv. Figures need matplotlib (the extra ``brief``). Raises InputError for a language or day that is none.

    >>> make_brief(incidents, since="2025-05-26", until="2025-06-01").save("brief.pdf")  # doctest: +SKIP
    PosixPath('brief.pdf')
    """
    from sahel_map.brief import sections
    from sahel_map.brief.words import day_words, some, words

    say = words(language)
    first, last = _day(since), _day(until)
    if first and last and last < first:
        raise InputError(f"a brief from {first} until {last}: the last day lies before the first")
    material = _material(incidents, first, last, language, totals)
    keys = {(True, True): "period", (True, False): "since", (False, True): "until", (False, False): "all_days"}
    period = say[keys[bool(first), bool(last)]].format(first=day_words(say, first), last=day_words(say, last))
    name = clean(title) or say["title"]
    found: list[Block] = [
        Heading(text=name, level=1),
        Paragraph(line=(Run(text=period, bold=True),)),
        Paragraph(
            line=(Run(text=say["checked"].format(reports=some(say, "reports", len(material.reports)))),), note=True
        ),
        *sections.in_short(material),
    ]
    if material.rows:
        found += [
            *sections.where(material, language, period), *sections.happened(material), *sections.disputed(material),
            *sections.charts(material, language), *sections.table(material), *sections.totals(material), *sections.sources(material),
        ]  # fmt: skip
    return Brief(title=name, language=language, blocks=(*found, *sections.reading(material)))


def write_brief(incidents: gpd.GeoDataFrame, path: str | Path, **options: Any) -> Path:
    """Write the brief of an incident table into an .html, .docx or .pdf file; ``options`` as for ``make_brief``."""
    ending_of(path)  # a wrong ending is said before long work
    return make_brief(incidents, **options).save(path)


def read_totals(source: str | Path) -> list[dict[str, str]]:
    """The totals over time or area that a build kept apart: aggregates.csv in this folder, or beside this file; none without it."""
    path = Path(source)
    path = path / "aggregates.csv" if path.is_dir() else path.with_name("aggregates.csv")
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{str(path)!r} cannot be read as CSV: {error}") from error


def ending_of(path: str | Path) -> str:
    """The known ending of a brief's file; InputError for any other."""
    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        raise InputError(f"{str(path)!r}: a brief is written as one of {', '.join(FORMATS)}")
    return ending


def _day(value: dt.date | str | None) -> dt.date | None:
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"{value!r} is not a day; write it as YYYY-MM-DD, for example 2025-06-02") from error


def _material(
    incidents: gpd.GeoDataFrame,
    first: dt.date | None,
    last: dt.date | None,
    language: str,
    totals: Sequence[Mapping[str, Any]],
) -> Any:
    from sahel_map.brief.sections import Material, rows_of
    from sahel_map.brief.telling import Teller
    from sahel_map.brief.words import words
    from sahel_map.exports.filters import filtered
    from sahel_map.views.checking import checked

    whole = checked(incidents)
    undated = whole[whole["event_date"].isna()]
    kept = filtered(whole, since=first, until=last)
    news = kept[~kept["background"].astype(bool)]
    many = news.groupby(news["country"].fillna(""))["incident_id"].transform("size")
    news = news.assign(_many=-many, _country=news["country"].fillna(""))
    news = news.sort_values(["_many", "_country", "event_date"], kind="stable", ignore_index=True).drop(
        columns=["_many", "_country"]
    )
    bounded = first is not None or last is not None
    rows = rows_of(news)
    reports = _reports(rows)
    return Material(
        table=news, rows=rows, background=len(kept) - len(news), undated=int((~undated["background"].astype(bool)).sum()),
        undated_left_out=bounded, totals=totals, reports=reports,
        teller=Teller(words(language), {str(r["report_id"]): n for n, r in enumerate(reports, 1)}),
    )  # fmt: skip


def _reports(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The reports cited, each once, by their day; where the table has lost them (incidents.csv) their ids and outlets."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        nested = row.get("reports")
        found.update({str(r.get("report_id")): r for r in nested} if isinstance(nested, list) else {})
        ids, outlets = (str(row.get(c) or "").split("; ") for c in ("report_ids", "sources"))
        for n, report_id in enumerate(ids):
            if report_id and report_id not in found:
                found[report_id] = {"report_id": report_id, "source": outlets[n] if len(outlets) == len(ids) else ""}
    return sorted(found.values(), key=lambda r: (str(r.get("published") or "9999"), str(r.get("report_id"))))
