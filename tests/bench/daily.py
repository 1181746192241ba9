"""What a daily run with 20 new articles costs by step at two sizes, in processor seconds; coding and fetching left out.

Two hundred made-up articles are coded and repeated under other names and dates, so the sizes are right and the wording
is not: terms and conflicts repeat more than they would. Of their figures eight in ten have
a subject and a period, of those of the own corpus 86 in a thousand a subject and 5 both: so all but one in eleven lose
their subject here.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection

from extractors.themes import Codebook, read_codebook
from extractors.themes.emerging import emerging_terms
from flows.life import EARLIER, MOST_ARTICLES, RECENT
from flows.page.write import write_report
from flows.steps.coding import code
from tests.bench.articles import text
from tests.flows.test_coding import material
from warehouse.articles import store_articles
from warehouse.codebook import passages, store_themes
from warehouse.coded import CodedArticle
from warehouse.database import open_warehouse
from warehouse.publish import changed_articles, fingerprint, note_checked, publish, run_checks
from warehouse.workspace import Workspace

SIZES, CODED, NEW = (20_000, 100_000), 200, 20
NOW = datetime(2026, 3, 2, tzinfo=UTC)
# The columns that name a row, by table.
NAMES = {
    "articles": ("article_id", "url"),
    "article_versions": ("article_id",),
    "article_addresses": ("article_id", "url"),
    "paragraphs": ("article_id",),
    "figures": ("article_id", "figure_id", "change_from"),
    "theme_mentions": ("article_id",),
    "bylines": ("article_id",),
    "actor_mentions": ("article_id",),
    "quotations": ("article_id", "quotation_id"),
    "citations": ("article_id", "citation_id"),
}
DATES = "published_on + ((n * 7) % 4000)::INTEGER AS published_on, first_seen_at - to_days(n::INTEGER) AS first_seen_at"


def run() -> str:
    """Measure, and answer with a table for people."""
    book = read_codebook()
    small, large = (_at(size, book) for size in SIZES)
    head = f"| {NEW} new articles, CPU s | " + " | ".join(f"at {size:,}" for size in SIZES) + " | ratio |"
    rows = [f"| {step} | {small[step]:.1f} | {large[step]:.1f} | {large[step] / small[step]:.1f} |" for step in small]
    return "\n".join([head, "| --- | --- | --- | --- |", *rows])


def _at(size: int, book: Codebook) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.prepare()
        _fill(workspace, book, size)
        found = dict(_steps(workspace, book))
    return {**found, "a usual day together: " + ", ".join(_USUAL): sum(found[step] for step in _USUAL)}


def articles(count: int, book: Codebook, name: str, day: datetime) -> Iterator[CodedArticle]:
    dice = random.Random(name)
    for number in range(count):
        coded = code(material(f"{name}{number}"), text(dice, number).encode(), book)
        if isinstance(coded, CodedArticle):
            yield replace(coded, fetched_at=day)


def _fill(workspace: Workspace, book: Codebook, size: int) -> None:
    with open_warehouse(workspace) as connection:
        store_themes(connection, book.themes)
        store_articles(connection, list(articles(CODED, book, "model", NOW)))
        connection.execute("UPDATE figures SET subject = NULL WHERE hash(figure_id) % 11 > 0")
        for table, names in NAMES.items():
            changes = [f"{name} || '-' || n AS {name}" for name in names] + [DATES] * (table == "articles")
            connection.execute(
                f"INSERT INTO {table} SELECT model.* REPLACE ({', '.join(changes)}) "
                f"FROM {table} AS model, range(1, {size // CODED}) AS numbers(n)"
            )
    publish(workspace, NOW)


# What each day has; the rest is once a week, or where enough has changed.
_USUAL = ("loading", "all checks, of what changed", "publishing", "the page, after these came in")


def _steps(workspace: Workspace, book: Codebook) -> Iterator[tuple[str, float]]:
    yield "the page, all of it", _timed(lambda: write_report(workspace, NOW))
    new = list(articles(NEW, book, "new", NOW + timedelta(days=1)))
    day = NOW + timedelta(days=1)
    with open_warehouse(workspace) as connection:
        note_checked(connection, None, day)
        yield "loading", _timed(lambda: store_articles(connection, new))
        yield "all checks, once a week", _timed(lambda: run_checks(connection))
        yield "all checks, of what changed", _timed(lambda: _checked(connection, day))
        yield "the fingerprint, once a week", _timed(lambda: fingerprint(connection))
        yield "emerging terms, where they are due", _timed(lambda: _terms(connection, book))
    yield "publishing", _timed(lambda: publish(workspace, day))
    yield "the page, after these came in", _timed(lambda: write_report(workspace, NOW + timedelta(days=1)))


def _checked(connection: DuckDBPyConnection, day: datetime) -> None:
    changed = changed_articles(connection, day)
    if changed is None or run_checks(connection, changed):
        raise AssertionError("the new articles are checked apart, and are sound")
    note_checked(connection, changed, day)


def _terms(connection: DuckDBPyConnection, book: Codebook) -> None:
    start = NOW.date() - RECENT
    recent = passages(connection, start, NOW.date(), MOST_ARTICLES)
    emerging_terms(recent, passages(connection, start - EARLIER, start, MOST_ARTICLES), book)


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
