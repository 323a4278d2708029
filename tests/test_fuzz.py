"""Whatever comes in, nothing but our own errors comes out: the readers on bytes, the pipeline on texts like news."""

from __future__ import annotations

import datetime as dt
import json
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sahel_map.gazetteer import Gazetteer
from sahel_map.incidents import INCIDENT_COLUMNS
from sahel_map.model import Report
from sahel_map.pipeline import run, write
from sahel_map.resolution import Resolver
from tests.test_language_hostile import WORDS

sys.path.insert(0, str(Path(__file__).parent.parent / "fuzz"))
from targets import TARGETS

many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
some = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
PHRASES = [
    *WORDS, "Djibo", "Gao", "Boulkessi", "the town of Dori", "au Mali", "in Niger", "near", "près de", "15 km north of", "on Sunday",
    "dimanche", "attacked", "attaqué", "gunmen", "hommes armés", "ambush", "embuscade", "IED", "wounded", "blessés", "since January",
    "depuis janvier", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "${7*7}", "]]>", "\x00", "`", "a" * 300, "‏שלום‏",
]  # fmt: skip
news = st.lists(st.sampled_from(PHRASES), min_size=3, max_size=60).map(" ".join)
reports = st.builds(
    Report, report_id=st.sampled_from(["a", "b", "ç/..\\", "<b>", "a:1", "=1+1"]), text=news | st.text(min_size=1, max_size=200),
    title=news | st.text(max_size=50), source=st.text(max_size=20), url=st.sampled_from(["", "https://example.org", "javascript:alert(1)"]),
    published=st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), language=st.sampled_from(["en", "fr", ""]),
)  # fmt: skip


@pytest.fixture(scope="module")
def resolver():
    return Resolver(Gazetteer.open(local=False))


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.filterwarnings("ignore")  # what the libraries of the formats think of bytes
def test_a_reader_raises_nothing_but_our_own_errors(name):
    @given(st.binary(max_size=400) | news.map(lambda text: b"e" + text.encode("utf-8", "surrogatepass")))
    @many
    def holds(data):
        TARGETS[name](data)

    holds()


@given(st.lists(reports, min_size=1, max_size=4))
@some
def test_the_whole_flow_takes_any_report(resolver, tmp_path, given_reports):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = run(given_reports, resolver=resolver)
        paths = write(made, tmp_path / "out")
    assert set(INCIDENT_COLUMNS) <= set(made.incidents.columns)
    texts = {r.report_id: r.text for c in made.coded for r in [c.report]}
    for coded in made.coded:
        for mention in coded.mentions:
            assert 0 <= mention.start <= mention.end <= len(texts[coded.report.report_id])
            for toll in mention.tolls:
                assert toll.low >= 0
                assert toll.high is None or toll.high >= toll.low
    saved = json.loads((tmp_path / "out" / "incidents.geojson").read_text(encoding="utf-8"))
    assert len(saved["features"]) == len(made.incidents)
    page = next(p for p in paths if p.name == "map.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize(("name", "data"), [("files", b'\xaf"\xb8\xa6')], ids=["a header whose quote never ends"])
def test_what_once_crashed_a_reader_crashes_it_no_more(name, data):
    TARGETS[name](data)
