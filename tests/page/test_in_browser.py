"""The page as a reader has it: quiet, self-contained, usable by keyboard and screen reader, inert whatever it shows."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, expect

from flows.page.write import write_report
from tests.page.browser import Opened, opened, running_chromium
from tests.page.warehouses import HOSTILE, NOW
from warehouse.workspace import Workspace

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # No longer than this module: while it is open, Playwright keeps an event loop running in this thread.
    with running_chromium() as running:
        yield running


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory, ordinary: Workspace, hostile: Workspace, empty: Workspace
) -> dict[str, Path]:
    """The three pages that are looked at, by name."""
    folder = tmp_path_factory.mktemp("pages")
    made = {"ordinary": ordinary, "hostile": hostile, "empty": empty}
    return {name: write_report(workspace, NOW, folder / f"{name}.html") for name, workspace in made.items()}


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("ordinary", 1280, "light"),
        ("ordinary", 1280, "dark"),
        ("ordinary", 360, "light"),
        ("hostile", 360, "dark"),
        ("empty", 1280, "light"),
    ],
)
def test_the_page_is_quiet_self_contained_and_accessible(
    browser: Browser, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    with opened(browser, pages[name], width=width, scheme=scheme) as seen:
        seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        seen.page.fill("#query", "t")
        seen.page.keyboard.press("Enter")
        assert [fault for fault in seen.axe_faults() if fault.startswith(SERIOUS)] == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out sideways"
        assert seen.said == []
        assert seen.asked == [pages[name].as_uri()]


def test_a_keyboard_gets_from_the_top_to_a_found_article(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["ordinary"]) as seen:
        keys = seen.page.keyboard
        keys.press("Tab")
        assert _focused(seen) == "Skip to the findings"
        keys.press("Enter")
        keys.press("Tab")
        assert seen.page.evaluate("document.activeElement.id") == "query", (
            "the search is the first thing in the main part"
        )
        keys.type("number 17")
        expect(seen.page.locator("#found")).to_contain_text("1 article")
        keys.press("Tab")
        assert _focused(seen) == "Search"
        for _ in range(3):
            keys.press("Tab")
            if "number 17" in _focused(seen):
                break
        assert seen.page.evaluate("document.activeElement.href") == "https://example.org/articles/17"


def test_the_search_finds_all_kinds_and_can_be_narrowed(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["ordinary"]) as seen:
        page = seen.page
        page.fill("#query", "wait lists")  # beginnings of words will do
        page.keyboard.press("Enter")
        found = page.locator("#found")
        assert found.inner_text() == "Found 42 articles, 42 figures, 42 passages."
        assert page.locator(".result").count() == 20
        page.click("#more")
        assert page.locator(".result").count() == 40
        assert page.evaluate("document.activeElement.className") == "result", "focus goes to the first new result"
        page.get_by_label("Passages", exact=True).check()
        assert found.inner_text() == "Found 42 passages."
        assert page.locator(".result mark").first.inner_text() == "Waiting lists grew"
        page.fill("#query", "zebra")
        page.keyboard.press("Enter")
        assert found.inner_text().startswith("Nothing found")
        page.focus("#query")
        page.keyboard.press("Escape")
        assert (page.input_value("#query"), found.inner_text(), page.locator(".result").count()) == ("", "", 0)


@pytest.mark.parametrize("query", ["title", "before", "publisher", "pwned"])
def test_hostile_text_stays_text(browser: Browser, pages: dict[str, Path], query: str) -> None:
    with opened(browser, pages["hostile"]) as seen:
        seen.page.fill("#query", query)
        seen.page.keyboard.press("Enter")
        found, shown = (seen.page.locator(part).text_content() or "" for part in ("#results", "#new"))
        for payload in (*HOSTILE[:3], "{{ 7 * 7 }}"):
            assert payload in found
            assert payload in shown
        assert seen.page.evaluate("window.pwned") is None
        scripts = seen.page.evaluate("[...document.scripts].map((one) => one.type)")
        assert scripts == ["application/json", ""], "no script but ours"
        assert seen.page.locator("body img, body style, body iframe").count() == 0


def test_links_go_to_the_web_only(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["hostile"]) as seen:
        seen.page.fill("#query", "title")
        seen.page.keyboard.press("Enter")
        links = seen.page.evaluate("[...document.querySelectorAll('a')].map((a) => [a.getAttribute('href'), a.rel])")
        outside = [(address, rel) for address, rel in links if not address.startswith("#")]
        assert outside
        assert all(address.lower().startswith(("https://", "http://")) for address, _ in outside)
        assert {rel for _, rel in outside} == {"noopener noreferrer"}


def test_an_override_of_direction_ends_with_its_passage(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["hostile"]) as seen:
        isolated = "(one) => { const style = getComputedStyle(one); return style.unicodeBidi.includes('isolate') }"
        for selector in ("bdi", ".passage"):
            assert seen.page.evaluate(f"[...document.querySelectorAll('{selector}')].every({isolated})")


def test_it_prints_with_its_passages_and_without_its_controls(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["ordinary"], scheme="dark") as seen:
        printed = pypdf.PdfReader(io.BytesIO(seen.page.pdf(format="A4")))
        text = "\n".join(sheet.extract_text() for sheet in printed.pages)
        seen.page.emulate_media(media="print", color_scheme="dark")
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert "Trust between the NHS and independent providers is fragile." in text
    assert "https://example.org/articles/" in text, "a printed link shows where it goes"
    assert "Words to look for" not in text
    assert "Skip to" not in text


def _focused(seen: Opened) -> str:
    return str(seen.page.evaluate("document.activeElement.textContent")).strip()
