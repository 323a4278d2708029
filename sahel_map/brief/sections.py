"""What stands in a brief, in which order? In short, map, what happened, what is disputed, charts, table, totals, sources."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.brief.blocks import Block, Bullets, Heading, Line, Paragraph, Picture, Run, Sources, Table, clean
from sahel_map.brief.telling import Row, Teller
from sahel_map.brief.words import as_day, bounds, day_words, figure_words, some, span_words, whole

if TYPE_CHECKING:
    import geopandas as gpd

TOLD = 100  # incidents told in prose
LISTED = 1000  # rows of the table
_HEAVIEST = 3
_LONG = 62  # days from which a chart by month says something


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a brief is written from: the chosen rows, what was left out, totals told, sources by number."""

    table: gpd.GeoDataFrame  # news of the chosen days, by country, the most incidents first, then by day
    rows: list[Row]
    background: int
    undated: int
    undated_left_out: bool
    totals: Sequence[Row]
    reports: list[Row]
    teller: Teller

    @property
    def say(self) -> Mapping[str, str]:
        """The brief's words."""
        return self.teller.say


def in_short(material: Material) -> Iterator[Block]:
    """The whole on half a page."""
    say, rows, teller = material.say, material.rows, material.teller
    yield Heading(text=say["in_short"])
    if not rows:
        yield Paragraph(line=(Run(text=say["none"]),))
    items: list[Line] = []
    if rows:
        where = Counter(teller.country(row.get("country")) for row in rows)
        items.append(
            _plain(some(say, "incidents", len(rows), where=", ".join(f"{c} {n}" for c, n in where.most_common())))
        )
        items += [_plain(text) for text in _sums(say, rows)]
        silent = sum(whole(row.get("fatalities_low")) is None for row in rows)
        items += [_plain(some(say, "silent", silent))] if silent else []
        items += _shared(material)
        disputed = sum(bool(row.get("disputed")) for row in rows)
        items += [_plain(some(say, "disputed_count", disputed))] if disputed else []
        items += _heaviest(material)
    if material.background:
        items.append(_plain(some(say, "background", material.background)))
    if material.undated:
        items.append(_plain(some(say, "undated" if material.undated_left_out else "undated_kept", material.undated)))
    if items:
        yield Bullets(items=tuple(items))


def _plain(text: str) -> Line:
    return (Run(text=text),)


def _sums(say: Mapping[str, str], rows: Sequence[Row]) -> Iterator[str]:
    told = [row for row in rows if whole(row.get("fatalities_low")) is not None]
    if not told:
        return
    low = sum(whole(row.get("fatalities_low")) or 0 for row in told)
    best = [whole(row.get("fatalities_high")) for row in told]
    high = sum(
        max(whole(row.get("fatalities_low")) or 0, whole(row.get("fatalities_best")) or 0) if top is None else top
        for top, row in zip(best, told, strict=True)
    )
    open_ = best.count(None)
    yield say["killed_open" if open_ else "killed"].format(
        low=low, high=high, k=some(say, "some_incidents", len(told)), open=some(say, "some_figures", open_)
    )
    standing = Counter[str]()
    for row in told:
        standing[str(row.get("status") or "reported")] += whole(row.get("fatalities_low")) or 0
    parts = [say[f"standing:{s}"].format(n=standing[s]) for s in ("confirmed", "reported", "claimed") if standing[s]]
    if parts:
        yield say["standing"].format(low=low, parts=", ".join(parts))


def _shared(material: Material) -> Iterator[Line]:
    """Figures told for several incidents at once, each once."""
    from sahel_map.views.shared_figures import shared_figures

    for figure in shared_figures(material.table):
        rows = [material.rows[n] for n in figure["rows"]]
        words = figure_words(material.say, figure)
        places = " – ".join(dict.fromkeys(material.teller.place(row) for row in rows))
        text = material.say["shared"].format(figure=clean(words), places=places)
        reports = "; ".join(str(row.get("report_ids") or "") for row in rows)
        yield (Run(text=f"{text} "), *material.teller.cited(reports.split("; ")))


def _heaviest(material: Material) -> Iterator[Line]:
    ranked = [row for row in by_killed(material.rows) if whole(row.get("fatalities_low"))][:_HEAVIEST]
    if len(ranked) > 1:
        runs: list[Run] = [Run(text=material.say["heaviest"])]
        for n, row in enumerate(ranked):
            status = material.say.get(f"map.status:{row.get('status')}", "").lower()
            told = ", ".join(part for part in (bounds(material.say, row), status) if part)
            runs += [
                Run(text=f"{'; ' if n else ''}{material.teller.place(row)} ({told}) "),
                *material.teller.sources_of(row),
            ]
        yield tuple(runs)


def by_killed(rows: Sequence[Row]) -> list[Row]:
    """The most killed first, by the lowest figure; without a figure last."""
    return sorted(rows, key=lambda row: -(whole(row.get("fatalities_low")) or 0))


def where(material: Material, language: str, title: str) -> Iterator[Block]:
    """The map."""
    from sahel_map.views.figure import draw_map

    drawn = material.table.geometry.notna() & ~material.table.geometry.is_empty
    yield Heading(text=material.say["map"])
    caption = material.say["map_text"].format(n=int((~drawn).sum()))
    yield Picture(
        png=_png(lambda path: draw_map(material.table, path, title=title, language=language)), caption=caption
    )


def charts(material: Material, language: str) -> Iterator[Block]:
    """Bars by region and actor, by month where the days are many."""
    from sahel_map.views.charts import draw_chart

    days = [day for row in material.rows if (day := as_day(row.get("event_date")))]
    long = bool(days) and max(days) - min(days) > dt.timedelta(days=_LONG)
    yield Heading(text=material.say["charts"])
    for by in ("month",) * long + ("region", "actor"):
        yield Picture(
            png=_png(lambda path, by=by: draw_chart(material.table, path, by=by, language=language)),  # type: ignore[misc]
            caption=material.say[f"chart:{by}"],
        )


def _png(draw: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.png"
        draw(path)
        return path.read_bytes()


def happened(material: Material) -> Iterator[Block]:
    """The incidents in prose, country by country."""
    say, teller = material.say, material.teller
    chosen = {id(row) for row in by_killed(material.rows)[:TOLD]}
    yield Heading(text=say["happened"])
    if len(material.rows) > TOLD:
        yield Paragraph(line=_plain(say["most_told"].format(n=TOLD, all=len(material.rows))), note=True)
    country = None
    for number, row in enumerate(material.rows, 1):
        if id(row) not in chosen:
            continue
        if country != (country := teller.country(row.get("country"))):
            yield Heading(text=country, level=3)
        yield Paragraph(line=teller.heading(number, row))
        yield Paragraph(line=teller.deed(row))
        yield Bullets(items=tuple(teller.figures(row)))
        quote = teller.quote(row)
        if quote:
            yield Paragraph(line=quote, note=True)


def disputed(material: Material) -> Iterator[Block]:
    """What the reports disagree on, incident by incident."""
    say, teller = material.say, material.teller
    items: list[Line] = []
    for number, row in enumerate(material.rows, 1):
        found = teller.conflicts(row) or ([say["marked_disputed"]] if row.get("disputed") else [])
        if found:
            head = (Run(text=f"{number}. ", bold=True), Run(text=teller.place(row), bold=True), Run(text=say["colon"]))
            items.append((*head, Run(text=f"{'. '.join(found)} "), *teller.sources_of(row)))
    yield Heading(text=say["disputed"])
    yield Bullets(items=tuple(items)) if items else Paragraph(line=_plain(say["nothing_disputed"]))


def table(material: Material) -> Iterator[Block]:
    """Every incident a row."""
    say, teller = material.say, material.teller
    chosen = {id(row) for row in by_killed(material.rows)[:LISTED]}
    yield Heading(text=say["table"])
    if len(material.rows) > LISTED:
        yield Paragraph(line=_plain(say["table_cut"].format(n=LISTED, all=len(material.rows))), note=True)
    rows = tuple(
        (
            _plain(str(number)), _plain(span_words(say, row)), _plain(f"{teller.place(row)} ({teller.country(row.get('country'))})"),
            _plain(teller.what(row)), _plain(teller.who(row)), _plain(bounds(say, row)), _standing(say, row),
            teller.sources_of(row),
        )
        for number, row in enumerate(material.rows, 1) if id(row) in chosen
    )  # fmt: skip
    header = tuple(say[f"col:{c}"] for c in ("number", "day", "place", "what", "who", "killed", "status", "sources"))
    yield Table(header=header, rows=rows, widths=(0.06, 0.12, 0.17, 0.14, 0.17, 0.12, 0.12, 0.1))


def _standing(say: Mapping[str, str], row: Row) -> Line:
    parts = [say.get(f"map.status:{row.get('status')}", ""), say["map.disputed_mark"] if row.get("disputed") else ""]
    return _plain(", ".join(part for part in parts if part))


def totals(material: Material) -> Iterator[Block]:
    """Totals over time or area that the cited reports give."""
    say, teller = material.say, material.teller
    told = [row for row in material.totals if str(row.get("report_id")) in teller.numbers]
    if not told:
        return
    yield Heading(text=say["totals"])
    yield Paragraph(line=_plain(say["totals_text"]), note=True)
    items: list[Line] = []
    for row in told:
        speaker = clean(row.get("speaker") or "")
        quote = f"{say['quote_open']}{clean(row.get('quote') or '', 600)}{say['quote_close']} "
        head = clean(figure_words(say, row)) + (f" ({speaker})" if speaker else "") + say["colon"]
        items.append((Run(text=head), Run(text=quote, italic=True), *teller.cited([row.get("report_id")])))
    yield Bullets(items=tuple(items))


def sources(material: Material) -> Iterator[Block]:
    """The reports, numbered as they are cited."""
    say = material.say
    yield Heading(text=say["sources"])
    items: list[Line] = []
    for report in material.reports:
        url = str(report.get("url") or "")
        day = day_words(say, report["published"]) if report.get("published") else say["no_date"]
        title = clean(report.get("title") or "", 300) or say["no_title"]
        runs = [
            Run(text=f"{clean(report.get('source') or report.get('report_id') or '')}, "),
            Run(text=title, italic=True, url=url if url.startswith(("http://", "https://")) else ""),
            Run(text=f", {day} ({clean(report.get('report_id') or '')})"),
        ]
        items.append(tuple(runs + ([Run(text=f" {clean(url, 500)}")] if url else [])))
    yield Sources(items=tuple(items))


def reading(material: Material) -> Iterator[Block]:
    """How to read it, for whoever gets the brief alone."""
    yield Heading(text=material.say["reading"])
    yield Paragraph(line=_plain(material.say["reading_text"]), note=True)


def rows_of(frame: Any) -> list[Row]:
    """The table's rows as plain dictionaries, without geometry."""
    plain = frame.drop(columns=[c for c in ("geometry",) if c in frame])
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
