"""Every invariant is really checked: a row that breaks it is found, by the check that says so."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from tests.warehouse.builders import coded, rich
from warehouse.articles import store_articles
from warehouse.database import open_warehouse
from warehouse.publish import CHECKS, run_checks
from warehouse.search import clear_search, refresh_search, search
from warehouse.workspace import Workspace

ONE = rich().article_id

RUN_TWICE = """
    INSERT INTO runs BY NAME
    SELECT
        'r' AS run_id, 'f' AS flow, now() AS started_at, 'running' AS state, 0 AS found, 0 AS fetched, 0 AS unchanged,
        0 AS ingested, 0 AS updated, 0 AS not_similar, 0 AS failed
    FROM range(2)
"""
BREAKAGES = {
    "figure_evidence": "UPDATE figures SET char_start = char_start + 1, char_end = char_end + 1",
    "mention_evidence": "UPDATE theme_mentions SET surface = 'Thrust' WHERE theme_id = 'trust'",
    "term_evidence": f"INSERT INTO emerging_terms VALUES ('waits', 2, 1, 1.0, '{ONE}', 1, 0, 7)",
    "orphan_figures": "UPDATE figures SET paragraph_no = 99",
    "orphan_mentions": "UPDATE theme_mentions SET paragraph_no = 99",
    "orphan_paragraphs": "INSERT INTO paragraphs VALUES ('nobody', 1, 'prose', 'text')",
    "orphan_addresses": "INSERT INTO article_addresses VALUES ('https://x.example', 'nobody', 'alias')",
    "orphan_versions": "INSERT INTO article_versions VALUES ('nobody', 1, 'h', now(), 'r', NULL, NULL)",
    "orphan_version_changes": f"INSERT INTO version_changes VALUES ('{ONE}', 7, 1, 'theme', 'added', 'x', NULL, 'y')",
    "orphan_signatures": "INSERT INTO article_signatures VALUES ('nobody', 'h', 'x'::BLOB)",
    "unknown_themes": "DELETE FROM themes WHERE theme_id = 'trust'",
    "change_from": "UPDATE figures SET change_from = 'elsewhere-p1-2' WHERE change_from IS NOT NULL",
    "current_version": "UPDATE articles SET version = 2",
    "version_numbers": "INSERT INTO article_versions SELECT * REPLACE (0 AS version) FROM article_versions",
    "main_address": "UPDATE article_addresses SET kind = 'alias'",
    "duplicates": "UPDATE articles SET duplicate_of = 'nobody'",
    "figure_bounds": "UPDATE figures SET value_high = value / 2",
    "known_words": "UPDATE theme_mentions SET framing = 'praise'",
    "relevance_range": "UPDATE articles SET relevance = 1.5",
    "said_evidence": "UPDATE quotations SET char_start = char_start + 1",
    "orphan_actors": "DELETE FROM organisations WHERE organisation_id = 'care-quality-commission'",
    "orphan_bylines": "INSERT INTO bylines VALUES ('nobody', 'care-quality-commission', 'publisher')",
    "citation_figures": "UPDATE citations SET figure_ids = ['elsewhere-p1-2']",
    "search_index": "INSERT INTO search_passages VALUES (7, '" + ONE + "', 99, 3)",
    "unique_keys": "INSERT INTO paragraphs SELECT * FROM paragraphs",
}


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """The file of a warehouse with two articles, in order."""
    workspace = Workspace(tmp_path_factory.mktemp("checked"))
    workspace.prepare()
    shutil.copyfile(template, workspace.database)
    with open_warehouse(workspace) as connection:
        _fill(connection)
    return workspace.database


def _fill(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [rich(), coded("two")])
    refresh_search(connection)
    assert run_checks(connection) == ()


@pytest.fixture
def loaded(in_order: Path, workspace: Workspace) -> Iterator[DuckDBPyConnection]:
    """A copy of it, open; a lake is filled anew."""
    if workspace.lake is None:
        shutil.copyfile(in_order, workspace.database)
    with open_warehouse(workspace) as connection:
        if workspace.lake is not None:
            _fill(connection)
        yield connection


def test_every_check_is_tested() -> None:
    assert set(BREAKAGES) == {name for checks in CHECKS.values() for name in checks.texts}


@pytest.mark.parametrize("name", BREAKAGES)
def test_breakage_is_found(loaded: DuckDBPyConnection, name: str) -> None:
    loaded.execute(BREAKAGES[name])
    found = {failure.name: failure for failure in run_checks(loaded)}
    assert name in found
    assert found[name].row_count >= 1
    assert found[name].demands
    assert str(found[name]).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "breakage"),
    [
        ("duplicates", f"UPDATE articles SET duplicate_of = '{ONE}'"),  # a circle of one
        ("change_from", "UPDATE figures SET change_from = figure_id"),
        ("main_address", f"UPDATE article_addresses SET kind = 'main', article_id = '{ONE}'"),
        ("known_words", "UPDATE articles SET published_precision = NULL"),
        ("figure_bounds", "UPDATE figures SET period_end = DATE '1999-01-01' WHERE period_end IS NOT NULL"),
        ("figure_bounds", "UPDATE figures SET value = 'NaN', value_low = NULL, value_high = NULL"),
        ("figure_evidence", "UPDATE figures SET char_start = -1"),
        ("current_version", "UPDATE article_versions SET content_hash = 'other'"),
        ("current_version", "DELETE FROM article_versions"),
        ("unique_keys", "INSERT INTO themes SELECT * FROM themes"),
        ("unique_keys", RUN_TWICE),
        ("term_evidence", f"INSERT INTO emerging_terms SELECT 'waits', 2, 1, 1.0, '{ONE}', 1, 0, 7 FROM range(2)"),
    ],
)
def test_other_ways_to_break_it_are_found_too(loaded: DuckDBPyConnection, name: str, breakage: str) -> None:
    loaded.execute(breakage)
    assert name in {failure.name for failure in run_checks(loaded)}


def test_duplicate_of_a_duplicate_is_no_fault(loaded: DuckDBPyConnection) -> None:
    two = coded("two").article_id
    store_articles(loaded, [coded("three", duplicate_of=two), coded("two", duplicate_of=ONE)])
    assert run_checks(loaded) == ()


@pytest.mark.parametrize(
    "breakage",
    [
        "DELETE FROM search_passages WHERE paragraph_no = 2",
        "INSERT INTO search_postings VALUES (1, 999, 1)",
        "UPDATE search_passages SET passage_id = 1",
    ],
)
def test_a_broken_search_index_is_made_anew(loaded: DuckDBPyConnection, breakage: str) -> None:
    loaded.execute(breakage)
    [failure] = run_checks(loaded)
    assert (failure.name, failure.is_derived) == ("search_index", True)
    clear_search(loaded)
    refresh_search(loaded)
    assert run_checks(loaded) == ()
    assert len(search(loaded, "waiting lists")) == 2


def test_what_breaks_a_check_is_told_by_article(loaded: DuckDBPyConnection) -> None:
    loaded.execute(BREAKAGES["figure_evidence"])
    [failure] = run_checks(loaded)
    assert (failure.article_ids, failure.by_article) == (frozenset({ONE}), True)
