"""A brief in a real browser: every hostile text is shown and none is run, nothing is fetched, citations lead somewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sahel_map.brief import write_brief
from tests.browser.test_injection import hostile, payloads
from tests.incident_tables import sample

pytestmark = pytest.mark.browser


def test_hostile_text_is_shown_and_not_run(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(write_brief(hostile(), tmp_path / "brief.html", title=payloads()[0]), wait=False)
    opened.settle()
    opened.assert_quiet()
    assert opened.page.evaluate("document.scripts.length") == 0
    assert opened.page.evaluate("document.querySelectorAll('img:not([src^=\"data:image/png\"])').length") == 0


def test_a_citation_leads_to_its_source_and_nothing_is_wider_than_a_phone(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(write_brief(sample(), tmp_path / "brief.html"), wait=False, width=380)
    opened.page.click("a.source")
    assert "#source-" in opened.page.url
    assert opened.page.evaluate("!!document.querySelector('li:target')")
    assert opened.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    opened.assert_quiet()
