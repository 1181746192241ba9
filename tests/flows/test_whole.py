"""What is no work of the extractors is theirs neither to change nor to lose: coding anew, upgrading, rebuilding."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import ROOT
from tests.flows.watch import DAY_ONE, Life, serve_gold
from tests.web.site import Entry, Site

DAY = timedelta(days=1)
SOURCE = """id = "tank"
name = "The Open Tank"
address = "{}"
kind = "feed"
sector = "think tank"
"""
# Columns that say by what and when an article was coded, or hash what was found.
CODING = "extractor_version, codebook_version, findings_hash"


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="module")
def week(web: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A week of a warehouse, made once: the seeds with their manifest, and a source whose pages were edited, went and
    were left out."""
    folder = tmp_path_factory.mktemp("week")
    with pytest.MonkeyPatch.context() as environment:
        host = web.host("127.0.0.31")
        environment.setenv("COMMENTARY_ALLOW_HOSTS", str(list(web.allow)).replace("'", '"'))
        life = Life(folder, environment)
        shutil.copytree(ROOT / "seeds" / "articles", life.seeds / "articles")
        shutil.copy(ROOT / "seeds" / "manifest.toml", life.seeds)
        for name in ("01", "02", "03"):
            serve_gold(host, f"/insights/{name}-on-partnership", name)
        serve_gold(host, "/insights/04-on-prices", "01", "negatives")
        host.rss("/feed/", [Entry(f"/insights/0{n}-on-{'prices' if n == 4 else 'partnership'}") for n in range(1, 5)])
        life.watch(SOURCE.format(host.url("/feed/")))
        life.day(DAY_ONE)
        serve_gold(host, "/insights/02-on-partnership", "05")
        host.remove("/insights/03-on-partnership", 410)
        life.day(DAY_ONE + 3 * DAY)
    return folder


@pytest.fixture
def life(web: Site, week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """That week's warehouse, for one test."""
    monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", str(list(web.allow)).replace("'", '"'))
    web.forget()
    made = Life(tmp_path / "life", monkeypatch)
    shutil.copytree(week, tmp_path / "life", dirs_exist_ok=True)
    monkeypatch.setenv("COMMENTARY_SOURCES", str(made.sources))
    monkeypatch.setenv("COMMENTARY_SEEDS", str(made.seeds))
    return made


# The record of runs, and what follows from the rest: bands of what a text was before are left, sums are of a week.
FOLLOWS = ("runs", "lineage", "publications", "article_bands", "article_bands_added", "article_sums")


def everything(life: Life, *left_out: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the published tables but the record of runs and what follows from the rest."""
    with life.snapshot() as connection:
        names = [
            str(name)
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
            if not name.startswith(("search_", "snapshot", "schema_")) and name not in (*FOLLOWS, *left_out)
        ]
        excluded = {"articles": f"EXCLUDE ({CODING})"}
        return {
            name: connection.execute(f"SELECT * {excluded.get(name, '')} FROM {name} ORDER BY ALL").fetchall()
            for name in names
        }


def change(life: Life, statement: str) -> None:
    with duckdb.connect(str(life.home / "work" / "warehouse.duckdb")) as connection:
        connection.execute(statement)


def recode(life: Life) -> Any:
    from flows.reextract import reextract_commentary

    return life.run(reextract_commentary, DAY_ONE + 4 * DAY)


def test_coding_anew_changes_nothing_but_what_is_found(life: Life) -> None:
    before = everything(life)
    publishers = dict(life.rows("SELECT source_id, list(DISTINCT publisher) FROM articles GROUP BY ALL"))
    assert publishers["tank"] == ["The Open Tank"]
    assert life.rows("SELECT count(*) FROM candidates WHERE status = 'gone'") == [(1,)]
    change(life, "UPDATE articles SET extractor_version = '0', findings_hash = 'of an earlier release'")
    report = recode(life)
    assert report.counts.recoded == len(before["articles"]) == 8
    assert everything(life) == before
    assert recode(life).changed_nothing


def test_publishers_that_were_wiped_come_back_though_the_extractors_stayed(life: Life) -> None:
    before = everything(life)
    wiped = "publisher = NULL, publisher_method = NULL, content_hash = '1' || md5(article_id)"
    change(
        life,
        f"UPDATE articles SET {wiped} WHERE source_id = 'tank'; UPDATE article_versions AS v "
        "SET content_hash = a.content_hash FROM articles AS a WHERE v.article_id = a.article_id "
        "AND v.version = a.version;",
    )
    assert recode(life).counts.recoded == 3
    assert everything(life) == before
    assert recode(life).changed_nothing


def test_a_renamed_source_renames_the_publisher(life: Life) -> None:
    life.sources.write_text(life.sources.read_text().replace("The Open Tank", "Opened Tank"))
    life.day(DAY_ONE + 3 * DAY, watch_sources=False)
    versions = life.rows("SELECT * EXCLUDE (content_hash) FROM article_versions ORDER BY ALL")
    assert recode(life).counts.recoded == 3
    assert life.rows("SELECT DISTINCT publisher FROM articles WHERE source_id = 'tank'") == [("Opened Tank",)]
    assert life.rows("SELECT * EXCLUDE (content_hash) FROM article_versions ORDER BY ALL") == versions


def pages_asked(web: Site) -> list[str]:
    return [path for path in web.paths() if path.startswith("/insights/")]


def articles(life: Life) -> dict[str, list[tuple[Any, ...]]]:
    """What articles are made of, and what became of every candidate."""
    known = everything(life)
    fates = "SELECT url, status, article_id FROM candidates ORDER BY ALL"
    names = (
        "articles", "article_versions", "article_addresses", "paragraphs", "figures", "theme_mentions",
        "version_changes", "pages",
    )  # fmt: skip
    return {**{name: known[name] for name in names}, "fates": life.rows(fates)}


def test_a_run_whose_database_is_lost_begins_from_the_snapshot(web: Site, life: Life) -> None:
    before = articles(life)
    (life.home / "work" / "warehouse.duckdb").unlink()
    report = life.day(DAY_ONE + 3 * DAY + timedelta(minutes=5))
    assert any("the database was missing; it was made anew from the published snapshot" in n for n in report.notes)
    assert articles(life) == before
    assert pages_asked(web) == []


def test_with_all_but_the_raw_store_lost_everything_comes_back_and_nothing_is_asked_again(
    web: Site, life: Life
) -> None:
    before = articles(life)
    (life.home / "work" / "warehouse.duckdb").unlink()
    (life.home / "commentary.duckdb").unlink()
    report = life.day(DAY_ONE + 3 * DAY + timedelta(minutes=5))
    assert any("was made anew from the stored bytes" in note for note in report.notes)
    assert articles(life) == before
    assert pages_asked(web) == []


def test_damage_that_a_run_meets_is_mended_by_the_next(life: Life) -> None:
    from warehouse.errors import DamagedError

    before = articles(life)
    database = life.home / "work" / "warehouse.duckdb"
    content = database.read_bytes()
    with duckdb.connect(str(database), read_only=True) as connection:
        block = connection.execute(
            "SELECT block_id FROM pragma_storage_info('paragraphs') WHERE column_name = 'text' AND block_id >= 0"
        ).fetchone()
        size = connection.execute("SELECT block_size FROM pragma_database_size()").fetchone()
    assert block and size
    place = 3 * 4096 + int(block[0]) * int(size[0]) + 100
    database.write_bytes(
        content[:place] + bytes(byte ^ 0x5A for byte in content[place : place + 500]) + content[place + 500 :]
    )
    with pytest.raises(DamagedError, match="the next run makes it anew"):
        life.day(DAY_ONE + 3 * DAY + timedelta(minutes=5))
    assert not database.exists()
    life.day(DAY_ONE + 3 * DAY + timedelta(minutes=6))
    assert articles(life) == before


def test_a_raw_store_that_is_lost_costs_no_article(life: Life) -> None:
    before = articles(life)
    shutil.rmtree(life.home / "work")
    change_after = life.day(DAY_ONE + 3 * DAY + timedelta(minutes=5), watch_sources=False)
    assert change_after.counts.failed == 0
    assert articles(life) == before
    change(life, "UPDATE articles SET extractor_version = '0', findings_hash = '0' WHERE source_id = 'tank'")
    report = recode(life)
    assert [fault.error_type for fault in report.put_aside] == ["bytes_lost"] * 3
    assert articles(life) == before


def test_what_is_derived_is_made_anew_when_its_check_fails(life: Life) -> None:
    before = articles(life)
    change(
        life,
        "INSERT INTO emerging_terms SELECT 'trolleys', 5, 0, 2.5, article_id, 1, 0, 7 FROM articles LIMIT 1; "
        "DELETE FROM search_passages WHERE passage_id = (SELECT min(passage_id) FROM search_passages);",
    )
    report = life.day(DAY_ONE + 3 * DAY + timedelta(minutes=5))
    assert report.checks == ()
    told = [note for note in report.notes if note.startswith("made anew, since a check did not hold: ")]
    assert len(told) == 2
    assert articles(life) == before
    assert life.rows("SELECT count(*) FROM emerging_terms WHERE term = 'trolleys'") == [(0,)]
    texts = "(SELECT count(*) FROM paragraphs) + (SELECT count(*) FROM articles)"  # an article's title is one too
    assert life.rows("SELECT count(*) FROM search_passages") == life.rows(f"SELECT {texts}")


def test_a_broken_article_is_held_back_and_mended_by_the_next_coding(life: Life) -> None:
    before = articles(life)
    figures = life.rows("SELECT count(*) FROM figures")
    change(
        life,
        "UPDATE figures SET surface = 'of another article' WHERE article_id = (SELECT min(article_id) FROM figures)",
    )
    report = life.day(DAY_ONE + 3 * DAY + timedelta(minutes=5))
    assert report.checks == ()
    assert [(fault.stage, fault.error_type) for fault in report.put_aside] == [("check", "figure_evidence")]
    assert articles(life) == before, "readers have the rows that were published last"
    assert recode(life).counts.recoded == 1
    assert articles(life) == before
    assert life.rows("SELECT count(*) FROM figures") == figures
    assert life.rows("SELECT count(*) FROM failures WHERE stage = 'check'") == [(0,)]


def test_a_page_that_cannot_be_made_keeps_nothing_back(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTARY_PAGE", "true")
    page = life.home / "report.html"
    page.mkdir()
    change(life, "UPDATE sources SET detail = 'something that is published'")
    report = life.day(DAY_ONE + 3 * DAY + timedelta(minutes=5))
    assert any("the page could not be made" in note for note in report.notes)


# What feeds said of authors was not kept then, so of that nothing can come back.
LISTED_IN_SCHEMA_4 = "SELECT * EXCLUDE (authors) FROM candidates ORDER BY ALL"
# What a warehouse of schema 4 had not.
SINCE_SCHEMA_4 = (
    "ALTER TABLE figures DROP COLUMN subject; ALTER TABLE figures DROP COLUMN actor_id; "
    "ALTER TABLE articles DROP COLUMN syndicated_from; ALTER TABLE articles DROP COLUMN updated_on; "
    "ALTER TABLE candidates DROP COLUMN authors; "
    "ALTER TABLE sources DROP COLUMN quiet_days; ALTER TABLE sources DROP COLUMN trouble; "
    "DROP TABLE organisations; DROP TABLE people; DROP TABLE bylines; DROP TABLE actor_mentions; "
    "DROP TABLE quotations; DROP TABLE citations; DROP TABLE lineage; DROP TABLE publications; "
    "DROP TABLE backfills; DROP TABLE archive_pages; DROP TABLE pruned; "
    "ALTER TABLE runs DROP COLUMN alive_at; ALTER TABLE runs DROP COLUMN worker; "
    "DROP TABLE article_bands; DROP TABLE article_bands_added; DROP TABLE article_keys; "
    "DROP TABLE emerging_terms_made; DROP TABLE article_sums; DROP TABLE view_comments; DROP TABLE loads; "
    "DELETE FROM schema_migrations WHERE version > 4; DELETE FROM schema_views; "
    "UPDATE articles SET extractor_version = '0', findings_hash = '0'"
)


def test_an_upgrade_of_an_old_warehouse_changes_nothing_but_what_is_found(web: Site, life: Life) -> None:
    apart = ("candidates", "emerging_terms_made")  # the latter says when
    before, listed = everything(life, *apart), life.rows(LISTED_IN_SCHEMA_4)
    change(life, SINCE_SCHEMA_4)
    published = life.home / "commentary.duckdb"
    published.unlink()
    shutil.copyfile(life.home / "work" / "warehouse.duckdb", published)
    assert recode(life).counts.recoded == len(before["articles"])
    assert everything(life, *apart) == before
    assert life.rows(LISTED_IN_SCHEMA_4) == listed
    assert pages_asked(web) == []
