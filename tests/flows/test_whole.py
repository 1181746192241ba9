"""What is no work of the extractors is theirs neither to change nor to lose: coding anew, upgrading, rebuilding."""

import shutil
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
def week(tmp_path_factory: pytest.TempPathFactory, prefect_server: dict[str, str]) -> Path:
    """A week of a warehouse, made once: the seeds with their manifest, and a source whose pages were edited, went and
    were left out."""
    folder = tmp_path_factory.mktemp("week")
    with Site() as web, pytest.MonkeyPatch.context() as environment:
        host = web.host("127.0.0.31")
        environment.setenv("COMMENTARY_ALLOW_HOSTS", str(list(web.allow)).replace("'", '"'))
        life = Life(folder, environment, prefect_server["PREFECT_API_URL"])
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
def life(week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_server: dict[str, str]) -> Life:
    """That week's warehouse, for one test."""
    made = Life(tmp_path / "life", monkeypatch, prefect_server["PREFECT_API_URL"])
    shutil.copytree(week, tmp_path / "life", dirs_exist_ok=True)
    monkeypatch.setenv("COMMENTARY_SOURCES", str(made.sources))
    monkeypatch.setenv("COMMENTARY_SEEDS", str(made.seeds))
    return made


def everything(life: Life, *left_out: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the published tables but the record of runs and what follows from the rest."""
    with life.snapshot() as connection:
        names = [
            str(name)
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
            if not name.startswith(("search_", "snapshot", "schema_")) and name not in ("runs", *left_out)
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


def test_a_rebuild_from_the_raw_store_alone_brings_back_the_articles(life: Life) -> None:
    from flows.rebuild import rebuild_commentary

    articles = (
        "articles", "article_versions", "article_addresses", "paragraphs", "figures", "theme_mentions",
        "version_changes",
    )  # fmt: skip
    before = everything(life)
    (life.home / "work" / "warehouse.duckdb").unlink()
    (life.home / "commentary.duckdb").unlink()
    life.run(rebuild_commentary, DAY_ONE + 4 * DAY)
    after = everything(life)
    assert {name: after[name] for name in articles} == {name: before[name] for name in articles}
