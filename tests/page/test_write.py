"""The page as a file: the same twice, whole or not at all, a folder beside it where it is large, sound for any data."""

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import html

from extractors.article.model import Found
from flows.page.data import Sizes, SourceCount, moment, plain, prepared, read_page_rows, sources_finding
from flows.page.write import page, renew_report, write_report
from tests.conftest import COMMENTARY
from tests.page.warehouses import HOSTILE, NOW, article_about, compared_by_views, published
from tests.warehouse.test_workspace import mounted
from warehouse.articles import store_articles
from warehouse.coded import content_hash
from warehouse.database import open_snapshot, open_warehouse
from warehouse.errors import DiskFullError, WarehouseError
from warehouse.publish import publish
from warehouse.workspace import Workspace


def page_of(workspace: Workspace, sizes: Sizes | None = None) -> str:
    with open_snapshot(workspace) as connection:
        data = prepared(connection, NOW, sizes)
        return page(read_page_rows(connection, NOW), [data.index(None), *data.blocks()], NOW)


def block(text: str, name: str) -> Any:
    return json.loads(html.fromstring(text).get_element_by_id(f"block-{name}").text_content())


def numbers(column: str) -> list[int]:
    """The numbers of a column of 32 bits each."""
    packed = base64.b64decode(column.removeprefix("i32:"))
    return [int.from_bytes(packed[place : place + 4], "little") for place in range(0, len(packed), 4)]


def words_of(text: str, ident: str) -> str:
    """The text of the element with that id, white space collapsed."""
    return " ".join(html.fromstring(text).get_element_by_id(ident).text_content().split())


def test_the_same_snapshot_and_time_give_the_same_page(tmp_path: Path, ordinary: Workspace) -> None:
    first, second = (write_report(ordinary, NOW, tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second


def test_it_has_every_article_with_all_that_was_found(ordinary: Workspace) -> None:
    text = page_of(ordinary, Sizes(shard=16, batch=20))
    assert "42 articles by 6 publishers, published from 2019 to 2024" in " ".join(text.split())
    index, shards = block(text, "index"), [block(text, f"articles-{place}") for place in range(3)]
    stored = [article for shard in shards for article in shard]
    assert [len(shard) for shard in shards] == [16, 16, 10]
    whole = [stored[home] for home in numbers(index["articles"]["home"])]
    assert [article["id"] for article in whole] == index["ids"]
    with open_snapshot(ordinary) as connection:
        rows = connection.execute("SELECT article_id, paragraph_no, text FROM paragraphs ORDER BY ALL").fetchall()
        figures = connection.execute("SELECT count(*) FROM figures").fetchone()
        mentions = connection.execute("SELECT count(*) FROM theme_mentions").fetchone()
    assert sorted((a["id"], no, text) for a in whole for no, _, text in a["paragraphs"]) == rows
    assert (sum(len(a["figures"]) for a in whole),) == figures
    assert (sum(len(a["mentions"]) for a in whole),) == mentions
    assert [len(a["mentions"]) for a in whole] == numbers(index["mentions"]["count"])
    assert whole[-1]["title"] == "Article number 41", "undated articles come last"
    assert len(block(text, "compared")["conflicts"]) == 2


def test_it_compares_what_the_views_compare(ordinary: Workspace) -> None:
    series, conflicts = compared_by_views(ordinary)
    assert series > 10 and conflicts == 2


def test_near_duplicates_are_left_out_but_their_addresses_are_told(tmp_path: Path) -> None:
    workspace = published(tmp_path, [article_about(1, None), article_about(2, None)])
    with duckdb.connect(str(workspace.published)) as connection:
        (first, copied), (_, url) = connection.execute("SELECT article_id, url FROM articles ORDER BY url").fetchall()
        connection.execute("UPDATE articles SET duplicate_of = $1 WHERE url = $2", [first, url])
    whole = block(page_of(workspace), "articles-0")
    assert [(article["url"], article["copies"]) for article in whole] == [(copied, [url])]
    assert "1 near-duplicate article is left out" in words_of(page_of(workspace), "about")


def test_what_is_new_depends_on_the_clock_alone(ordinary: Workspace) -> None:
    with open_snapshot(ordinary) as connection:
        assert read_page_rows(connection, NOW).totals.new_articles == 42
        assert read_page_rows(connection, NOW + timedelta(days=8)).totals.new_articles == 0


def test_a_single_article_has_a_page(tmp_path: Path) -> None:
    text = " ".join(page_of(published(tmp_path, [article_about(1, date(2021, 3, 4))])).split())
    assert "1 article by 1 publisher, published in 2021, coded" in text


def test_an_empty_warehouse_has_a_page(empty: Workspace) -> None:
    path = write_report(empty, NOW)
    assert path == empty.home / "report.html"
    assert "Nothing has been read yet" in path.read_text(encoding="utf-8")


def test_a_large_warehouse_has_its_articles_in_a_folder_of_the_page(tmp_path: Path, ordinary: Workspace) -> None:
    path = tmp_path / "page.html"
    write_report(ordinary, NOW, path, most_in_one_file=41)
    write_report(ordinary, NOW + timedelta(hours=1), path, most_in_one_file=41)
    (state,) = (tmp_path / "page-files").iterdir()
    names = ["articles-0.js", "articles-1.js", "compared.js", "contents.json", "who.js"]
    assert sorted(file.name for file in state.iterdir()) == names
    shard = (state / "articles-1.js").read_text(encoding="utf-8")
    inside = shard.removeprefix('commentaryBlock("articles-1",').removesuffix(");\n")
    assert len(json.loads(inside)) == 10
    text = path.read_text(encoding="utf-8")
    assert block(text, "index")["files"] == f"page-files/{state.name}/"
    assert len(html.fromstring(text).xpath("//script[starts-with(@id, 'block-')]")) == 1
    write_report(ordinary, NOW, path, most_in_one_file=42)
    assert not (tmp_path / "page-files").exists(), "one file needs no folder"


def test_articles_that_are_as_before_are_the_same_files(tmp_path: Path) -> None:
    first = [article_about(number, None) for number in range(70)]
    workspace = published(tmp_path, first)
    path = tmp_path / "page.html"
    before = files_of(write_report(workspace, NOW, path, most_in_one_file=0))
    late = [replace(article_about(number, None), fetched_at=NOW + timedelta(days=1)) for number in (70, 71)]
    article = replace(first[40].article, title=Found("Another", "header"))
    edited = replace(first[40], raw_hash="another", article=article, content_hash=content_hash(article))
    with open_warehouse(workspace) as connection:
        store_articles(connection, [*late, edited])
    publish(workspace, NOW + timedelta(days=1))
    write_report(workspace, NOW + timedelta(days=1), path, most_in_one_file=0)
    after = files_of(path)
    anew = files_of(write_report(workspace, NOW + timedelta(days=1), tmp_path / "anew.html", most_in_one_file=0))
    blocks = [name for name in after if name.startswith("articles-")]
    assert {name: after[name][1] for name in blocks} == {name: anew[name][1] for name in blocks}
    same = [name for name in blocks if after[name] == before.get(name)]
    changed = sum("Another" in text for _, text in after.values())
    assert (len(blocks), len(same), changed) == (3, 1, 1), "all but the last block and that of the edited article"


def files_of(path: Path) -> dict[str, tuple[int, str]]:
    """The files beside a page by name: which file of the disk each is, and its text."""
    (state,) = path.with_name(f"{path.stem}-files").iterdir()
    return {file.name: (file.stat().st_ino, file.read_text("utf-8")) for file in state.iterdir()}


def test_nothing_published_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="commentary ingest"):
        write_report(Workspace(tmp_path), NOW)


def test_a_snapshot_of_an_older_release_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with duckdb.connect(str(workspace.published)) as connection:
        connection.execute("CREATE TABLE articles (article_id VARCHAR)")
    with pytest.raises(WarehouseError, match=r"older release.*commentary ingest"):
        write_report(workspace, NOW)


@pytest.mark.parametrize("most", [100, 10])
def test_a_page_that_cannot_be_written_leaves_what_was_there(tmp_path: Path, ordinary: Workspace, most: int) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    kept = tmp_path / "taken-files" / "state"
    kept.mkdir(parents=True)
    with pytest.raises(WarehouseError):
        write_report(ordinary, NOW, folder, most_in_one_file=most)
    assert list(folder.iterdir()) == []
    assert list(kept.parent.iterdir()) == [kept]
    assert [path.name for path in tmp_path.glob(".*.tmp")] == []


def test_a_page_that_fails_half_way_leaves_no_folder(tmp_path: Path, ordinary: Workspace) -> None:
    with mounted(tmp_path / "small", "size=40k") as folder:
        with pytest.raises(DiskFullError):
            write_report(ordinary, NOW, folder / "page.html", most_in_one_file=10)
        assert list(folder.iterdir()) == []


def test_a_page_that_cannot_be_renewed_takes_the_old_one_with_it(tmp_path: Path, ordinary: Workspace) -> None:
    workspace = Workspace(tmp_path)
    shutil.copyfile(ordinary.published, workspace.published)
    assert renew_report(workspace, NOW, most_in_one_file=10) is None
    assert {path.name for path in tmp_path.iterdir()} == {"commentary.duckdb", "report.html", "report-files"}
    workspace.published.unlink()
    problem = renew_report(workspace, NOW, most_in_one_file=10)
    assert problem is not None and "nothing is published yet" in problem
    assert list(tmp_path.iterdir()) == [], "what is no longer published is shown nowhere"


@pytest.mark.parametrize("has_files", [False, True])
def test_hostile_text_is_never_markup(tmp_path: Path, hostile: Workspace, *, has_files: bool) -> None:
    path = write_report(hostile, NOW, tmp_path / "page.html", most_in_one_file=0 if has_files else 100)
    text = path.read_text(encoding="utf-8")
    tree = html.fromstring(text)
    ours = [script for script in tree.xpath("//script") if script.get("type") != "application/json"]
    assert len(ours) == 1
    assert not tree.xpath("//img | //iframe | //body//style | //*[@onerror or @onload or @onfocus or @onmouseover]")
    assert all(link.startswith("#") for link in tree.xpath("//a/@href"))
    assert "window.pwned" not in ours[0].text_content()
    assert "\x00" not in text
    for file in path.parent.glob("page-files/*/*.js"):
        shown = file.read_text(encoding="utf-8")
        assert shown.count("\n") == 1
        assert not {"<", "&", "\u2028", "\x00"} & set(shown)
    if not has_files:
        titles = {article["title"] for article in block(text, "articles-0")}
        assert {f"Title {payload}" for payload in HOSTILE[:3]} <= titles


@pytest.mark.parametrize("has_files", [False, True])
def test_the_policy_names_the_style_and_script_of_the_page_only(
    tmp_path: Path, empty: Workspace, *, has_files: bool
) -> None:
    path = write_report(empty, NOW, tmp_path / "page.html", most_in_one_file=-1 if has_files else 0)
    tree = html.fromstring(path.read_text(encoding="utf-8"))
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert ("'strict-dynamic'" in policy) == has_files
    assert not tree.xpath("//@style | //link | //*[@src]")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({}, "No source is watched: the articles come from the seeds"),
        ({"new": 45}, "45 sources to watch, not checked yet"),
        ({"ok": 1}, "1 of 1 watched source is well"),
        ({"ok": 44, "new": 1}, "44 of 45 watched sources are well, 1 not checked yet"),
        ({"ok": 40, "unreachable": 1, "new": 4}, "1 of 45 watched sources needs a look"),
        ({"forbidden": 1, "nothing_found": 2}, "3 of 3 watched sources need a look"),
    ],
)
def test_sources_are_well_only_once_they_were_checked(states: dict[str, int], said: str) -> None:
    assert sources_finding([SourceCount(*state) for state in states.items()]) == said


def test_fixed_text_is_printable_and_short() -> None:
    assert plain("a\x00b\x1b[31m  c\n\td\ud800") == "a\ufffdb\ufffd[31m c d\ufffd"
    assert plain("x" * 50, 10) == "x" * 9 + "…"
    assert (plain(None), moment(NOW)) == ("", "2 March 2026, 06:30 UTC")


def test_the_command_writes_it_and_says_where(tmp_path: Path, offline: dict[str, str]) -> None:
    published(tmp_path / "data")
    run = [str(COMMENTARY), "report", "--output", str(tmp_path / "sub" / "page.html")]
    done = subprocess.run(run, env=offline, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=600)
    assert done.stdout == f"Open: {tmp_path / 'sub' / 'page.html'}\n"
    assert (tmp_path / "sub" / "page.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
