"""A real Chromium, installed by the operating system, driven on pages from disk with nothing else in reach."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

# As root in a container there is no sandbox to set up; the others keep Chromium from calling home.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def chromium_path() -> Path | None:
    """The browser that `CHROMIUM` names, or Debian's; None if there is none."""
    path = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    return path if path.exists() else None


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A headless browser; the test is skipped where none is installed."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium: install the package chromium, or set CHROMIUM to the path of one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Opened:
    """A page in the browser with all that it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def axe_faults(self) -> list[str]:
        """What axe-core finds fault with, one line a rule: impact, rule, and the first element."""
        source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(source)
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{one['impact']}: {one['id']} {one['nodes'][0]['target']}" for one in found["violations"]]


@contextmanager
def opened(
    browser: Browser, path: Path, *, address: str = "", width: int = 1280, scheme: str = "light"
) -> Iterator[Opened]:
    """The page at `path`, at an `address` within it, in a window of its own; every request but for the page and the
    files of its folder is refused and noted with these."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        result = Opened(page)
        files = path.with_name(f"{path.stem}-files").as_uri()

        def answer(route: Route, request: Request) -> None:
            result.asked.append(request.url)
            if request.url.partition("#")[0] == path.as_uri() or request.url.startswith(f"{files}/"):
                route.continue_()
            else:
                route.abort()

        context.route("**/*", answer)
        page.on("console", lambda message: result.said.append(message.text))
        page.on("pageerror", lambda error: result.said.append(str(error)))
        page.goto(path.as_uri() + address)
        yield result
    finally:
        context.close()
