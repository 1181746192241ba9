"""End to end on varied text: every article that we have, ingested, published, coded anew and shown."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from flows.reporting import RunReport
from tests.conftest import ROOT
from tests.flows.test_whole import everything
from tests.flows.watch import Life
from tests.page.warehouses import compared_by_views
from warehouse.workspace import Workspace

CORPUS = ROOT / "tests" / "themes" / "corpus"
DAY = datetime(2026, 3, 2, 6, 10, tzinfo=UTC)


class Article(NamedTuple):
    """An article of the corpus, as an operator would have it in a folder of seeds."""

    title: str
    voice: str
    year: str | None
    paragraphs: list[str]


def corpus() -> Iterator[Article]:
    """The articles of the corpus without their codes (tests/themes/coded.py tells how it is written)."""
    for file in sorted(CORPUS.glob("*.txt")):
        for text in re.split(r"^= ", file.read_text("utf-8"), flags=re.M)[1:]:
            title, _, rest = text.partition("\n")
            lines = [line for line in rest.splitlines() if line.strip() and not line.startswith("@ ")]
            voice = next(line.removeprefix("~ ") for line in lines if line.startswith("~ "))
            year = re.search(r"\b(?:19|20)\d\d\b", voice)
            paragraphs = [line for line in lines if not line.startswith("~ ")]
            yield Article(title.strip(), voice, year[0] if year else None, paragraphs)


def write_seeds(folder: Path) -> int:
    """Every article as a file of its own, with a manifest; how many there are."""
    articles = folder / "articles"
    shutil.copytree(ROOT / "seeds" / "articles", articles)
    shutil.copy(ROOT / "seeds" / "manifest.toml", folder)
    for kind in ("articles", "negatives"):
        for file in (ROOT / "tests" / "gold" / "dev" / kind).glob("*.txt"):
            shutil.copy(file, articles / f"dev-{kind}-{file.name}")
    entries = []
    for number, article in enumerate(corpus()):
        name = f"corpus-{number:03}.txt"
        (articles / name).write_text(f"Title: {article.title}\n\n" + "\n\n".join(article.paragraphs) + "\n", "utf-8")
        dated = f'published = "{article.year}"\n' if article.year else ""
        entries.append(
            f'[[article]]\nfile = "{name}"\ntitle = {json.dumps(article.title)}\n'
            f"publisher = {json.dumps(article.voice)}\n{dated}"
        )
    with (folder / "manifest.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n" + "\n".join(entries))
    return sum(1 for _ in articles.iterdir())


class Whole(NamedTuple):
    """The warehouse of all that, and how it came about."""

    life: Life
    files: int
    ingested: RunReport
    published: dict[str, list[tuple[Any, ...]]]
    recoded: RunReport


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """One ingest of every article with its page, and one coding of them anew, as after a change of the extractors."""
    from flows.reextract import reextract_commentary

    with pytest.MonkeyPatch.context() as environment:
        life = Life(tmp_path_factory.mktemp("whole"), environment)
        environment.setenv("COMMENTARY_PAGE", "true")
        files = write_seeds(life.seeds)
        life.sources.write_text("source = []\n", encoding="utf-8")
        ingested = life.day(DAY, watch_sources=False)
        published = everything(life)
        with duckdb.connect(str(life.home / "work" / "warehouse.duckdb")) as connection:
            connection.execute("UPDATE articles SET extractor_version = '0', findings_hash = '0'")
        yield Whole(life, files, ingested, published, life.run(reextract_commentary, DAY))


def test_every_article_comes_in_and_is_published(whole: Whole) -> None:
    assert whole.files > 650
    assert whole.ingested.counts.ingested == whole.files == len(whole.published["articles"])
    assert (whole.ingested.put_aside, whole.ingested.checks) == ((), ())
    assert not [note for note in whole.ingested.notes if "check" in note]
    assert whole.life.rows("SELECT count(*) FROM v_evidence")[0][0] > 10_000
    assert whole.life.rows("SELECT count(*) > 0 FROM emerging_terms") == [(True,)]


def test_coding_all_of_it_anew_changes_nothing(whole: Whole) -> None:
    assert whole.recoded.counts.recoded == whole.files
    assert (whole.recoded.put_aside, whole.recoded.checks) == ((), ())
    after = everything(whole.life)
    assert [name for name in after if after[name] != whole.published[name]] == []


def test_every_row_leads_to_its_place_in_a_paragraph(whole: Whole) -> None:
    for table in ("figures", "theme_mentions"):
        astray = whole.life.rows(
            f"SELECT count(*) FROM {table} AS f JOIN paragraphs AS p USING (article_id, paragraph_no) "
            "WHERE substr(p.text, f.char_start + 1, f.char_end - f.char_start) <> f.surface"
        )
        assert astray == [(0,)]


def test_the_page_and_the_search_show_it(whole: Whole) -> None:
    page = (whole.life.home / "report.html").read_text("utf-8")
    assert f"{whole.files:,}" in page or str(whole.files) in page
    assert len(whole.life.rows("SELECT * FROM search('waiting lists') LIMIT 20")) == 20


def test_the_page_compares_what_the_views_compare(whole: Whole) -> None:
    series, _ = compared_by_views(Workspace(whole.life.home))
    assert series > 20
