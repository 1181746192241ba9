"""The page as a reader has it: quiet, self-contained, usable by keyboard and screen reader, inert whatever it shows."""

import codecs
import csv
import io
import json
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, expect

from flows.page.data import unit_words
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
    """The pages that are looked at, by name: three in one file, two with their articles in a folder."""
    folder = tmp_path_factory.mktemp("pages")
    made = {"ordinary": ordinary, "hostile": hostile, "empty": empty}
    one_file = {name: write_report(workspace, NOW, folder / f"{name}.html") for name, workspace in made.items()}
    for name in ("ordinary", "hostile"):
        path = folder / f"{name}-large.html"
        one_file[f"{name}-large"] = write_report(made[name], NOW, path, most_in_one_file=5)
    return one_file


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("ordinary", 1280, "light"),
        ("ordinary", 1280, "dark"),
        ("ordinary", 360, "light"),
        ("hostile", 360, "dark"),
        ("empty", 1280, "light"),
        ("ordinary-large", 1280, "light"),
    ],
)
def test_the_page_is_quiet_self_contained_and_accessible(
    browser: Browser, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    with opened(browser, pages[name], width=width, scheme=scheme) as seen:
        _all_shown(seen)
        seen.page.evaluate("document.querySelectorAll('details:not(.filter)').forEach((one) => { one.open = true })")
        seen.page.fill("#query", "t")
        seen.page.keyboard.press("Enter")
        if name != "empty":
            expect(seen.page.locator("#found")).not_to_be_empty()
        assert [fault for fault in seen.axe_faults() if fault.startswith(SERIOUS)] == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out sideways"
        seen.page.locator("#filter-theme summary").click()
        assert [fault for fault in seen.axe_faults() if fault.startswith(SERIOUS)] == []
        if name != "empty":
            seen.page.locator("#new-list a").first.click()
            expect(seen.page.locator("#article h2")).to_be_visible()
            assert [fault for fault in seen.axe_faults() if fault.startswith(SERIOUS)] == []
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.said == []
        files = pages[name].with_name(f"{name}-files").as_uri()
        assert seen.asked[0] == pages[name].as_uri()
        assert all(name == "ordinary-large" and one.startswith(files) for one in seen.asked[1:])


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
        keys.press("Enter")
        expect(seen.page.locator("#article h2")).to_have_text("Article number 17")
        expect(seen.page.locator("#article h2")).to_be_focused()
        assert seen.page.locator("#article .outside").first.get_attribute("href") == "https://example.org/articles/17"


@pytest.mark.parametrize("name", ["ordinary", "ordinary-large"])
def test_the_search_finds_all_kinds_and_can_be_narrowed(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with opened(browser, pages[name]) as seen:
        page = seen.page
        found = page.locator("#found")
        page.fill("#query", "wait lists")  # beginnings of words will do
        page.keyboard.press("Enter")
        expect(page.locator(".result")).to_have_count(20)
        page.click("#more")
        expect(page.locator(".result")).to_have_count(40)
        assert page.evaluate("document.activeElement.className") == "result", "focus goes to the first new result"
        for _ in range(2):
            page.click("#more")
        expect(found).to_have_text("Found 42 figures, 42 passages.")
        page.get_by_label("Passages", exact=True).check()
        expect(page.locator(".result")).to_have_count(20)
        assert page.locator(".result mark").first.inner_text() == "Waiting lists grew"
        page.fill("#query", "number fragile")
        page.get_by_label("Everything", exact=True).check()
        expect(found).to_contain_text("Nothing found")
        page.fill("#query", "takes years build")
        expect(found).to_contain_text("42 paragraphs" if name == "ordinary" else "paragraphs")
        page.focus("#query")
        page.keyboard.press("Escape")
        expect(found).to_be_empty()
        assert (page.input_value("#query"), page.locator(".result").count()) == ("", 0)


def test_filters_by_keyboard_hold_everywhere_and_stand_in_the_address(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["ordinary"]) as seen:
        page = seen.page
        page.locator("#filter-theme summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator("#chips")).to_contain_text("Capacity and waiting lists")
        page.keyboard.press("Escape")
        assert _focused(seen) == "Themes: 1"
        page.select_option("#filter-from", "2021")
        page.select_option("#filter-to", "2022")
        page.locator("#filter-publisher summary").click()
        page.get_by_label("The Think Tank (7)").check()
        page.keyboard.press("Escape")
        _all_shown(seen)
        address = page.evaluate("location.hash")
        assert address == "#theme=capacity&publisher=The+Think+Tank&from=2021&to=2022"
        shown = _everything(seen)
        assert "3 articles of 42 · 3 coded passages · 6 figures" in shown["chosen"]
        assert page.locator(".tiles li").count() == 1
        assert "The Review" not in shown["findings"]
        assert "Trust and culture" not in shown["passages-list"]
        assert page.locator("#new-list li").count() == 3
        page.go_back()
        expect(page.locator("#chosen")).to_contain_text("16 articles of 42")
        page.get_by_text("Clear all").click()
        expect(page.locator("#chosen")).to_have_text("All 42 articles · 126 coded passages · 126 figures")
    for name in ("ordinary", "ordinary-large"):
        with opened(browser, pages[name], address=address) as again:
            _all_shown(again)
            assert _everything(again) == shown, "an address shows the same wherever it is opened"


def test_a_filter_that_leaves_nothing_and_one_that_is_not_known_say_so(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with opened(browser, pages["ordinary"], address="#publisher=Nobody&from=20x&unknown=1") as seen:
        _all_shown(seen)
        expect(seen.page.locator("#chosen")).to_contain_text("0 articles of 42")
        expect(seen.page.locator("#chips")).to_contain_text("Nobody")
        expect(seen.page.locator("#passages-title")).to_have_text("There is no such passage")
        assert seen.said == []
    with opened(browser, pages["ordinary"], address="#article=none") as seen:
        expect(seen.page.locator("#article h2")).to_contain_text("does not have that article")


@pytest.mark.parametrize("name", ["ordinary", "ordinary-large"])
def test_a_chart_leads_to_passages_and_these_to_their_paragraph(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    with opened(browser, pages[name]) as seen:
        page = seen.page
        column = page.get_by_label("Trust and culture, 2020: 33%, 8 articles")
        page.locator(".tiles li", has_text="Trust and culture").locator(".column").first.focus()
        page.keyboard.press("ArrowRight")
        expect(column).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#passages-title")).to_have_text("8 coded passages")
        expect(page.locator("#passages-title")).to_be_focused()
        expect(page.locator("#passages-list .quote")).to_have_count(8)
        page.locator("#passages-list .quote .source a").first.click()
        sought = page.locator(".paragraph.sought")
        expect(sought).to_be_in_viewport()
        assert sought.locator("mark.evidence").inner_text() == "Trust"
        assert page.locator(".paragraph mark.figure").count() == 3
        page.get_by_role("link", name="Capacity and waiting lists: ").click()
        expect(page.locator("#findings")).to_be_visible()
        expect(page.locator("#chips")).to_contain_text("Capacity and waiting lists")
        bar = page.locator(".stack a").first
        bar.click()
        expect(page.locator("#passages-list .quote").first).to_be_visible()
        page.get_by_text("Clear all").click()
        page.locator(".shades td a").first.click()
        assert "publisher=" in page.evaluate("location.hash")
        page.get_by_text("Clear all").click()
        page.locator(".bars a").first.click()
        expect(page.locator(".paragraph.sought mark.figure").first).to_be_visible()


def test_every_table_and_chart_can_be_saved_as_csv(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["ordinary"], address="#publisher=The+Review") as seen:
        _all_shown(seen)
        seen.page.evaluate("document.querySelectorAll('details:not(.filter)').forEach((one) => { one.open = true })")
        saved = {}
        for button in seen.page.locator("button.csv:visible").all():
            with seen.page.expect_download() as waiting:
                button.click()
            path = waiting.value.path()
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
            assert path.read_bytes().startswith(codecs.BOM_UTF8)
            assert {len(row) for row in rows} == {len(rows[0])}
            saved[waiting.value.suggested_filename] = rows
    names = ("themes-by-year", "themes-by-publisher", "framing", "figures", "passages", "articles")
    assert {f"{name}.csv" for name in names} <= set(saved)
    assert saved["themes-by-publisher.csv"][1][:2] == ["The Review", "7"]
    assert (len(saved["passages.csv"]), len(saved["figures.csv"]), len(saved["articles.csv"])) == (22, 22, 8)
    assert "£" in saved["figures.csv"][3][4]


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_labels_do_not_collide(browser: Browser, pages: dict[str, Path], width: int) -> None:
    with opened(browser, pages["ordinary"], width=width) as seen:
        _all_shown(seen)
        assert seen.page.evaluate(_COLLIDING) == []


@pytest.mark.parametrize("name", ["hostile", "hostile-large"])
def test_hostile_text_stays_text(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with opened(browser, pages[name]) as seen:
        page = seen.page
        _all_shown(seen)
        payloads = (*HOSTILE[:3], "{{ 7 * 7 }}")
        for query in ("title", "before", "publisher", "pwned"):
            page.fill("#query", query)
            page.keyboard.press("Enter")
            expect(page.locator("#found")).to_contain_text("Found")
        page.fill("#query", "title")
        page.keyboard.press("Enter")
        expect(page.locator(".result")).to_have_count(10)
        found, shown = (page.locator(part).text_content() or "" for part in ("#results", "#new"))
        assert all(payload in found and payload in shown for payload in payloads)
        page.locator("#filter-publisher summary").click()
        expect(page.locator("#choices-publisher")).to_contain_text(HOSTILE[0])
        for place in range(10):
            page.evaluate("history.replaceState(null, '', '#')")
            page.evaluate(f"location.hash = document.querySelectorAll('#new-list .source a:first-child')[{place}].hash")
            expect(page.locator("#article .paragraph")).to_have_count(1)
            expect(page.locator("#article .paragraph mark")).not_to_have_count(0)
        assert page.evaluate("window.pwned") is None
        running = "[...document.scripts].filter((one) => one.type !== 'application/json').length"
        assert page.evaluate(running) == 1, "no script but ours"
        assert page.locator("body img, body style, body iframe").count() == 0
        assert seen.said == []


def test_links_go_to_the_web_only(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["hostile"]) as seen:
        _all_shown(seen)
        links = seen.page.evaluate("[...document.querySelectorAll('a')].map((a) => [a.getAttribute('href'), a.rel])")
        outside = [(address, rel) for address, rel in links if not address.startswith("#")]
        assert outside
        assert all(address.lower().startswith(("https://", "http://")) for address, _ in outside)
        assert {rel for _, rel in outside} == {"noopener noreferrer"}


def test_an_override_of_direction_ends_with_its_passage(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["hostile"]) as seen:
        _all_shown(seen)
        isolated = "(one) => { const style = getComputedStyle(one); return style.unicodeBidi.includes('isolate') }"
        for selector in ("bdi", ".passage"):
            assert seen.page.evaluate(f"[...document.querySelectorAll('{selector}')].every({isolated})")


def test_it_prints_with_its_passages_and_without_its_controls(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["ordinary"], scheme="dark", address="#sector=&from=2019") as seen:
        _all_shown(seen)
        printed = pypdf.PdfReader(io.BytesIO(seen.page.pdf(format="A4")))
        sheets = [
            [line.strip() for line in sheet.extract_text().splitlines() if line.strip()] for sheet in printed.pages
        ]
        headings = seen.page.evaluate(
            "[...document.querySelectorAll('h2, h3, h4, .section-head .kicker')].map((one) => one.textContent.trim())"
        )
        seen.page.emulate_media(media="print", color_scheme="dark")
        assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    text = "\n".join(line for sheet in sheets for line in sheet)
    assert "Trust between the NHS and independent providers is fragile." in text
    assert "https://example.org/articles/" in text, "a printed link shows where it goes"
    assert "from 2019" in text, "what is chosen is told"
    assert "Search the articles" not in text
    assert "Skip to" not in text
    last = [sheet[-1] for sheet in sheets[:-1]]
    assert not [line for line in last if any(line and heading.endswith(line) for heading in headings)], "no orphans"


def test_the_words_of_the_script(browser: Browser) -> None:
    cases = [*_WORDS, *_FINDINGS, *_excerpts()]
    source = "\n".join((files("flows.page") / "assets" / name).read_text() for name in ("text.js", "findings.js"))
    parts = (files("flows.page") / "assets" / "parts.js").read_text()
    source += parts[parts.index("const csvCell") : parts.index("const save")]
    expressions = ", ".join(f"() => {expression}" for expression, _ in cases)
    page = browser.new_page()
    try:
        got = page.evaluate(f"(() => {{ {source}; return [{expressions}].map((one) => one()); }})()")
    finally:
        page.close()
    wrong = [(case, value) for case, value in zip(cases, got, strict=True) if case[1] != value]
    assert wrong == []


def _focused(seen: Opened) -> str:
    return str(seen.page.evaluate("document.activeElement.textContent")).strip()


def _all_shown(seen: Opened) -> None:
    """Wait until the page has shown all that its address chooses."""
    expect(seen.page.locator("#findings")).to_have_attribute("aria-busy", "false")


def _everything(seen: Opened) -> dict[str, str]:
    return {name: seen.page.locator(f"#{name}").inner_text() for name in ("chosen", "findings", "passages-list")}


# Pairs of labels of one chart that overlap.
_COLLIDING = """
() => [...document.querySelectorAll('.tiles li, .stacks li, .series li, .shades tr')].flatMap((chart) => {
  const labels = 'h3, h4, .note, .top, .axis span, .label, .stack span, .what, .bars strong, td a';
  const boxes = [...chart.querySelectorAll(labels)].filter((one) => one.textContent.trim()).map((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return [one.textContent, range.getBoundingClientRect()];
    });
  return boxes.flatMap(([name, a], i) => boxes.slice(i + 1).filter(([, b]) =>
    a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5)
    .map(([other]) => [name, other]));
})
"""


def _said(call: str, *pairs: tuple[str, str | None]) -> list[tuple[str, object]]:
    return [(f"{call}({arguments})", said) for arguments, said in pairs]


def _quantity(value: str, unit: str, qualifier: str, said: str) -> tuple[str, object]:
    words = json.dumps(unit_words(unit)) if unit else "undefined"
    return f"quantity({value}, {words}, {qualifier!r})", said


_WORDS: list[tuple[str, object]] = [
    *((f"webAddress({json.dumps(address)})", None) for address in (
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "//example.org/x", "/x", "", "https://", "https://[::1", "seed:one.txt",
        "blob:https://example.org/1", None)),
    *((f"webAddress({json.dumps(address)})", address) for address in (
        "https://example.org", "HTTP://example.org/a?b=c#d", "https://[::1]:8080/x")),
    (r"plain('a\x00b\x1b[31m  c\n\td\ud800')", "a\ufffdb\ufffd[31m c d\ufffd"),
    ("plain('x'.repeat(50), 10)", "x" * 9 + "…"),
    ("plain(null)", ""),
    ("cut('a😀bc', 1, 3)", "😀b"),
    *_said("shortNumber", ("6.91e9", "6.91bn"), ("7.6e6", "7.6m"), ("1.2e12", "1.2tn"), ("12300", "12,300"),
           ("6.3", "6.3"), ("0", "0"), ("-2e9", "−2bn"), ("999.9e6", "1,000m"), ("0.125", "0.125"), ("420", "420")),
    _quantity("31e9", "GBP", "about", "about £31bn"),
    _quantity("6.3", "%", "exact", "6.3%"),
    _quantity("2.1", "pp", "at_least", "at least 2.1 points"),
    _quantity("7.6e6", "patient", "exact", "7.6m patients"),
    _quantity("1", "year", "exact", "1 year"),
    _quantity("3", "agency", "at_most", "at most 3 agencies"),
    _quantity("6500", "GBP/case", "exact", "£6,500 a case"),
    _quantity("30", "mile/hour", "exact", "30 miles an hour"),
    _quantity("0.34", "GBP/kilowatt-hour", "exact", "£0.34 a kilowatt-hour"),
    _quantity("2e4", "GBP/outpatient", "exact", "£20,000 an outpatient"),
    _quantity("3", "GBP/unit", "exact", "£3 a unit"),
    _quantity("12", "square foot", "exact", "12 square feet"),
    _quantity("300", "staff", "exact", "300 staff"),
    _quantity("1.5e6", "person", "exact", "1.5m people"),
    _quantity("12", "FTE", "exact", "12 FTEs"),
    _quantity("20", "pound", "exact", "20 pounds"),
    _quantity("9e9", "JPY", "exact", "¥9bn"),
    _quantity("5", "CHF", "exact", "CHF 5"),
    _quantity("12", "", "exact", "12"),
    _quantity("-3e6", "EUR", "exact", "−€3m"),
    *_said("period", ("'2019-01-01', '2019-12-31'", "2019"), ("'2010-01-01', '2014-12-31'", "2010–2014"),
           ("'2014-04-01', '2015-03-31'", "2014–15"), ("'1999-04-01', '2000-03-31'", "1999–00"),
           ("'2020-03-01', '2020-03-31'", "March 2020"), ("'2020-03-01', '2020-05-31'", "March 2020 to May 2020"),
           ("'2020-03-03', '2020-03-03'", "3 March 2020"),
           ("'2020-03-03', '2020-04-05'", "3 March 2020 to 5 April 2020"),
           ("'2010-04-01', '2015-03-31'", "April 2010 to March 2015"), ("'2020-03-03', null", "since 3 March 2020"),
           ("null, '9999-12-31'", "until 31 December 9999"), ("null, null", "")),
    *_said("percent", ("0", "0%"), ("0.004", "<1%"), ("0.5", "50%"), ("1", "100%")),
    *_said("published", ("18078, 2", "July 2019"), ("17897, 1", "2019"), ("18081, 3", "4 July 2019"),
           ("null, 0", "undated")),
    ("csvText(['a', 'b'], [['=1+1', -2], ['x,\"y\"', null], ['-2.5%', '-2+3']])",
     '\ufeffa,b\r\n\'=1+1,-2\r\n"x,""y""",\r\n-2.5%,\'-2+3\r\n'),
]  # fmt: skip


def _theme(label: str, attention: float = 0.2, *, problems: int = 0, benefits: int = 0, contexts: int = 0) -> str:
    framings = [problems, 0, contexts, benefits]
    theme = {"label": label, "paragraphs": sum(framings), "attention": attention, "framings": framings}
    return json.dumps(theme, ensure_ascii=False)


def _trend(years: dict[int, int], **shares: list[float]) -> str:
    themes = ", ".join(
        f"{{label: {label!r}, byYear: new Map({json.dumps(list(zip(years, values, strict=True)))})}}"
        for label, values in shares.items()
    )
    known = json.dumps([{"year": year, "articles": articles} for year, articles in years.items()])
    return f"trendFinding([{themes}], {known})"


def _groups(*groups: tuple[str, int, float]) -> str:
    listed = [{"name": name, "articles": articles, "attention": [share]} for name, articles, share in groups]
    return f"groupFinding([{_theme('Trust', 0.2)}], {json.dumps(listed)}, 'publisher')"


_SPOKEN = (_theme("Trust", 0.4, contexts=9), _theme("NHS tariffs", 0.1, contexts=2), _theme("Capacity", 0.0))
_PUT = (_theme("Trust", problems=4, contexts=1), _theme("Value", benefits=5, problems=1), _theme("Access", problems=4))
_FINDINGS: list[tuple[str, object]] = [
    (f"attentionFinding([{', '.join(_SPOKEN)}])",
     "Trust takes most room: 40% of an article’s paragraphs, then NHS tariffs, 10%"),  # an abbreviation stays
    (f"attentionFinding([{_SPOKEN[2]}])", "No theme has been found"),
    (_trend({2019: 9, 2024: 5}, Trust=[0.10, 0.12], Capacity=[0.3, 0.2]),
     "Capacity lost most: 30% in 2019, 20% in 2024."),
    (_trend({2019: 9, 2024: 5, 2025: 4}, Trust=[0.10, 0.12, 0.9], Capacity=[0.3, 0.2, 0]),
     "Capacity lost most: 30% in 2019, 20% in 2024."),
    (_trend({2019: 9}, Trust=[0.1]), None),
    (_trend({2019: 9, 2024: 5}, Trust=[0.10, 0.12]), None),  # two points are no news
    (_groups(("A", 5, 0.5), ("B", 4, 0.9)), "A stands out on trust: 50% of its paragraphs, 20% over all"),
    (_groups(("B", 4, 0.9)), "What each publisher gives room to"),
    (_groups(("A", 5, 0.22)), "All publishers give the themes much the same room"),
    (_groups(), "No publisher is known"),
    (f"framingFinding([{', '.join(_PUT)}])", "Trust is most often put as a problem (80%), value as a benefit (83%)"),
    (f"framingFinding([{_PUT[2]}])", "Too little is written to tell how themes are put"),
    (f"framingFinding([{_theme('Data', contexts=7)}])", "Themes are described without judgement"),
    ("figuresFinding(0, 3, 0)", "No figure has been stated"),
    ("figuresFinding(1, 3, 0)", "1 figure in 3 articles"),
    ("figuresFinding(2400, 3, 1)", "2,400 figures, which contradict each other on 1 subject"),
]  # fmt: skip


def _excerpts() -> list[tuple[str, object]]:
    """Random sentences: an excerpt keeps its mark and its bounds, whatever the text has."""
    rng = random.Random(7)
    cases: list[tuple[str, object]] = []
    for _ in range(150):
        sentence = "".join(rng.choice("ab  cé\n😀…") for _ in range(rng.randrange(900)))
        start, end = sorted(rng.randrange(len(sentence) + 1) for _ in range(2))
        call = f"excerpt({json.dumps(sentence)}, {start}, {end}, 200)"
        mark = f"plain({json.dumps(sentence[start:end])}, 100)"
        cases.append((f"(([b, m, a]) => b.length + m.length + a.length <= 202 && m === {mark})({call})", True))
    words = "word " * 100
    call = f"excerpt('{words}THE MARK {words}', {len(words)}, {len(words) + 8}, 100)"
    cases.append((f"(([b, m, a]) => b.startsWith('…word') && m === 'THE MARK' && a.endsWith('word…'))({call})", True))
    return cases
