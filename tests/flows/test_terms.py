"""Emerging terms are made anew where enough changed since they were made, not for each article that comes in."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from extractors.workers import Limits, Workers
from flows.life import note_emerging_terms
from flows.run import Run, clocked
from flows.settings import Settings
from tests.warehouse.builders import NOW, article_of, coded
from warehouse.articles import store_articles
from warehouse.database import open_warehouse
from warehouse.workspace import Workspace

MADE = "SELECT made_at, articles, terms, changed FROM emerging_terms_made"
RISING = "The trolley corridor was full again."


class Day:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def run(tmp_path: Path, day: Day) -> Iterator[Run]:
    workspace = Workspace(tmp_path / "data")
    workspace.prepare()
    log = logging.getLogger("test")
    with open_warehouse(workspace) as connection, Workers(1, Limits(5, 500)) as workers, clocked(day):
        yield Run("ingest", Settings(home=workspace.home), workspace, connection, workers=workers, log=log)


def bring_in(run: Run, *names: str) -> None:
    """What a run does that brings in articles of these names, all with the term that rises."""
    articles = [coded(name, article=article_of(RISING, f"A text of its own, number {name}.")) for name in names]
    store_articles(run.connection, articles)
    run.counts.clear()
    run.counts["ingested"] = len(articles)
    note_emerging_terms.fn(run)


def made(run: Run) -> tuple[object, ...] | None:
    found = run.connection.execute(MADE).fetchone()
    return found and (found[0], *found[1:])


def test_terms_are_made_anew_when_more_than_a_hundredth_of_the_articles_changed(run: Run, day: Day) -> None:
    bring_in(run, *map(str, range(200)))
    first = day.now
    assert made(run) == (first, 200, len(terms(run)), 0)
    assert "trolley corridor" in terms(run)
    day.now += timedelta(days=1)
    bring_in(run, "new 1", "new 2")
    assert made(run) == (first, 200, len(terms(run)), 2)
    bring_in(run, "new 3")
    assert made(run) == (day.now, 203, len(terms(run)), 0)


def test_terms_are_made_anew_after_a_week_or_when_one_lost_its_example(run: Run, day: Day) -> None:
    bring_in(run, *map(str, range(200)))
    before = terms(run)
    run.connection.execute("DELETE FROM emerging_terms WHERE term = 'trolley corridor'")
    bring_in(run, "new 1")
    assert terms(run) == before
    assert made(run) == (day.now, 201, len(before), 0)
    day.now += timedelta(days=7)
    bring_in(run, "new 2")
    assert made(run) == (day.now, 202, len(before), 0)


def test_a_small_warehouse_has_its_terms_made_at_every_change(run: Run, day: Day) -> None:
    bring_in(run, "one")
    day.now += timedelta(days=1)
    bring_in(run, "two")
    assert made(run) == (day.now, 2, 0, 0)


def terms(run: Run) -> list[str]:
    return [term for (term,) in run.connection.execute("SELECT term FROM emerging_terms ORDER BY term").fetchall()]
