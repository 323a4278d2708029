"""The brief tells what the ledger holds, cites it, and stays whole whatever text comes in."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from sahel_map.brief import Brief, make_brief, write_brief
from sahel_map.brief.blocks import Bullets, Heading, Paragraph, Sources, Table
from sahel_map.brief.words import LANGUAGES, words
from sahel_map.cli import cli
from sahel_map.errors import InputError
from sahel_map.pipeline import build
from tests.incident_tables import sample

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> {{7*7}} ${alert(1)} \"'`"


class Seen(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def page(brief: Brief) -> Seen:
    return Seen(brief.rendered(".html").decode("utf-8"))


def bullets(brief: Brief, under: str) -> list[str]:
    """The list items below a heading."""
    inside, found = False, []
    for block in brief.blocks:
        if isinstance(block, Heading):
            inside = block.text == under
        elif inside and isinstance(block, Bullets):
            found += ["".join(run.text for run in item) for item in block.items]
    return found


@pytest.fixture(scope="module")
def table(checkout_examples: Path) -> gpd.GeoDataFrame:
    return build(checkout_examples)


@pytest.fixture(scope="module")
def checkout_examples() -> Path:
    return Path(__file__).resolve().parent.parent / "examples" / "reports"


# --- what it says ---------------------------------------------------------------------------------------------------


def test_sums_are_of_figures_given_and_silence_is_not_nought() -> None:
    told = " ".join(bullets(make_brief(sample()), "In short"))
    assert "9 incidents: Mali 5, Niger 2" in told
    # 30 + 13 + 40 + 200 + 50 + 3, the background's 47 left out; highs: 30 open, 13, 60, 200, 50 open, 5
    assert "Killed: at least 336, by the lowest figures given for 6 incidents" in told
    assert "add up to 358 or more, for 2 of them set no upper limit" in told
    assert "Of these 336: 16 confirmed, 50 reported by others, 270 only claimed by a party" in told
    assert "For 3 incidents nobody gives a toll" in told
    assert "One incident is told only as background" in told
    assert "One incident has no day that could be read" in told


def test_a_shared_figure_is_told_once_and_added_nowhere(table: gpd.GeoDataFrame) -> None:
    brief = make_brief(table, since="2025-05-24", until="2025-05-26")
    (shared,) = [text for text in bullets(brief, "In short") if text.startswith("One figure for several")]
    assert "more than 100 soldiers killed (Tahoua – Dosso)" in shared
    assert "at least 40," in " ".join(bullets(brief, "In short"))  # Dioura's own


def test_figures_have_their_speakers_ranges_and_reports(table: gpd.GeoDataFrame) -> None:
    brief = make_brief(table, since="2025-06-19", until="2025-06-19")
    told = bullets(brief, "Niger")
    assert any(re.match(r"34 soldiers killed, .*défense.* \[\d\]", text, re.IGNORECASE) for text in told), told
    assert any("41 soldiers killed, reported by hospital source in Niamey" in text for text in told)
    (disputed,) = bullets(brief, "What is disputed")
    assert "34 soldiers killed" in disputed
    assert "41 soldiers killed" in disputed
    rows = next(block for block in brief.blocks if isinstance(block, Table)).rows
    assert "34 to 41, best estimate 34" in ["".join(run.text for run in cell) for cell in rows[0]]


def test_every_line_of_an_incident_cites_a_source_that_is_listed(table: gpd.GeoDataFrame) -> None:
    brief = make_brief(table)
    (listed,) = [block for block in brief.blocks if isinstance(block, Sources)]
    inside = False
    for block in brief.blocks:
        if isinstance(block, Heading) and block.level == 2:
            inside = block.text in ("What happened", "What is disputed")
        lines = block.items if isinstance(block, Bullets) else [block.line] if isinstance(block, Paragraph) else []
        for line in lines if inside else []:
            cited = [run.source for run in line if run.source]
            heading = line[0].bold and len(line) == 3 and line[2].text.startswith(" · ")
            assert cited or heading, line
            assert all(1 <= number <= len(listed.items) for number in cited)


def test_days_choose_and_totals_of_cited_reports_stand_apart(table: gpd.GeoDataFrame) -> None:
    totals = [
        {"report_id": "01_sahel-wire_boulkessi", "who": "soldiers", "kind": "killed", "low": "400", "high": "", "qualifier": "more than",
         "speaker": "the agency", "quote": "Since May more than 400."},
        {"report_id": "of another week", "who": "soldiers", "kind": "killed", "low": "9", "high": "9", "qualifier": "exact", "quote": "Nine."},
    ]  # fmt: skip
    brief = make_brief(table, since="2025-06-01", until="2025-06-02", totals=totals)
    (total,) = bullets(brief, "Totals told by the reports")
    assert total.startswith("more than 400 soldiers killed (the agency): “Since May")
    assert "400" not in " ".join(bullets(brief, "In short"))
    assert len(next(block for block in brief.blocks if isinstance(block, Table)).rows) == 2
    empty = make_brief(table, since="2001-01-01", until="2001-01-02")
    assert "No incident is told of for these days." in page(empty).text


def test_it_speaks_french(table: gpd.GeoDataFrame) -> None:
    text = page(make_brief(table, since="2025-05-24", until="2025-06-12", language="fr")).text
    for said in (
        "Du 24 mai 2025 au 12 juin 2025",
        "1er juin 2025",
        "plus de 30 soldats tués",
        "Aucun bilan donné",
        "Forces armées du Mali",
        "En bref",
    ):
        assert said in text
    for left in ("killed", "against", "None", "nan", "{n}"):
        assert left not in re.sub(r"«[^»]*»", "", text)


def test_both_languages_have_the_same_words() -> None:
    one, two = (words(language) for language in LANGUAGES)
    assert set(one) == set(two)
    for key in one:
        assert set(re.findall(r"{\w+}", one[key])) == set(re.findall(r"{\w+}", two[key])), key


def test_a_table_without_its_ledger_still_has_its_bounds_and_outlets(tmp_path: Path) -> None:
    from sahel_map.exports import export
    from sahel_map.incidents import read

    back = read(export(sample(), tmp_path / "incidents.csv"))
    brief = make_brief(back)
    assert any(text.startswith("Killed: 40 to 60 [") for text in bullets(brief, "Mali"))
    assert "Courier 1" in page(brief).text


# --- the files ------------------------------------------------------------------------------------------------------


def hostile() -> gpd.GeoDataFrame:
    table = sample()
    table["location"] = table["location"].astype(object)
    for row, name in enumerate((HOSTILE, "A" * 10_000, "ديورا \u202eevil", "日本\ud800\x00\x0b")):
        table.at[row, "location"] = name
    table.at[0, "actor1"] = "ب" * 3000
    table.at[0, "mentions"] = [{"report_id": "r1", "sentence": HOSTILE + "W" * 30_000}]
    table.at[0, "reports"] = [
        {
            "report_id": "r1",
            "title": HOSTILE,
            "source": HOSTILE,
            "url": "javascript:alert(1)",
            "published": "2025-06-02",
        },
        {
            "report_id": "r2",
            "title": "T" * 10_000,
            "source": "S",
            "url": 'https://x.example/"><script>',
            "published": "?",
        },
    ]
    return table


def test_hostile_text_stays_text_in_html() -> None:
    seen = page(make_brief(hostile(), title=HOSTILE))
    assert not {"script", "iframe", "object", "form", "link"} & set(seen.tags)
    assert set(seen.tags) >= {"h1", "table", "figure"}
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    addresses = [value or "" for name, value in seen.attributes if name in ("href", "src")]
    assert all(a.startswith(("#source-", "data:image/png;base64,", "https://")) for a in addresses)
    assert "alert(1)" in seen.text
    assert "\u202e" not in seen.text


def test_the_page_asks_nothing_of_the_network() -> None:
    seen = page(make_brief(sample()))
    assert ("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'") in seen.attributes
    assert not [v for n, v in seen.attributes if n == "src" and not (v or "").startswith("data:")]


def test_word_and_pdf_hold_the_same_text_links_and_pictures(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    import docx

    brief = make_brief(table, since="2025-06-01", until="2025-06-12")
    document = docx.Document(str(brief.save(tmp_path / "b.docx")))
    texts = [p.text for p in document.paragraphs]
    assert any("more than 30 soldiers killed" in text for text in texts)
    assert len(document.inline_shapes) == 3
    assert len(document.tables[0].rows) == 1 + len(next(b for b in brief.blocks if isinstance(b, Table)).rows)
    xml = document.element.xml
    assert set(re.findall(r'w:anchor="(\w+)"', xml)) <= set(re.findall(r'w:name="(\w+)"', xml))
    reader = PdfReader(brief.save(tmp_path / "b.pdf"))
    text = " ".join(" ".join(p.extract_text() for p in reader.pages).split())
    assert "more than 30 soldiers killed" in text
    assert reader.metadata is not None
    assert reader.metadata.title == brief.title
    assert sum(len(p.images) for p in reader.pages) == 3


@pytest.mark.parametrize("ending", [".docx", ".pdf"])
def test_hostile_text_breaks_no_file(tmp_path: Path, ending: str) -> None:
    path = write_brief(hostile(), tmp_path / f"h{ending}", title=HOSTILE)
    if ending == ".pdf":
        reader = PdfReader(io.BytesIO(path.read_bytes()))
        assert "alert(1)" in reader.pages[0].extract_text()
        actions = [a.get_object().get("/A", {}) for p in reader.pages for a in p.get("/Annots", [])]
        assert not [a for a in actions if a.get("/S") == "/JavaScript" or "javascript:" in str(a.get("/URI"))]
    else:
        import docx

        document = docx.Document(str(path))
        assert any("alert(1)" in p.text for p in document.paragraphs)
        assert not [
            r.target_ref
            for r in document.part.rels.values()
            if r.is_external and not r.target_ref.startswith("https://")
        ]


def test_the_command_writes_a_brief_of_a_build_folder(table: gpd.GeoDataFrame, tmp_path: Path) -> None:
    from sahel_map.exports import export

    export(table, tmp_path / "incidents.geojson")
    out = tmp_path / "week.html"
    told = CliRunner().invoke(
        cli, ["brief", "--in", str(tmp_path), "--since", "2025-06-01", "--until", "2025-06-07", "--out", str(out)], catch_exceptions=False
    )  # fmt: skip
    assert (told.exit_code, told.stdout) == (0, f"{out}\n")
    assert "1 June 2025 to 7 June 2025" in out.read_text(encoding="utf-8")


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    for options, said in (
        ({"language": "de"}, "want one of en, fr"), ({"since": "June"}, "YYYY-MM-DD"),
        ({"since": "2025-06-02", "until": "2025-06-01"}, "before the first"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=said):
            make_brief(sample(), **options)
    with pytest.raises(InputError, match=r"\.docx"):
        write_brief(sample(), tmp_path / "brief.odt")


def test_a_brief_shows_itself_in_jupyter_locked_in() -> None:
    import sahel_map.accessor  # noqa: F401

    shown = sample().sahel.brief(since="2025-06-01")._repr_html_()
    assert 'sandbox=""' in shown
    assert "<script" not in shown
