"""The warehouse at 20,000 articles, by real runs on a temporary Prefect server: time, memory, and what analysts ask.

Each run is a process of its own, so that its peak of memory is its own; made-up articles (`tests.bench.articles`) come
in as seeds. Times of runs are processor seconds, which other work on the machine disturbs least.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from duckdb import DuckDBPyConnection

from tests.bench.articles import text
from tests.warehouse.cookbook import COOKBOOK, recipes
from warehouse.database import SQL as DATABASE_SQL
from warehouse.database import open_snapshot, open_warehouse
from warehouse.publish import publish, run_checks
from warehouse.search import search
from warehouse.workspace import Workspace

SMALL, LARGE, STEP = 1_000, 20_000, 1_000
FILTERS = ("theme_id", "finding", "publisher", "subject", "article_id")
SLOW = 0.5  # seconds; what an analyst should not have to wait for
CODEBOOK = (
    '[[theme]]\ntheme_id = "parking"\nlabel = "Car parks"\nfamily = "delivery"\ndefinition = "d"\nnot_when = "n"\n'
)
CUES = 'for_theme = "parking"\n[[cue]]\nname = "c"\nweight = 3.0\npatterns = ["risk"]\n'


@dataclass(frozen=True, slots=True)
class Job:
    """What a run took: processor and wall seconds, and peaks of memory in megabytes, its own and of any child."""

    cpu: float
    wall: float
    peak: float
    child_peak: float


def run() -> str:
    """Measure, and answer with tables for people."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_runs(Path(folder) / str(size), size) for size in (SMALL, LARGE))
        lines = [*_run_table(small, large), ""]
        workspace = Workspace(Path(folder) / str(LARGE) / "data")
        lines += [*_upkeep_table(workspace), ""]
        with open_snapshot(workspace) as connection:
            lines += _question_table(connection)
    return "\n".join(lines)


def _runs(folder: Path, size: int) -> dict[str, Job]:
    rng = random.Random(size)
    for name, count in (("first", size), ("more", STEP)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            (folder / name / f"{name}{number:05}.txt").write_text(text(rng, number), "utf-8")
    (folder / "book").mkdir()
    (folder / "book" / "codebook.toml").write_text(CODEBOOK, "utf-8")
    (folder / "book" / "parking.toml").write_text(CUES, "utf-8")
    return {
        "ingest all": _job(folder, "ingest", "first"),
        "ingest more": _job(folder, "ingest", "more"),
        "reextract": _job(folder, "reextract", COMMENTARY_CODEBOOK=json.dumps([str(folder / "book")])),
    }


def _job(folder: Path, *arguments: str, **environment: str) -> Job:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.warehouse_job", *arguments],
        env={**os.environ, "COMMENTARY_HOME": str(folder / "data"), "BENCH_FOLDER": str(folder), **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Job(**json.loads(done.stdout.splitlines()[-1]))


def _run_table(small: dict[str, Job], large: dict[str, Job]) -> Iterator[str]:
    yield f"| run | CPU s at {SMALL:,} | CPU s at {LARGE:,} | ratio | peak MB at {SMALL:,} | peak MB at {LARGE:,} |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, per_thousand in (("ingest all", True), ("ingest more", False), ("reextract", True)):
        one, other = small[name], large[name]
        cpu = [one.cpu / (SMALL / STEP), other.cpu / (LARGE / STEP)] if per_thousand else [one.cpu, other.cpu]
        label = f"{name}, per {STEP:,}" if per_thousand else f"ingest {STEP:,} into as many"
        yield (
            f"| {label} | {cpu[0]:.1f} | {cpu[1]:.1f} | {cpu[1] / cpu[0]:.2f} "
            f"| {one.peak:.0f}, child {one.child_peak:.0f} | {other.peak:.0f}, child {other.child_peak:.0f} |"
        )


def _upkeep_table(workspace: Workspace) -> Iterator[str]:
    yield f"| at {LARGE + STEP:,} articles | |"
    yield "| --- | --- |"
    with open_warehouse(workspace) as connection:
        yield f"| all checks | {_timed(lambda: run_checks(connection)):.2f} s |"
        for table in ("articles", "paragraphs", "figures", "theme_mentions"):
            (count,) = connection.table(table).count("*").fetchall()[0]
            yield f"| {table} | {count:,} |"
    yield f"| publish with nothing new | {_timed(lambda: publish(workspace)):.2f} s |"
    yield f"| size of the snapshot | {workspace.published.stat().st_size / 1e6:.0f} MB |"


def _question_table(connection: DuckDBPyConnection) -> Iterator[str]:
    yield "| question | slowest s | which |"
    yield "| --- | --- | --- |"
    searches = {
        words: partial(search, connection, words) for words in ("waiting lists", "private capital", "trust risk")
    }
    yield _slowest("search", searches)
    for view, questions in usual_questions(connection):
        yield _slowest(view, {query: partial(_rows, connection, query) for query in questions})
    for recipe in recipes(COOKBOOK.read_text("utf-8")):
        yield _slowest(f"cookbook: {recipe.question}", {"": partial(_rows, connection, recipe.query)})


def usual_questions(connection: DuckDBPyConnection) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each view with what is usually asked of it."""
    views = [name for name, kind in connection.execute(DATABASE_SQL("list_views")).fetchall() if kind == "VIEW"]
    for view in sorted(views):
        yield view, tuple(_usual(connection, view))


def _usual(connection: DuckDBPyConnection, view: str) -> Iterator[str]:
    """The usual questions to a view: its first rows, and those of one theme, publisher, subject or article."""
    yield f"FROM {view} LIMIT 20"
    for column in FILTERS:
        if column in connection.table(view).columns:
            found = connection.execute(f"SELECT mode({column}) FROM {view}").fetchone()
            value = str(found[0]).replace("'", "''") if found else ""
            yield f"FROM {view} WHERE {column} = '{value}' LIMIT 100"


def _slowest(name: str, questions: Mapping[str, Callable[[], object]]) -> str:
    seconds, which = max((min(_timed(ask) for _ in range(2)), words) for words, ask in questions.items())
    mark = " **slow**" if seconds > SLOW else ""
    return f"| {name} | {seconds:.2f}{mark} | {which} |"


def _rows(connection: DuckDBPyConnection, query: str) -> object:
    return connection.execute(query).fetchall()


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
