"""The pictures of the page in docs/ (`python -m tests.page.screenshots PAGE`), or with `--time` how fast it opens."""

import sys
from pathlib import Path
from time import perf_counter

from playwright.sync_api import expect

from tests.page.browser import opened, running_chromium

DOCS = Path(__file__).parents[2] / "docs"


def pictures(path: Path) -> None:
    """Look at the page, at what one theme leads to, at the article of its first passage, and at all on a phone."""
    with running_chromium() as browser:
        with opened(browser, path, address="#at=time") as seen:
            expect(seen.page.locator("#findings")).to_have_attribute("aria-busy", "false")
            seen.page.screenshot(path=DOCS / "report.png")
            theme = seen.page.locator(".tiles h3 a").first
            theme.click()
            expect(seen.page.locator("#findings")).to_have_attribute("aria-busy", "false")
            seen.page.screenshot(path=DOCS / "report-passages.png")
            seen.page.locator("#passages-list .source a").first.click()
            expect(seen.page.locator(".paragraph.sought")).to_be_in_viewport()
            seen.page.screenshot(path=DOCS / "report-article.png")
        with opened(browser, path, address="#at=framing", width=390) as seen:
            expect(seen.page.locator("#findings")).to_have_attribute("aria-busy", "false")
            seen.page.screenshot(path=DOCS / "report-phone.png")


def timed(path: Path) -> str:
    """How long the page takes to open, in seconds: until something is seen, until a click is answered, until all is
    shown; and the main thread's own time for it."""
    with running_chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        measures = page.context.new_cdp_session(page)
        measures.send("Performance.enable", {"timeDomain": "threadTicks"})
        begun = perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        page.locator("#filter-theme summary").click()
        page.locator("#choices-theme input").first.wait_for()
        answered = perf_counter() - begun
        expect(page.locator("#findings")).to_have_attribute("aria-busy", "false", timeout=60_000)
        shown = perf_counter() - begun
        told = {one["name"]: one["value"] for one in measures.send("Performance.getMetrics")["metrics"]}
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000")
    return (
        f"first paint {paint:.1f} s, first click answered {answered:.1f} s, all shown {shown:.1f} s; "
        f"main thread {told['TaskDuration']:.1f} s"
    )


if __name__ == "__main__":
    page_path = Path(sys.argv[1]).absolute()
    if "--time" in sys.argv:
        sys.stdout.write(f"{timed(page_path)}\n")
    else:
        pictures(page_path)
