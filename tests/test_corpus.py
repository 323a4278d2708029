"""A corpus built in pieces: the table of one process, row for row, whatever dies, hangs or is given twice."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import random
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from sahel_map import corpus, pipeline
from sahel_map.cli import main
from sahel_map.corpus import Terms, copying, joining, reading
from sahel_map.corpus.keeper import Keeper, Poisoned
from sahel_map.errors import InputError
from sahel_map.reports import read_reports

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from corpus_truth import check
from make_corpus import make, save

EXAMPLES = Path(__file__).parent.parent / "examples" / "reports"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Some hundred articles of known truth, with copies in other outlets, in several files."""
    folder = tmp_path_factory.mktemp("corpus")
    articles, events = make(500, seed=4)
    save(folder, articles, events, files=5)
    return folder / "articles", articles, events


@pytest.fixture(scope="module")
def whole(made):
    """What one process makes of them."""
    return pipeline.run([made[0]])


def same(one, other):
    assert [str(t) for t in one.dtypes] == [str(t) for t in other.dtypes]
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.drop(columns="geometry")), pd.DataFrame(other.drop(columns="geometry"))
    )
    pairs = zip(one.geometry, other.geometry, strict=True)
    assert all(a is b or a.equals_exact(b, 0) for a, b in pairs)


def small(monkeypatch):
    """Pieces so small that most events lie at an edge."""
    monkeypatch.setattr(joining, "BLOCK", 12)
    monkeypatch.setattr(copying, "SPAN", 20)
    monkeypatch.setattr(reading, "BATCH", 30)


# --- the same result --------------------------------------------------------------------------------------------


def test_the_truth_of_a_made_corpus_is_recovered(made, whole):
    counts, wrong = check(whole.incidents, made[2])
    assert counts["recovered"] == len(made[2]), wrong[:3]
    assert counts["incidents of no event"] == 0


def test_small_pieces_make_the_table_of_one_process(made, whole, tmp_path, monkeypatch):
    small(monkeypatch)
    built = corpus.run([made[0]], tmp_path / "out", tmp_path / "work")
    together = built.build()
    same(whole.incidents, together.incidents)
    assert together.faults == whole.faults
    assert together.doubts == whole.doubts
    assert together.coded[0].aggregates == tuple(t for c in whole.coded for t in c.aggregates)
    assert len(list((tmp_path / "work" / "blocks").glob("*.json"))) > 10


def test_the_examples_with_bad_files_among_them_come_out_the_same(tmp_path, monkeypatch):
    small(monkeypatch)
    (tmp_path / "bad.jsonl").write_text('{"text": "no"}\n{"report_id": "half\n', encoding="utf-8")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "odd.jsonl").write_text(json.dumps({"report_id": "odd", "language": "en", "published": "2025-06-03",
        "text": "Gunmen killed \ud800 six civilians in the town of Djibo on Sunday, a resident said."}) + "\n")  # fmt: skip
    inputs = [EXAMPLES, tmp_path, tmp_path / "missing.txt"]
    one = pipeline.run(inputs)
    other = corpus.run(inputs, tmp_path / "out", tmp_path / "work").build()
    same(one.incidents, other.incidents)
    assert other.faults == one.faults
    assert len(one.faults) == 4


def test_reports_given_twice_and_ids_of_two_texts_come_out_the_same(made, tmp_path, monkeypatch):
    small(monkeypatch)
    again = [{**article, "report_id": f"a{n % 40:07d}"} for n, article in enumerate(made[1][100:220])]
    random.Random(1).shuffle(again)
    for article in again[:30]:
        article["published"] = None
    lines = "".join(json.dumps(a) + "\n" for a in [*again, *again[:20], *made[1][:60]])
    (tmp_path / "twice.jsonl").write_text(lines, encoding="utf-8")
    same(
        pipeline.run([tmp_path / "twice.jsonl"]).incidents,
        corpus.run([tmp_path / "twice.jsonl"], tmp_path / "out", tmp_path / "work").build().incidents,
    )


def test_the_parts_are_geoparquet_by_year_in_the_order_of_the_table(made, whole, tmp_path):
    built = corpus.run([made[0]], tmp_path / "out", tmp_path / "work")
    read = pd.concat([gpd.read_parquet(path) for path in built.paths], ignore_index=True)
    assert list(read["incident_id"]) == list(whole.incidents["incident_id"])
    assert {path.parent.name for path in built.paths} == {f"year={d[:4]}" for d in whole.incidents["date_from"]}
    assert built.incidents == len(read)


# --- formats of archives ----------------------------------------------------------------------------------------


def test_parquet_and_json_lines_tell_the_same(made, tmp_path):
    articles = made[1][:80]
    columns = {k: [a[k] for a in articles] for k in articles[0]}
    columns["published"] = [dt.date.fromisoformat(d) for d in columns["published"]]
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.jsonl").write_text("".join(json.dumps(a) + "\n" for a in articles), encoding="utf-8")
    same(pipeline.build([tmp_path / "a.parquet"]), pipeline.build([tmp_path / "b"]))


def test_parquet_without_texts_or_cut_short_is_one_fault(tmp_path):
    parquet.write_table(pa.table({"price": [1, 2]}), tmp_path / "prices.parquet")
    whole = tmp_path / "prices.parquet"
    (tmp_path / "cut.parquet").write_bytes(whole.read_bytes()[:-20])
    faults = pipeline.run([tmp_path]).faults
    assert [Path(f.path).name for f in faults] == ["cut.parquet", "prices.parquet"]
    assert "damaged" in faults[0].message
    assert "no column of texts" in faults[1].message


def archive(*pages, gzipped=True):
    """A web archive of responses, each record a gzip member of its own as crawlers write them."""
    records = []
    for number, (kind, body) in enumerate(pages):
        http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/{number}\r\n"
            f"WARC-Date: 2025-06-09T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(gzip.compress(r) if gzipped else r for r in records)


PAGE = b"""<html lang="en"><head><title>Attack</title><meta property="article:published_time" content="2025-06-03"></head>
<body><article><h1>Attack</h1><p>Gunmen attacked a market in the town of Djibo on Sunday and killed six civilians, a
resident said by telephone on Monday morning.</p><p>The attackers left before a patrol arrived, and shops stayed shut on
the next day, he said, adding that telephone lines had been cut for hours.</p></article></body></html>"""


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_pages_of_a_web_archive_are_reports(tmp_path, name):
    pages = [("text/html; charset=utf-8", PAGE), ("image/png", b"\x89PNG"), ("text/html", b"<html></html>")]
    (tmp_path / name).write_bytes(archive(*pages, gzipped=name.endswith(".gz")))
    made = pipeline.run([tmp_path])
    (row,) = made.incidents.itertuples()
    assert (row.location, row.date_from, row.fatalities_low) == ("Djibo", "2025-06-01", 6)
    assert row.reports[0]["url"] == "https://example.org/0"
    assert [fault.line for fault in made.faults] == [3]


def test_an_archive_cut_short_gives_what_is_whole(tmp_path):
    data = archive(("text/html", PAGE), ("text/html", PAGE.replace(b"Djibo", b"Dori")))
    (tmp_path / "cut.warc.gz").write_bytes(data[: len(data) * 3 // 4])
    made = pipeline.run([tmp_path])
    assert list(made.incidents["location"])[:1] == ["Djibo"]
    assert made.faults
    (tmp_path / "cut.warc.gz").write_bytes(gzip.compress(b"not an archive"))
    assert "archive" in str(pipeline.run([tmp_path]).faults[0])


# --- going on, and refusing ----------------------------------------------------------------------------------------


class StopHereError(Exception):
    """What a test throws in the middle."""


@pytest.mark.parametrize("stage", ["reports", "copies", "coded", "blocks", "incidents"])
def test_an_interrupted_build_goes_on_where_it_was(made, whole, tmp_path, monkeypatch, stage):
    small(monkeypatch)

    def stop(now, done, _):
        if now == stage and done == (1 if stage == "reports" else 2):
            raise StopHereError

    monkeypatch.setattr("sahel_map.corpus.finishing.PART", 40)
    with pytest.raises(StopHereError):
        corpus.run([made[0]], tmp_path / "out", tmp_path / "work", progress=stop)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("*.json")}
    assert before
    built = corpus.run([made[0]], tmp_path / "out", tmp_path / "work")
    same(whole.incidents, built.build().incidents)
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


def test_a_work_folder_of_another_build_is_refused(made, tmp_path):
    corpus.run([EXAMPLES], tmp_path / "out", tmp_path / "work")
    with pytest.raises(InputError, match=r"other rule.*delete the folder"):
        corpus.run([EXAMPLES], tmp_path / "out", tmp_path / "work", rule="acled")


def test_two_builds_do_not_share_a_work_folder(tmp_path):
    def second(*_):
        corpus.run([EXAMPLES], tmp_path / "other", tmp_path / "work")

    with pytest.raises(InputError, match="another build is at work"):
        corpus.run([EXAMPLES], tmp_path / "out", tmp_path / "work", progress=second)


def test_what_is_no_corpus_is_refused(tmp_path):
    with pytest.raises(InputError, match="standard input"):
        corpus.run(["-"], tmp_path / "out", tmp_path / "work")


# --- poison ----------------------------------------------------------------------------------------------------------


def poisoned(monkeypatch, tmp_path, body):
    """Make the reading process fall over an article that says POISON: a fault of the code, run for real in it."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sahel_map.coding.report as r\n_read = r.code_report\ndef code_report(report, locator):\n"
        f"    if 'POISON' in report.text:\n        {body}\n    return _read(report, locator)\nr.code_report = code_report\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("import os; os.kill(os.getpid(), 9)", "ended the reading process: exit code -9"),
        (
            "raise IndexError('list index out of range')",
            "ended the reading process: IndexError: list index out of range",
        ),
        ("import time; time.sleep(600)", "took longer than 10 s"),
        ("x = bytearray(9 << 30)", "took more than 6,000 MB of memory"),
    ],
)
def test_a_poisoned_article_is_set_aside_with_its_reason(made, tmp_path, monkeypatch, body, reason):
    articles = [dict(a) for a in made[1][:30]]
    clean = "".join(json.dumps(a) + "\n" for a in articles)
    articles.insert(7, {**articles[7], "report_id": "bad", "text": "POISON " + articles[7]["text"].upper()})
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "c.jsonl").write_text(clean, encoding="utf-8")
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(a) + "\n" for a in articles), encoding="utf-8")
    poisoned(monkeypatch, tmp_path, body)
    terms = Terms(seconds=10 if "longer" in reason else 60)
    built = corpus.run([tmp_path / "c.jsonl"], tmp_path / "out", tmp_path / "work", terms=terms)
    assert [(f.path, f.message) for f in built.faults] == [("bad", f"set aside: coding it {reason}")]
    same(pipeline.build([tmp_path / "clean"]), built.build().incidents)


def test_a_file_that_stops_the_reader_is_set_aside_and_the_rest_is_read(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import sahel_map.reports.pdf as p, sahel_map.reports.formats as f\n"
        "def read_pdf(document):\n    import os; os._exit(3)\nf.READERS['.pdf'] = read_pdf\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "in" / "b.txt").write_bytes((EXAMPLES / "06_sahel-wire_banibangou.txt").read_bytes())
    built = corpus.run([tmp_path / "in"], tmp_path / "out", tmp_path / "work")
    assert "set aside: reading it ended the reading process: exit code 3" in str(next(built.faults))
    assert built.reports == 1


@pytest.mark.parametrize("form", ["jsonl", "parquet", "csv"])
def test_articles_that_kill_their_reader_are_set_aside_alone(made, tmp_path, monkeypatch, form):
    (tmp_path / "sitecustomize.py").write_text(
        "import sahel_map.reports as r, os\n_named = r.named\ndef named(report, stem):\n"
        "    if 'POISON' in report.text:\n        os.kill(os.getpid(), 9)\n    return _named(report, stem)\nr.named = named\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    table = pd.DataFrame([{**a, "text": a["text"].replace("\n", " ")} for a in made[1][:20]])
    table.loc[[4, 5, 19], "text"] = "POISON"
    clean, file = tmp_path / "clean.jsonl", tmp_path / f"all.{form}"
    table.drop([4, 5, 19]).to_json(clean, orient="records", lines=True)
    write = {"jsonl": lambda p: table.to_json(p, orient="records", lines=True), "parquet": table.to_parquet,
             "csv": lambda p: table.to_csv(p, index=False)}  # fmt: skip
    write[form](file)
    built = corpus.run([file], tmp_path / "out", tmp_path / "work")
    first = 2 if form == "csv" else 1
    assert [(f.line - first, f.message) for f in built.faults] == [
        (row, "set aside: reading it ended the reading process: exit code -9") for row in (4, 5, 19)
    ]
    same(pipeline.build([clean]), built.build().incidents)


def groups_of_ten(articles, path):
    """Parquet of row groups of ten rows."""
    parquet.write_table(pa.Table.from_pylist(articles), path, row_group_size=10)


@pytest.mark.parametrize("at", [0, 20, 30])
def test_a_row_group_that_kills_its_reader_is_set_aside_alone(made, tmp_path, monkeypatch, at):
    (tmp_path / "sitecustomize.py").write_text(
        "import os, pyarrow.parquet as p\n_batches = p.ParquetFile.iter_batches\n"
        "def iter_batches(self, **options):\n    for batch in _batches(self, **options):\n"
        "        if 'POISON' in str(batch): os.kill(os.getpid(), 9)\n        yield batch\n"
        "p.ParquetFile.iter_batches = iter_batches\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    articles = [dict(a) for a in made[1][:40]]
    (tmp_path / "clean.jsonl").write_text("".join(json.dumps(a) + "\n" for a in articles[:at] + articles[at + 10 :]))
    articles[at + 3]["text"] = "POISON"
    groups_of_ten(articles, tmp_path / "all.parquet")
    built = corpus.run([tmp_path / "all.parquet"], tmp_path / "out", tmp_path / "work")
    (fault,) = built.faults
    said = f"set aside up to entry {at + 10}: reading on ended the reading process: exit code -9"
    assert (fault.line, fault.message) == (at + 1, said)
    same(pipeline.build([tmp_path / "clean.jsonl"]), built.build().incidents)


def test_a_damaged_row_group_costs_only_itself(made, tmp_path):
    groups_of_ten(made[1][:40], tmp_path / "all.parquet")
    column = parquet.ParquetFile(tmp_path / "all.parquet").metadata.row_group(1).column(0)
    data = bytearray((tmp_path / "all.parquet").read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    (tmp_path / "all.parquet").write_bytes(data)
    reading_ = read_reports([tmp_path / "all.parquet"], apart=True)
    assert [(f.line, f.message.partition("(")[0]) for f in reading_.faults] == [(11, "is damaged up to row 20 ")]
    assert len(reading_.reports) == 30


def test_a_process_that_read_its_share_is_changed_for_a_fresh_one(made):
    keeper = Keeper(Terms(articles=3))
    pids = []
    for article in made[1][:7]:
        list(keeper.ask({"reports": [article]}))
        assert keeper._process is not None
        pids.append(keeper._process.pid)
    keeper.close()
    assert len(set(pids)) == 3


def test_what_no_request_can_be_made_of_is_poison_too():
    keeper = Keeper(Terms())
    with pytest.raises(Poisoned, match="InputError"):
        list(keeper.ask({"reports": [{"text": 7}]}))
    keeper.close()


# --- the command line ------------------------------------------------------------------------------------------------


def test_options_that_contradict_each_other_are_wrong_usage(tmp_path, capsys):
    assert main(["build", str(EXAMPLES), "--work", str(tmp_path)]) == 2
    assert main(["build", str(EXAMPLES), "--engine", "dask", "--into", str(tmp_path / "x.gpkg")]) == 2
    assert "--engine dask" in capsys.readouterr().err
