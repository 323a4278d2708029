"""The brief as PDF on A4, through fpdf2; DejaVu, which comes with matplotlib, has the letters of all that is quoted here."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.brief.blocks import Block, Bullets, Heading, Line, Paragraph, Picture, Sources, Table
from sahel_map.brief.words import words
from sahel_map.errors import OutputError

if TYPE_CHECKING:
    from sahel_map.brief import Brief

_SIZES = {1: 18.0, 2: 13.5, 3: 11.5}  # points of headings
_TEXT, _NOTE, _CELL = 9.5, 8.0, 6.8
_LINE = 1.4  # line height in font sizes
_MM = 0.3528  # of a point
_INK, _LINK, _RULE, _REGION = (38, 35, 28), (38, 67, 95), (201, 194, 177), (140, 47, 27)
_COMPLEX = re.compile(
    "[\u0300-\u1fff\ufb1d-\U0010ffff]"
)  # may combine, join or run from right to left; shaping is slow
_JOINERS = "\u200c\u200d"
_FACES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}


def render(brief: Brief) -> bytes:
    """The document's bytes. Needs fpdf2 with uharfbuzz, and matplotlib for its font."""
    try:
        import matplotlib
        import uharfbuzz  # noqa: F401
        from fpdf import FPDF
    except ImportError as error:
        raise OutputError(
            'a PDF brief needs fpdf2, uharfbuzz and matplotlib: pip install "sahel-map[brief]"'
        ) from error
    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)

    say = words(brief.language)

    class _Pages(FPDF):
        targets: dict[int, int]  # source -> link

        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("dejavu", size=_NOTE)
            title = _drawable(self, brief.title[:80])
            self.cell(0, 5, f"{title} · {say['page'].format(n=self.page_no())}", align="C")

    pdf = _Pages(format="A4")
    pdf.targets = {}
    for style, file in _FACES.items():
        pdf.add_font("dejavu", style, Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file)
    pdf.set_title(brief.title)
    pdf.set_lang(brief.language)
    pdf.set_creator("sahel-map")
    pdf.set_margin(18)
    pdf.set_auto_page_break(True, 18)
    pdf.add_page()
    pdf.set_text_color(*_INK)
    for block in brief.blocks:
        _WRITERS[type(block)](pdf, block)
    return bytes(pdf.output())


def _heading(pdf: Any, block: Heading) -> None:
    size = _SIZES[block.level]
    if pdf.will_page_break(size * _MM * (9 if block.level == 2 else 5)):  # none alone at the foot of a page
        pdf.add_page()
    pdf.ln(size * _MM * (0 if block.level == 1 else 0.7))
    pdf.set_font("dejavu", "B", size)
    pdf.set_text_color(*(_REGION if block.level == 3 else _INK))
    pdf.start_section(block.text[:200], block.level - 1)
    pdf.multi_cell(0, size * _MM * _LINE, _drawable(pdf, block.text), align="L", new_x="LMARGIN", new_y="NEXT")
    if block.level == 2:
        pdf.set_draw_color(*_RULE)
        pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
        pdf.ln(1)
    pdf.set_text_color(*_INK)


def _paragraph(pdf: Any, block: Paragraph) -> None:
    _write(pdf, block.line, _NOTE if block.note else _TEXT)
    pdf.ln(0.8)


def _bullets(pdf: Any, block: Bullets) -> None:
    for item in block.items:
        _hanging(pdf, "•", item)


def _sources(pdf: Any, block: Sources) -> None:
    for number, item in enumerate(block.items, 1):
        pdf.set_link(_link(pdf, number), y=pdf.get_y(), page=pdf.page)
        _hanging(pdf, f"[{number}]", item)


def _hanging(pdf: Any, mark: str, line: Line) -> None:
    left, height = pdf.l_margin, _TEXT * _MM * _LINE
    pdf.set_font("dejavu", size=_TEXT)
    if pdf.will_page_break(height):
        pdf.add_page()
    pdf.cell(max(5, pdf.get_string_width(mark) + 3), height, mark)
    pdf.set_left_margin(pdf.get_x())
    _write(pdf, line, _TEXT)
    pdf.set_left_margin(left)
    pdf.set_x(left)
    pdf.ln(0.4)


def _picture(pdf: Any, block: Picture) -> None:
    pdf.ln(1)
    pdf.image(io.BytesIO(block.png), w=pdf.epw, alt_text=block.caption)
    pdf.set_font("dejavu", size=_NOTE)
    pdf.multi_cell(0, _NOTE * _MM * _LINE, block.caption, align="L", new_x="LMARGIN", new_y="NEXT")


def _table(pdf: Any, block: Table) -> None:
    from fpdf.fonts import FontFace

    pdf.set_font("dejavu", size=_CELL)
    pdf.set_draw_color(*_RULE)
    widths = tuple(round(1000 * share) for share in block.widths)
    with pdf.table(
        col_widths=widths, line_height=_CELL * _MM * _LINE, text_align="LEFT", borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD"), padding=(0.6, 0.8),
    ) as table:  # fmt: skip
        table.row(block.header)
        texts = [["".join(run.text for run in cell) for cell in cells] for cells in block.rows]
        for cells in texts:
            table.row([_drawable(pdf, cell) for cell in cells])
        _drawable(
            pdf, "".join(cell for cells in texts for cell in cells)
        )  # the table is drawn at its end, all in one way


def _write(pdf: Any, line: Line, size: float) -> None:
    for run in line:
        pdf.set_font("dejavu", "B" if run.bold else "I" if run.italic else "", size)
        linked = bool(run.source or run.url)
        pdf.set_text_color(*(_LINK if linked else _INK))
        pdf.write(size * _MM * _LINE, _drawable(pdf, run.text), _link(pdf, run.source) if run.source else run.url)
    pdf.set_text_color(*_INK)
    pdf.ln(size * _MM * _LINE)


def _drawable(pdf: Any, text: str) -> str:
    """A letter that the font lacks is shown as such, not left out. Arabic letters are joined, from right to left."""
    pdf.set_text_shaping(bool(_COMPLEX.search(text)))
    known = pdf.fonts["dejavu"].cmap
    return "".join(c if ord(c) in known or c in _JOINERS else "\ufffd" for c in text)


def _link(pdf: Any, number: int) -> int:
    """The target of a source's citations, made when it is first named."""
    if number not in pdf.targets:
        pdf.targets[number] = pdf.add_link()
    target: int = pdf.targets[number]
    return target


_WRITERS: dict[type[Block], Callable[[Any, Any], None]] = {
    Heading: _heading, Paragraph: _paragraph, Bullets: _bullets, Picture: _picture, Table: _table, Sources: _sources,
}  # fmt: skip
