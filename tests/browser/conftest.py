"""Real headless Chromium with the network impossible, for tests that open the real page."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = (
    os.environ.get("SAHEL_MAP_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the browser tests need the Python package playwright"
    )
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: install the distribution's chromium, or set SAHEL_MAP_CHROMIUM")
    # a proxy where nobody listens: whatever asked for the network would fail, and be seen to ask
    offline = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--proxy-server=127.0.0.1:9",
        "--proxy-bypass-list=<-loopback>",
    ]
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=without_network(CHROMIUM, tmp_path_factory), args=offline)
        yield running
        running.close()


def without_network(chromium: str, folders: pytest.TempPathFactory) -> str:
    """A starter that runs Chromium in a namespace without interfaces, where the system permits; else Chromium itself."""
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode
    ):
        return chromium
    starter = folders.mktemp("chromium") / "offline"
    starter.write_text(f'#!/bin/sh\nexec unshare -rn {shlex.quote(chromium)} "$@"\n', "utf-8")
    starter.chmod(0o755)
    return str(starter)


class Opened:
    """A page opened from file://, with everything it asked for and complained about."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.address = path.resolve().as_uri()

    def open(self, fragment: str = "", *, wait: bool = True) -> Opened:
        self.page.goto(self.address + fragment)
        if not wait:
            return self
        self.until("!!(window.SahelMap && SahelMap.app && SahelMap.app.restored)")
        return self

    def until(self, condition: str, seconds: float = 60) -> None:
        """Wait until a JavaScript expression is true; asked from outside, for the page's policy forbids eval."""
        self.until_in(self.page, condition, seconds)

    def until_in(self, frame: Any, condition: str, seconds: float = 60) -> None:
        """The same inside one frame of the page."""
        deadline = time.monotonic() + seconds
        while not frame.evaluate(condition):
            assert time.monotonic() < deadline, f"never came true: {condition}"
            self.page.wait_for_timeout(50)

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("SahelMap.app.state()")
        return found

    def settle(self) -> None:
        """Wait until the slow parts have followed."""
        self.page.wait_for_timeout(350)

    def assert_quiet(self) -> None:
        """Nothing was fetched but the page itself, and nothing was complained about."""
        fetched = [
            url for url in self.requests if url.split("#")[0] != self.address and not url.startswith(("data:", "blob:"))
        ]
        assert fetched == []
        assert self.complaints == []


@pytest.fixture
def open_page(browser: Any) -> Iterator[Any]:
    contexts = []

    def opening(
        path: Path,
        *,
        fragment: str = "",
        width: int = 1280,
        height: int = 800,
        before: str = "",
        wait: bool = True,
        **options: Any,
    ) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        if before:
            page.add_init_script(before)
        return Opened(page, path).open(fragment, wait=wait)

    yield opening
    for context in contexts:
        context.close()
