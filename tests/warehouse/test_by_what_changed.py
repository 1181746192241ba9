"""Fingerprint and checks by what changed say what they say when everything is read, whatever was done in between."""

from datetime import timedelta

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.builders import NOW, coded, rich
from tests.warehouse.test_checks import BREAKAGES
from warehouse import publish
from warehouse.articles import learn_addresses, store_articles
from warehouse.publish import (
    CHECKS,
    changed_articles,
    fingerprint,
    known_fingerprint,
    mark_for_coding,
    note_checked,
    run_checks,
)
from warehouse.watched import ARTICLE_TABLES, name_original, reject

NAMES = "abcde"
# Those of the others look at more than one article.
WITHIN = sorted(
    CHECKS["findings"].texts.keys() - {"unknown_themes", "orphan_actors", "orphan_bylines", "citation_figures"}
)


@pytest.fixture(autouse=True)
def any_share_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the few articles here more than a tenth change each time, and so few would be read every time."""
    monkeypatch.setattr(publish, "_READ_WHOLE", -1)
    monkeypatch.setattr(publish, "_MOST_CHANGED", 1.0)


def act(connection: DuckDBPyConnection, what: str, name: str, number: int) -> None:
    """Do one of the things that runs and operators do."""
    one = rich(name)
    match what:
        case "load":  # new, or as before, or recoded
            store_articles(connection, [rich(name, extractor_version=str(number))])
        case "edit":
            store_articles(connection, [coded(name, f"Waiting lists grew to {number}.6 million patients.")])
        case "recode":  # to nothing found
            store_articles(connection, [coded(name, article=one.article)])
        case "withdraw":
            if connection.execute("SELECT url FROM articles WHERE article_id = ?", [one.article_id]).fetchall():
                reject(connection, one.url, NOW)
        case "code anew":
            mark_for_coding(connection, [one.article_id])
        case "copy":
            name_original(connection, [one.article_id], rich(NAMES[number % len(NAMES)]).article_id)
        case "address":
            if connection.execute("SELECT url FROM articles WHERE article_id = ?", [one.article_id]).fetchall():
                learn_addresses(connection, one.article_id, [f"{one.url}/{number}"])
        case _:
            changed = changed_articles(connection, NOW)
            if run_checks(connection, changed) == ():
                note_checked(connection, changed, NOW)


DONE = st.sampled_from(["load", "edit", "recode", "withdraw", "code anew", "copy", "address", "check", "check"])


@settings(derandomize=True, max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DONE, st.sampled_from(NAMES), st.integers(0, 4)), min_size=2, max_size=6))
def test_what_is_known_is_what_is_read(connection: DuckDBPyConnection, done: list[tuple[str, str, int]]) -> None:
    for table in (*ARTICLE_TABLES, "article_sums"):
        connection.execute(f"DELETE FROM {table}")
    for what, name, number in [*done, ("check", "a", 0)]:
        act(connection, what, name, number)
        assert known_fingerprint(connection, NOW) == fingerprint(connection)
    every = run_checks(connection)
    assert run_checks(connection, changed_articles(connection, NOW)) == every
    if every == ():
        assert changed_articles(connection, NOW) == ()


def checked(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [rich("one"), rich("two")])
    note_checked(connection, changed_articles(connection, NOW), NOW)
    assert changed_articles(connection, NOW) == ()


@pytest.mark.parametrize("name", WITHIN)
def test_what_came_in_broken_is_found_among_what_passed(connection: DuckDBPyConnection, name: str) -> None:
    checked(connection)
    store_articles(connection, [rich("three")])
    changed = changed_articles(connection, NOW)
    assert changed == (rich("three").article_id,)
    connection.execute(BREAKAGES[name])
    found = {failure.name: failure for failure in run_checks(connection, changed)}
    assert found[name].article_ids == {rich("three").article_id}
    assert connection.execute("SELECT count(DISTINCT article_id) FROM figures").fetchone() == (3,), (
        "all are there again"
    )


def test_rows_that_nothing_accounts_for_have_everything_read(connection: DuckDBPyConnection) -> None:
    checked(connection)
    connection.execute("DELETE FROM figures WHERE change_from IS NULL")
    assert changed_articles(connection, NOW) is None
    note_checked(connection, None, NOW)
    connection.execute("INSERT INTO theme_mentions SELECT * FROM theme_mentions LIMIT 1")
    assert changed_articles(connection, NOW) is None
    assert known_fingerprint(connection, NOW) == fingerprint(connection)
    assert "unique_keys" in {failure.name for failure in run_checks(connection, changed_articles(connection, NOW))}


def test_once_a_week_and_after_many_changes_everything_is_read(
    connection: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(connection)
    assert changed_articles(connection, NOW + timedelta(days=5)) == (), "still the same week"
    assert changed_articles(connection, NOW + timedelta(days=7)) is None
    monkeypatch.setattr(publish, "_READ_WHOLE", 2)
    assert changed_articles(connection, NOW) is None, "there are but two"
    monkeypatch.setattr(publish, "_MOST_CHANGED", 0.1)
    store_articles(connection, [rich("three")])
    assert changed_articles(connection, NOW) is None
