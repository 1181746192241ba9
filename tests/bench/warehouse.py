"""The warehouse at 20,000 articles: loading, checking, publishing, searching, and every view, with memory."""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from duckdb import DuckDBPyConnection

from extractors.article.model import Article, Found, Paragraph, Published
from extractors.figures.model import Figure, Period
from extractors.themes.model import FRAMINGS, Theme, ThemeMention
from warehouse.checks import run_checks
from warehouse.codebook import load_themes
from warehouse.connection import open_snapshot, open_warehouse
from warehouse.identity import article_id, content_hash
from warehouse.load import load_articles
from warehouse.lock import exclusive
from warehouse.publish import publish
from warehouse.records import CodedArticle
from warehouse.search import search
from warehouse.sql import statement
from warehouse.workspace import Workspace

SMALL, LARGE, STEP, BATCH = 1_000, 20_000, 1_000, 200
PARAGRAPHS, FIGURES, MENTIONS = 10, 5, 15
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
THEMES = [Theme(f"theme{number:02}", f"Theme {number}", "family", "about it", "not that") for number in range(19)]
UNITS = ("GBP", "%", "patient", "person", "year", "month", "hospital", "operation", "GBP/year", None)
MEASURES = [f"{what} {where}" for what in ("waiting list", "spending", "contracts", "operations", "staff vacancies")
            for where in ("in the NHS", "at private providers", "of commissioners", "in Wales", "")]  # fmt: skip


def run() -> str:
    """Measure, and answer with a table for people."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "data")
        workspace.prepare()
        with exclusive(workspace):
            lines = list(_writing(workspace))
        with open_snapshot(workspace) as connection:
            lines += _reading(connection)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return "\n".join([*lines, f"{'peak memory of this process':44} {peak:8.0f} MB"])


def _writing(workspace: Workspace) -> Iterator[str]:
    rng = random.Random(1)
    connection = open_warehouse(workspace)
    load_themes(connection, THEMES)
    _load(connection, rng, 0, SMALL)
    small = _load(connection, rng, SMALL, SMALL + STEP)
    connection.close()
    publish_small = _timed(lambda: publish(workspace))
    connection = open_warehouse(workspace)
    _load(connection, rng, SMALL + STEP, LARGE)
    large = _load(connection, rng, LARGE, LARGE + STEP)
    yield _line(f"load {STEP} articles into {SMALL}", small)
    yield _line(f"load {STEP} articles into {LARGE}", large, f"ratio {large / small:.2f}")
    yield _line("run all checks", _timed(lambda: run_checks(connection)))
    assert run_checks(connection) == ()
    connection.close()
    yield _line(f"publish {SMALL + STEP} articles, all indexed", publish_small)
    yield _line(f"publish {LARGE + STEP} articles, {LARGE - SMALL} indexed", _timed(lambda: publish(workspace)))
    with open_warehouse(workspace) as connection:
        _load(connection, rng, LARGE + STEP, LARGE + STEP + 10)
    yield _line("publish again with 10 more articles", _timed(lambda: publish(workspace)))
    yield _line("publish again with nothing new", _timed(lambda: publish(workspace)))
    yield f"{'size of the snapshot':44} {workspace.published.stat().st_size / 1e6:8.0f} MB"


def _reading(connection: DuckDBPyConnection) -> list[str]:
    lines = [_line("search('waiting lists')", _timed(lambda: search(connection, "waiting lists private capital")))]
    views = [name for name, kind in connection.execute(statement("list_views")).fetchall() if kind == "VIEW"]
    for view in sorted(views):
        first = _timed(partial(connection.execute, f"CREATE OR REPLACE TEMP TABLE top AS FROM {view} LIMIT 20"))
        whole = _timed(partial(connection.execute, f"CREATE OR REPLACE TEMP TABLE whole AS FROM {view}"))
        lines.append(_line(view, first, f"whole {whole:6.2f} s"))
    return lines


def _line(what: str, seconds: float, more: str = "") -> str:
    return f"{what:44} {seconds:8.2f} s  {more}".rstrip()


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _load(connection: DuckDBPyConnection, rng: random.Random, start: int, end: int) -> float:
    """Load articles by number; the seconds of loading alone, without making them up."""
    spent = 0.0
    for first in range(start, end, BATCH):
        batch = [_article(rng, number) for number in range(first, min(first + BATCH, end))]
        spent += _timed(partial(load_articles, connection, batch))
    return spent


def _words(rng: random.Random, count: int) -> str:
    # Ranks fall off as they do in language (Zipf), so that the search index has common and rare words.
    return " ".join(_word(int(30_000 ** rng.random())) for _ in range(count))


def _word(rank: int) -> str:
    letters = "bcdfghjklmnprtvw"
    return "".join(letters[(rank >> shift) & 15] + "aeio"[(rank >> shift) & 3] for shift in (0, 4, 8, 12))


def _article(rng: random.Random, number: int) -> CodedArticle:
    texts = [
        f"{_words(rng, 25)} waiting lists grew to {rng.randint(1, 999)} patients “here”. {_words(rng, 25)}."
        for _ in range(PARAGRAPHS)
    ]
    url = f"https://example.org/{number}"
    article = Article(
        title=Found(f"Title {number}", "h1"), publisher=Found(f"Publisher {number % 40}", "meta"),
        authors=(f"Author {number % 500}",), authors_method="meta",
        published=Published(date(2001, 1, 1) + timedelta(days=rng.randint(0, 9000)), "day", "meta"),
        language="en", canonical_url=url,
        paragraphs=tuple(Paragraph(place, "prose", text) for place, text in enumerate(texts, start=1)),
    )  # fmt: skip
    hashed = content_hash(article)
    return CodedArticle(
        article_id=article_id(url), source_id=f"source{number % 40}", url=url, addresses=(url, url + "/amp"),
        article=article, raw_hash=hashed, content_hash=hashed, content_type="text/html", relevance=0.9,
        relevance_reasons=("both sides are named",), duplicate_of=None, figures=_figures(rng, texts),
        themes=_mentions(rng, texts), fetched_at=NOW + timedelta(seconds=number), extractor_version="1",
        codebook_version="1",
    )  # fmt: skip


def _figures(rng: random.Random, texts: list[str]) -> tuple[Figure, ...]:
    made = []
    for place, text in enumerate(texts[:FIGURES], start=1):
        start = text.index(" grew to ") + len(" grew to ")
        end = text.index(" “here”")
        value = float(text[start:end].split()[0])
        year = rng.randint(2005, 2025)
        made.append(
            Figure(
                paragraph_no=place,
                char_start=start,
                char_end=end,
                surface=text[start:end],
                kind="count",
                value=value,
                value_low=value,
                value_high=value,
                unit=rng.choice(UNITS),
                qualifier="exact",
                period=Period(date(year, 4, 1), date(year + 1, 3, 31), f"{year}/{year + 1}")
                if rng.random() < 0.5
                else None,
                measure=_words(rng, 8) + " " + rng.choice((*MEASURES, *[""] * 50)),
                base=None,
                change=None,
                change_from=None,
                attribution=None,
            )
        )
    return tuple(made)


def _mentions(rng: random.Random, texts: list[str]) -> tuple[ThemeMention, ...]:
    places = rng.sample([(place, theme) for place in range(1, PARAGRAPHS + 1) for theme in range(19)], MENTIONS)
    return tuple(
        ThemeMention(
            place,
            f"theme{theme:02}",
            rng.choice(FRAMINGS),
            rng.random() + 1,
            "waiting lists",
            texts[place - 1].index("waiting lists"),
            texts[place - 1].index("waiting lists") + 13,
            ("cue",),
        )
        for place, theme in sorted(places)
    )


if __name__ == "__main__":
    print(run())
