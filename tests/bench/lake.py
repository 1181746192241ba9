"""What a lake costs beside a file: loading, publishing, upkeep and the usual questions, in seconds of processor.

Two hundred made-up articles are coded and loaded under other names, `LAKE_ARTICLES` in all, into both. What PostgreSQL
uses counts with the lake. It needs `make scaling` and Debian's package postgresql.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import psutil
import pytest
from duckdb import DuckDBPyConnection

from extractors.themes import Codebook, read_codebook
from tests.bench.daily import CODED, NOW, articles
from tests.bench.warehouse import usual_questions
from tests.lake.conftest import running_postgresql
from warehouse.articles import store_articles
from warehouse.codebook import store_themes
from warehouse.coded import CodedArticle
from warehouse.database import open_snapshot, open_warehouse
from warehouse.lake import keep_up
from warehouse.publish import publish
from warehouse.target import PREFIX, lake_at
from warehouse.workspace import Workspace

SIZE = int(os.environ.get("LAKE_ARTICLES", "20000"))
BATCH = 500


def run() -> str:
    """Measure, and answer with a table for people, or with what is missing."""
    try:
        return _measured()
    except pytest.skip.Exception as missing:
        return f"not measured: {missing}"


def _measured() -> str:
    book = read_codebook()
    coded = list(articles(CODED, book, "model", NOW))
    with tempfile.TemporaryDirectory() as folder, running_postgresql() as server:
        lake = lake_at(PREFIX + server.database(), str(Path(folder) / "lake/data"))
        file, shared = Workspace(Path(folder) / "file"), Workspace(Path(folder) / "lake", lake)
        of_file = dict(_steps(file, book, coded, lambda: 0.0))
        of_lake = dict(_steps(shared, book, coded, lambda: _used(psutil.Process(server.pid))))
    rows = [_row(step, of_file.get(step), seconds) for step, seconds in of_lake.items()]
    return "\n".join([f"| {SIZE:,} articles, CPU s | file | lake | ratio |", "| --- | --- | --- | --- |", *rows])


def _row(step: str, file: float | None, lake: float) -> str:
    beside = f"{file:.2f} | {lake:.2f} | {lake / file:.1f}" if file else f" | {lake:.2f} | "
    return f"| {step} | {beside} |"


def _used(server: psutil.Process) -> float:
    """Seconds that a server and its processes have used, those that ended too."""
    of_all = [one.cpu_times() for one in (server, *server.children())]
    return sum(one.user + one.system for one in of_all) + of_all[0].children_user + of_all[0].children_system


def _steps(
    workspace: Workspace, book: Codebook, coded: Sequence[CodedArticle], besides: Callable[[], float]
) -> Iterator[tuple[str, float]]:
    def timed(work: Callable[[], object]) -> float:
        started = time.process_time() + besides()
        work()
        return time.process_time() + besides() - started

    workspace.prepare()
    yield "loading, 500 a transaction", timed(lambda: _load(workspace, book, coded))
    yield "publishing", timed(lambda: publish(workspace, NOW))
    yield "publishing where nothing is new", timed(lambda: publish(workspace, NOW + timedelta(days=1)))
    if workspace.lake is not None:
        yield "upkeep", timed(lambda: keep_up(workspace, NOW + timedelta(days=2), spare=timedelta()))
    with open_snapshot(workspace) as connection:
        for view, questions in usual_questions(connection):
            yield view, timed(partial(_asked, connection, questions))


def _asked(connection: DuckDBPyConnection, questions: Sequence[str]) -> None:
    for one in questions:
        connection.execute(one).fetchall()


def _load(workspace: Workspace, book: Codebook, coded: Sequence[CodedArticle]) -> None:
    with open_warehouse(workspace) as connection:
        store_themes(connection, book.themes)
        for start in range(0, SIZE, BATCH):
            store_articles(connection, [_renamed(coded[n % CODED], n) for n in range(start, start + BATCH)])


def _renamed(article: CodedArticle, number: int) -> CodedArticle:
    url = f"{article.url}-{number}"
    return replace(article, article_id=f"{article.article_id}-{number}", url=url, addresses=(url,))
