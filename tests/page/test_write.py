"""The page as a file: the same twice, whole or not at all, bounded, and sound for any warehouse."""

import json
import re
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from lxml import etree, html

from flows.page.charts import FramingBar, ValueBar, YearBar, draw, framing_chart, values_chart, years_chart
from flows.page.rows import Bounds, PageRows, read_page_rows
from flows.page.write import page, write_report
from tests.conftest import COMMENTARY
from tests.page.warehouses import HOSTILE, NOW, article_about, published
from warehouse.database import open_snapshot
from warehouse.errors import WarehouseError
from warehouse.workspace import Workspace


def rows_of(workspace: Workspace, bounds: Bounds | None = None) -> PageRows:
    with open_snapshot(workspace) as connection:
        return read_page_rows(connection, NOW, bounds)


def words_of(text: str, ident: str) -> str:
    """The text of the element with that id, white space collapsed."""
    return " ".join(html.fromstring(text).get_element_by_id(ident).text_content().split())


def test_the_same_snapshot_and_time_give_the_same_page(tmp_path: Path, ordinary: Workspace) -> None:
    first, second = (write_report(ordinary, NOW, tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second


def test_it_says_what_the_warehouse_holds(ordinary: Workspace) -> None:
    text = page(rows_of(ordinary), NOW)
    assert "42 articles by 6 publishers, published from 2019 to 2024" in " ".join(text.split())
    assert "Capacity and waiting lists takes most room: 33% of an article’s paragraphs, then NHS tariffs" in words_of(
        text, "time"
    )
    assert "1 article without a date left out." in words_of(text, "time")
    assert "126 figures, which contradict each other on 2 subjects" in words_of(text, "figures")
    assert "1 subject at different times" in words_of(text, "figures")
    assert "according to “NHS England”" in words_of(text, "figures")
    assert "No source is watched" in words_of(text, "sources")
    assert "42 articles came in this week" in words_of(text, "new")


def test_charts_have_the_same_numbers_in_a_table(ordinary: Workspace) -> None:
    tree = html.fromstring(page(rows_of(ordinary), NOW))
    for section in ("time", "framing"):
        part = tree.get_element_by_id(section)
        drawings = part.xpath(".//*[local-name()='svg']")
        assert drawings
        assert all(drawing.get("role") == "img" and drawing.get("aria-labelledby") for drawing in drawings)
        assert len(part.xpath(".//details//tbody/tr")) >= 3
    cells = tree.xpath("//section[@id='time']//details//tr[th='Trust and culture']/td/text()")
    assert cells == ["33%"] * 6


def test_what_is_new_depends_on_the_clock_alone(ordinary: Workspace) -> None:
    with open_snapshot(ordinary) as connection:
        later = NOW + timedelta(days=8)
        assert "Nothing came in this week" in words_of(page(read_page_rows(connection, later), later), "new")


def test_an_empty_warehouse_has_a_page(empty: Workspace) -> None:
    path = write_report(empty, NOW)
    assert path == empty.home / "report.html"
    text = path.read_text(encoding="utf-8")
    assert "Nothing has been read yet" in text
    assert "No theme has been found yet" in text


def test_a_single_undated_article_has_a_page(tmp_path: Path) -> None:
    text = page(rows_of(published(tmp_path, [article_about(1, None)])), NOW)
    assert "1 article by 1 publisher, coded" in " ".join(text.split())
    assert "No article has a date yet." in words_of(text, "time")


def test_nothing_published_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="commentary ingest"):
        write_report(Workspace(tmp_path), NOW)


def test_a_snapshot_of_an_older_release_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with duckdb.connect(str(workspace.published)) as connection:
        connection.execute("CREATE TABLE articles (article_id VARCHAR)")
    with pytest.raises(WarehouseError, match=r"older release.*commentary ingest"):
        write_report(workspace, NOW)


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, ordinary: Workspace) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    with pytest.raises(WarehouseError):
        write_report(ordinary, NOW, folder)
    assert list(folder.iterdir()) == []
    assert [path.name for path in tmp_path.glob(".*.tmp")] == []


def test_rows_are_bounded_and_what_is_left_out_is_said(ordinary: Workspace) -> None:
    few = Bounds(
        publishers=2, figures=3, series=1, points=2, conflicts=1, passages=1, new_articles=2, edits=1, terms=1,
        sources=1, search_articles=5, search_figures=4, search_passages=6, search_each=1,
    )  # fmt: skip
    rows = rows_of(ordinary, few)
    text = page(rows, NOW)
    index = json.loads(html.fromstring(text).get_element_by_id("index").text_content())
    assert [len(index[part]) for part in ("articles", "figures", "passages")] == [5, 4, 5]
    assert {entry[0] for entry in index["figures"]} <= set(range(5))
    assert (len(rows.figures), len(rows.new_articles), len(rows.series)) == (3, 2, 2)
    assert "4 publishers with fewer articles left out." in words_of(text, "publishers")
    assert "40 earlier articles left out." in words_of(text, "new")
    assert "This page knows the 5 newest articles" in words_of(text, "search")
    assert re.search(r"1 more subject left out", words_of(text, "figures"))


def test_hostile_text_is_never_markup(hostile: Workspace) -> None:
    text = page(rows_of(hostile), NOW)
    tree = html.fromstring(text)
    assert len(tree.xpath("//script")) == 2
    assert not tree.xpath("//img | //iframe | //body//style | //*[@onerror or @onload or @onfocus or @onmouseover]")
    assert all(link.startswith(("#", "https://", "HTTPS://")) for link in tree.xpath("//a/@href"))
    assert "window.pwned" not in "".join(tree.xpath("//script[not(@type)]/text()"))
    assert "\x00" not in text
    index = json.loads(tree.get_element_by_id("index").text_content())
    titles = {title for title, *_ in index["articles"]}
    assert {f"Title {payload}" for payload in HOSTILE[:4]} <= titles | {
        title.removesuffix(" edited") for title in titles
    }


def test_the_policy_names_the_style_and_script_of_the_page_only(empty: Workspace) -> None:
    tree = html.fromstring(page(rows_of(empty), NOW))
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not tree.xpath("//@style | //link | //*[@src]")


@pytest.mark.parametrize(
    "spec",
    [
        years_chart([], 2020, 2020),
        years_chart([YearBar(2019, 0.0, 9), YearBar(2024, 0.4, 2)], 2019, 2024),
        framing_chart([FramingBar(HOSTILE[0], (0, 0, 0, 0)), FramingBar("b", (3, 1, 0, 2))], narrow=False),
        framing_chart([FramingBar(HOSTILE[1], (1, 0, 0, 0))], narrow=True),
        values_chart([ValueBar(HOSTILE[2], -3.0, "−3"), ValueBar("2020", 0.0, "0")]),
    ],
)
def test_drawings_are_shapes_and_text_in_the_colours_of_the_page(spec: dict[str, object]) -> None:
    drawn = etree.fromstring(draw(spec, "one", HOSTILE[0], HOSTILE[1]))
    names = {etree.QName(element).localname for element in drawn.iter()}
    assert names <= {"svg", "g", "path", "line", "rect", "text", "title", "desc"}
    inks = set(drawn.xpath("//@fill | //@stroke"))
    assert inks
    assert all(ink in {"none", "transparent"} or ink.startswith("var(--") for ink in inks)
    assert drawn.get("viewBox")
    assert not drawn.xpath("//@style | //@*[starts-with(name(), 'on')] | //@href")


def test_the_command_writes_it_and_says_where(tmp_path: Path, offline: dict[str, str]) -> None:
    import subprocess

    published(tmp_path / "data")
    run = [str(COMMENTARY), "report", "--output", str(tmp_path / "sub" / "page.html")]
    done = subprocess.run(run, env=offline, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=600)
    assert done.stdout == f"Open: {tmp_path / 'sub' / 'page.html'}\n"
    assert (tmp_path / "sub" / "page.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
