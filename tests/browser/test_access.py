"""Can everyone use the page? axe-core finds nothing serious, and every control is reached and worked by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sahel_map.views.page import write_page
from tests.incident_tables import many, sample

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe-core-4.10.2.min.js"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(sample(), tmp_path_factory.mktemp("access") / "map.html", title="May and June 2025")


def findings(opened: Any) -> list[str]:
    """Serious and critical findings of axe-core, with the elements they concern."""
    opened.page.evaluate(AXE.read_text("utf-8") + ";undefined")
    found = opened.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_axe_finds_nothing_serious(open_page: Any, page_file: Path, width: int, height: int) -> None:
    opened = open_page(page_file, width=width, height=height)
    assert findings(opened) == []
    opened.page.evaluate("SahelMap.app.open({row: 8, from: 'table'})")
    opened.settle()
    assert findings(opened) == []
    opened.page.evaluate("SahelMap.app.showTab('summary')")
    opened.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    opened.settle()
    assert findings(opened) == []
    opened.page.evaluate("SahelMap.app.showTab('about'); SahelMap.app.speak('fr')")
    opened.page.evaluate("SahelMap.app.facets.show(SahelMap.app.facets.chips[0])")
    opened.settle()
    assert findings(opened) == []


def test_every_control_is_reached_by_tab(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    wanted = opened.page.evaluate(
        """() => { const all = [...document.querySelectorAll('button, input, select, summary, a[href], [tabindex="0"]')];
        const shown = all.filter(node => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}));
        shown.forEach((node, i) => { node.dataset.stop = i; }); return shown.length; }"""
    )
    reached = set()
    for _ in range(3 * wanted):
        opened.page.keyboard.press("Tab")
        stop = opened.page.evaluate("document.activeElement && document.activeElement.dataset.stop")
        if stop is not None:
            reached.add(int(stop))
    names = opened.page.evaluate(
        "[...document.querySelectorAll('[data-stop]')].map(node => node.outerHTML.slice(0, 90))"
    )
    assert {names[number] for number in range(wanted)} - {names[number] for number in reached} == set()


def press_on(opened: Any, selector: str, key: str) -> None:
    opened.page.locator(selector).first.focus()
    opened.page.keyboard.press(key)
    opened.settle()


def test_the_controls_work_by_keyboard(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    press_on(opened, "[data-facet=event_type]", "Enter")
    press_on(opened, ".sm-drop:not([hidden]) input[type=checkbox]", "Space")
    assert opened.state()["shown"] == 4
    opened.page.keyboard.press("Escape")
    assert opened.page.evaluate("document.activeElement.dataset.facet") == "event_type"
    press_on(opened, ".sm-chips > .sm-small", "Enter")
    assert opened.state()["shown"] == 9
    press_on(opened, ".sm-handle", "PageUp")
    assert opened.state()["shown"] < 9
    press_on(opened, ".sm-handle", "Home")
    assert opened.state()["from"] is None
    press_on(opened, ".sm-table tbody button", "Enter")
    assert opened.state()["tab"] == "dossier"
    press_on(opened, "[role=tab][aria-selected=true]", "ArrowRight")
    assert opened.state()["tab"] == "summary"
    press_on(opened, ".sm-layers summary", "Enter")
    press_on(opened, "[data-layer=heat]", "Space")
    assert opened.state()["layers"]["heat"] is True
    zoom = opened.page.evaluate("SahelMap.app.map.getZoom()")
    press_on(opened, ".leaflet-container", "+")
    opened.page.wait_for_timeout(400)
    assert opened.page.evaluate("SahelMap.app.map.getZoom()") > zoom
    press_on(opened, ".sm-language", "Enter")
    assert opened.state()["language"] == "fr"
    opened.assert_quiet()


def test_headings_title_and_language_are_set(open_page: Any, page_file: Path) -> None:
    opened = open_page(page_file)
    assert opened.page.title() == "May and June 2025"
    assert opened.page.locator("html").get_attribute("lang") == "en"
    assert opened.page.locator("h1").count() == 1


def test_long_tables_turn_pages(open_page: Any, tmp_path: Path) -> None:
    opened = open_page(write_page(many(300), tmp_path / "map.html"))
    assert opened.page.locator(".sm-table tbody tr").count() == 50
    press_on(opened, ".sm-pager button:not([disabled])", "Enter")
    assert "2 of 6" in opened.page.locator(".sm-pager").inner_text()
    assert findings(opened) == []
