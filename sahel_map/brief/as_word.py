"""The brief as a Word document, through python-docx: headings, lists and tables in Word's own styles, citations as links."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sahel_map.brief.blocks import Block, Bullets, Heading, Line, Paragraph, Picture, Sources, Table
from sahel_map.errors import OutputError

if TYPE_CHECKING:
    from sahel_map.brief import Brief

_TEXT_CM = 17.0  # between the margins of an A4 page
_LONGEST = 20_000  # Word refuses no paragraph of this length


def render(brief: Brief) -> bytes:
    """The document's bytes. Needs python-docx."""
    try:
        import docx
        from docx.shared import Cm, Pt
    except ImportError as error:
        raise OutputError('a Word brief needs python-docx: pip install "sahel-map[brief]"') from error
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.0)
    document.styles["Normal"].font.size = Pt(10.5)
    document.core_properties.title, document.core_properties.author = brief.title[:255], "sahel-map"
    document.core_properties.language = brief.language
    for block in brief.blocks:
        _WRITERS[type(block)](document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _heading(document: Any, block: Heading) -> None:
    document.add_heading(block.text, level=block.level - 1 if block.level > 1 else 0)


def _paragraph(document: Any, block: Paragraph) -> None:
    _write(document.add_paragraph(), block.line, small=block.note)


def _bullets(document: Any, block: Bullets) -> None:
    for item in block.items:
        _write(document.add_paragraph(style="List Bullet"), item)


def _picture(document: Any, block: Picture) -> None:
    from docx.shared import Cm, Pt

    shape = document.add_picture(io.BytesIO(block.png), width=Cm(_TEXT_CM))
    shape._inline.docPr.set("descr", block.caption)
    document.add_paragraph().add_run(block.caption).font.size = Pt(9)


def _table(document: Any, block: Table) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=len(block.header), style="Light Grid Accent 1")
    table.autofit = False
    for column, share in zip(table.columns, block.widths, strict=True):
        column.width = Cm(_TEXT_CM * share)
    for cell, name in zip(table.rows[0].cells, block.header, strict=True):
        _small(cell.paragraphs[0].add_run(name))
    _repeated(table.rows[0])
    for row in block.rows:
        for cell, line, share in zip(table.add_row().cells, row, block.widths, strict=True):
            cell.width = Cm(_TEXT_CM * share)
            _write(cell.paragraphs[0], line, small=True)
            for run in cell.paragraphs[0].runs:
                run.bold = False


def _sources(document: Any, block: Sources) -> None:
    for number, item in enumerate(block.items, 1):
        paragraph = document.add_paragraph()
        _bookmark(paragraph, number)
        paragraph.add_run(f"[{number}] ")
        _write(paragraph, item)


_WRITERS: dict[type[Block], Callable[[Any, Any], None]] = {
    Heading: _heading, Paragraph: _paragraph, Bullets: _bullets, Picture: _picture, Table: _table, Sources: _sources,
}  # fmt: skip


def _write(paragraph: Any, line: Line, *, small: bool = False) -> None:
    from docx.text.run import Run as WordRun

    for part in line:
        run = paragraph.add_run(part.text[:_LONGEST])
        run.bold, run.italic = part.bold or None, part.italic or None
        if small:
            _small(run)
        if part.source or part.url:
            assert isinstance(run, WordRun)
            _linked(paragraph, run, part.source, part.url)


def _small(run: Any) -> None:
    from docx.shared import Pt

    run.font.size = Pt(8)


def _linked(paragraph: Any, run: Any, source: int, url: str) -> None:
    """Put the run into a hyperlink, to a bookmark of this document or to an address."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    link = OxmlElement("w:hyperlink")
    if source:
        link.set(qn("w:anchor"), f"source{source}")
    else:
        link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run.font.color.rgb = RGBColor(0x26, 0x43, 0x5F)
    run._r.addprevious(link)
    link.append(run._r)


def _bookmark(paragraph: Any, number: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), f"source{number}")
        paragraph._p.append(mark)


def _repeated(row: Any) -> None:
    """The header row again at the top of every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
