"""Reading: every format gives the same report, and what cannot be read is said in one line while the rest is done."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import zipfile

import pytest

from sahel_map.model import Report
from sahel_map.reports import MAX_CHARACTERS, read_reports
from sahel_map.reports.documents import MAX_BYTES
from sahel_map.reports.story import story
from tests.report_files import STORY, docx, pdf

TEXT = "\n".join(STORY)
JUNE = dt.date(2025, 6, 2)


def read(*inputs, **options):
    return read_reports([str(item) for item in inputs], **options)


def only(*inputs, **options):
    reading = read(*inputs, **options)
    assert reading.faults == ()
    (report,) = reading.reports
    return report


def fault(*inputs, **options):
    (found,) = read(*inputs, **options).faults
    assert "\n" not in str(found)
    return str(found)


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- formats ----------------------------------------------------------------------------------------------


def test_text_with_front_matter_tells_all_of_itself(tmp_path):
    path = write(
        tmp_path / "a.txt",
        f"---\ntitle: Attack\nsource: Wire\nurl: https://example.org/a\npublished: 2025-06-02\nlanguage: en\n---\n{TEXT}",
    )
    report = only(path)
    assert (report.report_id, report.title, report.source, report.url) == (
        "a",
        "Attack",
        "Wire",
        "https://example.org/a",
    )
    assert (report.published, report.language, report.text) == (JUNE, "en", TEXT)


def test_a_saved_page_gives_its_story_and_not_its_furniture(tmp_path):
    story = "".join(f"<p>{p}</p>" for p in STORY)
    page = (
        '<html lang="fr"><head><title>Village attacked | The Wire</title><meta property="og:site_name" content="The Wire">'
        '<meta property="article:published_time" content="2025-06-02T08:00:00Z"></head><body><nav><a href="/">Home</a>'
        f'<a href="/mali">Forty soldiers killed in Mali</a></nav><article><h1>Village attacked</h1>{story}</article>'
        "<footer>Copyright 2019 The Wire</footer></body></html>"
    )
    report = only(write(tmp_path / "page.html", page))
    assert report.published == JUNE
    assert report.source == "The Wire"
    assert report.language == "en"  # the text is English, whatever the page says of itself
    assert all(paragraph in report.text for paragraph in STORY)
    assert "Forty soldiers" not in report.text
    assert "Copyright" not in report.text


def test_a_word_file_gives_its_paragraphs_without_captions_or_deleted_words(tmp_path):
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Caption"/></w:pPr><w:r><w:t>A soldier in 2012</w:t></w:r></w:p>'
        f"<w:p><w:r><w:t>{STORY[0]}</w:t></w:r><w:del><w:r><w:delText>Ninety died.</w:delText></w:r></w:del></w:p>"
        f"<w:p><w:r><w:t>{STORY[1][:20]}</w:t></w:r><w:r><w:t>{STORY[1][20:]}</w:t></w:r></w:p>"
    )
    report = only(docx(tmp_path / "b.docx", body=body, title="Six killed"))
    assert report.text == f"{STORY[0]}\n{STORY[1]}"
    assert report.title == "Six killed"


def test_a_pdf_gives_its_lines_joined_into_paragraphs(tmp_path):
    lines = (
        "Armed men on motorbikes attacked the village of Banibangou on Sunday, kil-",
        "ling six people and wounding four, according to the governor of the region.",
        "They left towards the north.",
        "The army said that soldiers had been sent to the area and that the dead",
        "were buried.",
        "3",
    )
    report = only(pdf(tmp_path / "c.pdf", *lines))
    assert report.text.split("\n") == [
        "Armed men on motorbikes attacked the village of Banibangou on Sunday, killing six people and wounding four, "
        "according to the governor of the region. They left towards the north.",
        "The army said that soldiers had been sent to the area and that the dead were buried.",
    ]


def test_a_message_gives_its_text_without_quotation_or_signature(tmp_path):
    message = (
        "From: =?utf-8?q?S=C3=A9curit=C3=A9_Sahel?= <desk@example.org>\nDate: Mon, 02 Jun 2025 07:15:00 +0200\n"
        "Subject: =?utf-8?b?QXR0YXF1ZQ==?=\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n"
        f"--x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{TEXT}\n\n"
        "> Last year 40 soldiers were killed.\n-- \nDesk, tel. 123\n"
        f"--x\nContent-Type: text/html\n\n<p>other</p>\n--x--\n"
    )
    report = only(write(tmp_path / "d.eml", message))
    assert report.text == TEXT
    assert (report.title, report.source, report.published) == ("Attaque", "Sécurité Sahel", JUNE)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_feed_gives_a_report_an_entry(tmp_path, kind):
    html = "&lt;p&gt;" + "&lt;/p&gt;&lt;p&gt;".join(STORY) + "&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;"
    if kind == "rss":
        feed = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>The Wire</title><language>en-us</language>'
            f"<item><title>Village attacked</title><link>https://example.org/1</link><guid>g1</guid>"
            f"<pubDate>Mon, 02 Jun 2025 23:30:00 -0400</pubDate><description>{html}</description></item></channel></rss>"
        )
    else:
        feed = (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title><entry><title>Village attacked</title>'
            '<link href="https://example.org/1"/><id>g1</id><published>2025-06-02T23:30:00-04:00</published>'
            f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{"".join(f"<p>{p}</p>" for p in STORY)}</div>'
            "</content></entry></feed>"
        )
    report = only(write(tmp_path / "wire.xml", feed))
    assert report.text == TEXT
    assert (report.title, report.source, report.url) == ("Village attacked", "The Wire", "https://example.org/1")
    assert (report.published, report.language) == (JUNE, "en")
    assert report.report_id.startswith("wire:")


def test_json_lines_and_tables_read_the_same_columns(tmp_path):
    record = {"report_id": "r1", "published": "2025-06-02T10:00:00Z", "source": "Wire", "title": "T", "language": "en"}
    lines = write(tmp_path / "e.jsonl", json.dumps({**record, "text": TEXT}) + "\n\n")
    table = write(
        tmp_path / "e.csv",
        f'id;Outlet;Headline;date;LANG;Texte\nr1;Wire;T;2025-06-02T10:00:00Z;en;"{TEXT}"\n'.replace("\n", "\r\n"),
    )
    assert only(lines) == only(table)
    assert only(lines).published == JUNE


@pytest.mark.parametrize("name", ["plain", "page", "lines", "feed", "word", "mail"])
def test_standard_input_is_known_by_its_first_bytes(tmp_path, monkeypatch, name):
    content = {
        "plain": TEXT.encode(),
        "page": f"<!doctype html><html><body><article>{''.join(f'<p>{p}</p>' for p in STORY)}</article></body></html>".encode(),
        "lines": json.dumps({"text": TEXT}).encode(),
        "feed": f"<?xml version='1.0'?>\n<rss><channel><item><description>{TEXT}</description></item></channel></rss>".encode(),
        "word": docx(tmp_path / "x.docx", *STORY).read_bytes(),
        "mail": f"Subject: x\nFrom: a@example.org\n\n{TEXT}".encode(),
    }[name]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert only("-").text.split()[-3:] == TEXT.split()[-3:]


# --- what is told where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "published", "source", "language"),
    [
        ("2025-06-02_reuters.txt", JUNE, "reuters", "en"),
        ("20250602_rfi_menaka.en.txt", JUNE, "rfi", "en"),
        ("reuters 2025-06-02.txt", JUNE, "", "en"),
        ("2025.06.02.txt", JUNE, "", "en"),
        ("2025-02-30_reuters.txt", None, "", "en"),  # no such day
        ("12025-06-021.txt", None, "", "en"),
        ("000_f39228b5.txt", None, "", "en"),
    ],
)
def test_a_file_name_tells_day_outlet_and_language(tmp_path, name, published, source, language):
    report = only(write(tmp_path / name, TEXT))
    assert (report.published, report.source, report.language) == (published, source, language)


def test_what_a_report_says_of_itself_wins_over_its_name_and_its_name_over_the_flags(tmp_path):
    flagged = dt.date(2020, 1, 1)
    told = write(tmp_path / "2025-06-01_rfi.txt", f"---\npublished: 2025-06-02\nsource: Wire\n---\n{TEXT}")
    named = write(tmp_path / "2025-06-02.txt", TEXT.replace("six", "seven"))
    bare = write(tmp_path / "bare.txt", TEXT.replace("six", "nine"))
    days = {r.report_id: r.published for r in read(told, named, bare, published=flagged).reports}
    assert days == {"2025-06-01_rfi": JUNE, "2025-06-02": JUNE, "bare": flagged}


def test_folders_and_globs_are_read_whole_and_in_any_order(tmp_path):
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "deep" / "deeper" / "b.md", TEXT.replace("six", "seven"))
    write(tmp_path / ".hidden" / "c.txt", TEXT.replace("six", "nine"))
    write(tmp_path / "picture.png", b"\x89PNG")
    ids = [report.report_id for report in read(tmp_path).reports]
    assert ids == ["a", "b"]
    assert [r.report_id for r in read(tmp_path / "*.txt").reports] == ["a"]
    assert read(tmp_path / "a.txt", tmp_path) == read(tmp_path, tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("---\ntitle: Attack\npublished: 2025-06-02\n", "a.txt:1: front matter begins here and no line '---' ends it"),
        (
            "---\npublished: 2025-06-02\nPublished: 2024-06-02\n---\n",
            "a.txt:3: front matter key 'published' came before",
        ),
    ],
)
def test_front_matter_that_is_not_whole_is_said_and_the_text_is_read(tmp_path, front, words):
    reading = read(write(tmp_path / "a.txt", front + TEXT))
    (found,) = reading.faults
    assert words in str(found)
    (report,) = reading.reports
    assert report.text.endswith(TEXT)
    assert report.published == (None if "begins" in words else JUNE)


def test_a_text_under_a_rule_has_no_front_matter(tmp_path):
    assert only(write(tmp_path / "a.txt", f"---\n{TEXT}")).text.endswith(TEXT)


def test_what_is_attached_to_a_message_is_named_and_logos_are_not(tmp_path):
    parts = "".join(
        f"--x\nContent-Type: {kind}; name={name}\nContent-Disposition: attachment; filename={name}\n\nabc\n"
        for kind, name in (("application/pdf", "bilan.pdf"), ("image/png", "logo.png"), ("text/plain", "note.txt"))
    )
    message = f"Subject: A\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n{TEXT}\n{parts}--x--\n"
    reading = read(write(tmp_path / "d.eml", message))
    assert [r.text for r in reading.reports] == [TEXT]
    (found,) = reading.faults
    assert "d.eml: attached and not read: 'bilan.pdf', 'note.txt'; save" in str(found)


def test_what_a_build_wrote_is_not_read_as_a_report(tmp_path):
    write(tmp_path / "a.txt", TEXT)
    (tmp_path / "outputs").mkdir()
    for name in ("map.html", "incidents.geojson", "incidents.csv", "mentions.csv", "tolls.csv", "review.csv"):
        write(tmp_path / "outputs" / name, f"text\n{TEXT}")
    assert only(tmp_path).report_id == "a"
    (tmp_path / "outputs" / "tolls.csv").unlink()  # somebody else's folder, whose tables may well be reports
    assert len(read(tmp_path).reports) > 0
    assert read(tmp_path).faults


def test_an_empty_name_is_not_the_folder_one_stands_in(tmp_path, monkeypatch):
    write(tmp_path / "a.txt", TEXT)
    monkeypatch.chdir(tmp_path)
    assert "is no name" in fault("")
    assert read("").reports == ()


def test_a_line_too_long_is_one_fault_and_the_lines_after_it_keep_their_numbers(tmp_path):
    lines = [b'{"text": "' + b"x" * (MAX_BYTES + 9) + b'"}', json.dumps({"report_id": "two", "text": TEXT}).encode()]
    reading = read(write(tmp_path / "news.jsonl", b"\n".join([*lines, b"no json"])))
    assert [r.report_id for r in reading.reports] == ["two"]
    assert [(f.line, f.message[:14]) for f in reading.faults] == [(1, "is longer than"), (3, "is not JSON (E")]


def test_two_different_texts_of_one_id_are_both_kept(tmp_path):
    for folder, word in (("x", "six"), ("y", "seven")):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "a.txt", TEXT.replace("six", word))
    ids = sorted(r.report_id for r in read(tmp_path).reports)
    assert ids[0] == "a"
    assert ids[1].startswith("a#")


def test_wrapped_lines_are_one_paragraph_and_spans_stay(tmp_path):
    wrapped = "Gunmen attacked the town of\nDjibo on Sunday and killed six\nmen.\n\nThe army sent soldiers there the\nnext day."
    report = only(write(tmp_path / "a.txt", wrapped), language="en")
    assert report.text == wrapped.replace("of\nD", "of D").replace("six\nm", "six m").replace("the\nn", "the n")
    assert len(report.text) == len(wrapped)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_french_in_any_usual_encoding(tmp_path, encoding):
    text = "L’armée a affirmé avoir repoussé l’attaque à Ménaka, dans le nord-est du Mali, où six civils ont été tués."
    assert only(write(tmp_path / "a.txt", text.encode(encoding))).text == text


def test_two_encodings_in_one_file_are_each_read_as_what_they_are(tmp_path):
    lines = (
        "Une attaque à Ménaka a été signalée dans la région.",
        "L'armée a affirmé que six civils ont été tués à Gao.",
    )
    mixed = lines[0].encode("utf-8") + b"\n" + lines[1].encode("cp1252")
    assert only(write(tmp_path / "a.txt", mixed)).text == "\n".join(lines)


# --- copies ---------------------------------------------------------------------------------------------------


def article(report_id, text=TEXT, source="", published=JUNE):
    longer = (
        text + "\nThe area has seen attacks for years, and aid groups say that roads there have become unsafe to use."
    )
    return Report(report_id=report_id, text=longer, source=source, published=published, language="en")


def test_the_same_article_in_three_outlets_is_one_text():
    edited = TEXT.replace("Armed men on motorbikes", "Gunmen on motorcycles")
    copies = [
        article("a", source="Wire"),
        article("b", source="Daily"),
        article("c", edited, source="Times", published=dt.date(2025, 6, 3)),
    ]
    reading = read_reports(copies)
    (report,) = reading.reports
    assert {report.source, *report.also_in} == {"Wire", "Daily", "Times"}
    assert {report.report_id, *report.copies} == {"a", "b", "c"}
    assert report.published == JUNE
    assert read_reports(copies[::-1]) == reading


@pytest.mark.parametrize(
    "other",
    [
        article("b", TEXT.replace("killing six", "killing sixteen")),  # a revised toll is another report
        article("b", published=dt.date(2025, 7, 2)),  # a month later
        article("b", "Three soldiers died near Gao when their car hit a mine, a local official told reporters."),
    ],
    ids=["revised toll", "another month", "another event"],
)
def test_other_reports_are_not_copies(other):
    assert len(read_reports([article("a"), other]).reports) == 2


def test_a_copy_without_a_day_is_found_among_reports_of_other_years():
    others = [article(str(year), "Another text.", published=dt.date(year, 6, 2)) for year in (2019, 2021)]
    reading = read_reports([article("a"), article("b", published=None), *others])
    assert [(report.report_id, report.copies) for report in reading.reports] == [
        ("2019", ()),
        ("2021", ()),
        ("a", ("b",)),
    ]


def test_log_entries_of_one_template_are_not_copies():
    entries = [
        Report(
            report_id=str(n),
            text=f"Des hommes armés ont attaqué le village de {name} et ont tué deux civils.",
            language="fr",
            published=JUNE,
        )
        for n, name in enumerate(["Bara", "Labbezanga", "Tin Hama"])
    ]
    assert len(read_reports(entries).reports) == 3
    assert (
        len(
            read_reports(
                [entries[0], Report(report_id="x", text=entries[0].text, language="fr", published=JUNE)]
            ).reports
        )
        == 1
    )


# --- bad input ------------------------------------------------------------------------------------------------


def bad_files(folder):
    """(file, what its one line must say), for everything that cannot be read."""
    bomb = folder / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    entities = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        "<rss><channel><item><description>&b;</description></item></channel></rss>"
    )
    outside = (
        '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]><rss><channel><title>&f;</title></channel></rss>'
    )
    return [
        (write(folder / "empty.txt", b""), "is empty"),
        (write(folder / "blank.txt", b" \n\n "), "holds no text"),
        (write(folder / "binary.txt", bytes(range(256)) * 20), "is binary"),
        (write(folder / "picture.txt", b"\x89PNG\r\n" + b"abc" * 99), "is binary"),
        (write(folder / "odd.txt", b"\x81\x8d\x8f caf\xe9"), "neither UTF-8 nor Windows-1252"),
        (write(folder / "half.txt", b"\xff\xfe\x41\x00\x00"), "begins as UTF-16"),
        (write(folder / "long.txt", b"The army said that it was so. " * (MAX_CHARACTERS // 25)), "characters; at most"),
        (write(folder / "huge.txt", b"x" * (MAX_BYTES + 1)), "is larger than"),
        (write(folder / "spanish.txt", "Los hombres armados atacaron el pueblo y las fuerzas de seguridad no llegaron."), "neither English nor French"),
        (write(folder / "deep.html", b"<div>" * 100_000 + b"six killed"), "nests tags"),
        (write(folder / "bare.html", b"<html><body></body></html>"), "holds no story"),
        (pdf(folder / "scan.pdf"), "holds pictures but no text"),
        (write(folder / "torn.pdf", b"%PDF-1.4\n1 0 obj << /Type /Cat"), "is not a PDF that can be read"),
        (bomb, "unpacks to more than"),
        (docx(folder / "deep.docx", body="<w:p>" * 5_000 + "</w:p>" * 5_000), "nests XML"),
        (write(folder / "torn.docx", b"PK\x03\x04 torn"), "is not a Word document"),
        (write(folder / "entities.xml", entities), "declares XML entities"),
        (write(folder / "outside.rss", outside), "declares XML entities"),
        (write(folder / "torn.xml", b"<rss><channel>"), "is not well-formed XML"),
        (write(folder / "other.xml", b"<svg><g/></svg>"), "wanted an RSS or Atom feed"),
        (write(folder / "none.rss", b"<rss><channel></channel></rss>"), "without entries"),
        (write(folder / "bare.eml", b"Subject: x\n\n"), "without text"),
        (write(folder / "coded.csv", b"event_id,lat,lon\n1,2,3\n"), "no column of texts"),
        (write(folder / "old.doc", b"\xd0\xcf\x11\xe0"), "ends in '.doc'"),
        (folder / "nowhere.txt", "no such file"),
        (folder / "*.nothing", "matches no file"),
        (folder / "bad[", "matches no file"),
    ]  # fmt: skip


def test_whatever_cannot_be_read_is_said_in_one_line_and_the_rest_is_done(tmp_path):
    good = write(tmp_path / "good.txt", TEXT)
    bad = bad_files(tmp_path)
    reading = read(good, *(path for path, _ in bad))
    assert [report.report_id for report in reading.reports] == ["good"]
    said = {found.path: found for found in reading.faults}
    assert len(reading.faults) == len(said) == len(bad)
    for path, words in bad:
        assert words in said[str(path)].message
        assert str(said[str(path)]).startswith(str(path))
        assert len(str(said[str(path)]).splitlines()) == 1


def test_bad_lines_are_named_by_number_and_the_others_read(tmp_path):
    lines = [
        json.dumps({"report_id": "one", "text": TEXT}),
        '{"report_id": "two", "text": ',
        json.dumps({"report_id": "three"}),
        json.dumps(["four"]),
        json.dumps({"report_id": "five", "text": TEXT.replace("six", "seven"), "published": "2025-02-30"}),
        "[" * 100_000,
        json.dumps({"report_id": "seven", "text": " "}),
        '{"text": "x", "n": ' + "9" * 5_000 + "}",
    ]
    path = write(tmp_path / "news.jsonl", "\n".join(lines).encode() + b"\n\xff\xfe\xfa\n")
    reading = read(path)
    assert [(r.report_id, r.published) for r in reading.reports] == [("five", None), ("one", None)]
    assert sorted(found.line for found in reading.faults) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "'2025-02-30' is not a day" in next(f.message for f in reading.faults if f.line == 5)


def test_a_date_that_is_none_is_said_with_its_line(tmp_path):
    path = write(tmp_path / "a.txt", f"---\ntitle: x\npublished: 2025-02-30\nmood: bad\n---\n{TEXT}")
    reading = read(path)
    assert [(found.line, found.path) for found in reading.faults] == [(4, str(path)), (3, str(path))]
    assert reading.reports[0].published is None


def test_a_table_with_a_broken_row_gives_the_rows_before_it(tmp_path):
    path = write(tmp_path / "a.csv", f'id,text\n1,"{STORY[0]} {STORY[1]}"\n2,\n3,"open "quote" here\n')
    reading = read(path)
    assert [r.report_id for r in reading.reports] == ["1"]
    assert [found.line for found in reading.faults] == [3, 4]


def test_a_word_file_of_a_stranger_shows_no_file_of_this_machine(tmp_path):
    secret = write(tmp_path / "secret.txt", "hidden words")
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            "<w:t>&x;</w:t></w:r></w:p></w:body></w:document>",
        )
    assert "declares XML entities" in fault(path)


# --- the story and its furniture ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "furniture"),
    [
        ("en", "Read more: Forty soldiers killed in an ambush near the river"),
        ("en", "Soldiers on patrol near Gao in 2012, file photo by Example Pictures."),
        ("en", "Published on 3 June 2025 at 10:30."),
        ("en", "Forty soldiers were killed when their convoy ran into an ambush near…"),
        ("en", "Twelve dead in second attack"),
        ("fr", "À lire aussi : Quarante soldats tués dans une embuscade près du fleuve"),
        ("fr", "Des soldats en patrouille près de Gao en 2012, photo d'archives."),
        ("fr", "Publié le 3 juin 2025 à 10 h 30."),
        ("fr", "Quarante soldats ont été tués quand leur convoi est tombé dans une…"),
        ("fr", "Douze morts dans une deuxième attaque"),
    ],
)
def test_furniture_is_not_the_story(language, furniture):
    opening, closing = {
        "en": (
            "Armed men attacked a village on Sunday. Six people died.",
            "The army sent soldiers. Calm has returned.",
        ),
        "fr": (
            "Des hommes armés ont attaqué un village dimanche. Six personnes sont mortes.",
            "Le calme est revenu. L'armée est là.",
        ),
    }[language]
    report = Report(report_id="x", text=f"{opening}\n{furniture}\n{closing}", title="t", language=language)
    assert [s.text for s in story(report).sentences] == [
        s for p in (opening, closing) for s in p.replace(". ", ".|").split("|")
    ]


@pytest.mark.parametrize(
    ("language", "foot"),
    [
        ("en", "Related articles"),
        ("en", "Please enter your comment!"),
        ("en", "Share this on social media"),
        ("en", "Most read"),
        ("fr", "Articles similaires"),
        ("fr", "Partager sur les réseaux"),
        ("fr", "Les plus lus"),
        ("fr", "Vous devez être connecté pour commenter"),
    ],
)
def test_the_story_ends_where_the_foot_of_the_page_begins(language, foot):
    body = (
        "Six people died. It was on Sunday.\nThe army came. It left.\n"
        if language == "en"
        else "Six personnes sont mortes. C'était dimanche.\nL'armée est venue. Elle est repartie.\n"
    )
    report = Report(
        report_id="x",
        text=f"{body}{foot}\nForty soldiers were killed elsewhere. Quarante soldats ont été tués.",
        title="t",
        language=language,
    )
    assert len(story(report).sentences) == 4


def test_a_log_entry_is_read_whole():
    report = Report(report_id="x", text="Embuscade près de Gao : 3 morts, 2 blessés", language="fr")
    assert story(report).is_log_entry
