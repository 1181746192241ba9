"""Loading: what is new, edited, recoded or unchanged, and that each batch is all or nothing."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.builders import NOW, THEMES, article_of, coded, figure_at, mention_at, rich
from warehouse.articles import known_articles, store_articles, superseded_texts
from warehouse.codebook import store_themes
from warehouse.coded import CodedArticle
from warehouse.errors import InvalidArticleError
from warehouse.publish import run_checks

TABLES = ("articles", "article_addresses", "article_versions", "paragraphs", "figures", "theme_mentions")


def contents(connection: DuckDBPyConnection, *tables: str) -> dict[str, Counter[tuple[Any, ...]]]:
    """All rows of the tables, in no order."""
    return {
        table: Counter(tuple(map(repr, row)) for row in connection.execute(f"SELECT * FROM {table}").fetchall())
        for table in tables or TABLES
    }


def test_everything_found_is_stored(connection: DuckDBPyConnection) -> None:
    [loaded] = store_articles(connection, [rich()])
    assert (loaded.outcome, loaded.version) == ("new", 1)

    figures = connection.execute(
        "SELECT figure_id, value, unit, change, change_from, period_start, period_end, period_text FROM figures "
        "ORDER BY char_start"
    ).fetchall()
    name = loaded.article_id
    assert [str(row[0]) for row in figures] == [f"{name}-p1-22", f"{name}-p1-52"]
    assert figures[0][1:5] == (7_600_000.0, "patient", "increase", f"{name}-p1-52")
    assert [str(value) for value in figures[1][5:]] == ["2019-01-01", "2019-12-31", "in 2019"]
    row = connection.execute(
        "SELECT title, publisher, authors, published_on::VARCHAR, published_precision, word_count, language, "
        "relevance_reasons, first_seen_at = fetched_at, fetched_at = ?::TIMESTAMPTZ FROM articles",
        [NOW],
    ).fetchone()
    assert row == (
        "A title", "The Think Tank", ["A. Writer"], "2026-02-01", "day", 19, "en", ["both sides are named"], True, True
    )  # fmt: skip
    assert run_checks(connection) == ()


def test_the_day_of_an_update_is_stored_apart(connection: DuckDBPyConnection) -> None:
    one = coded("The NHS paid.")
    store_articles(
        connection, [replace(one, article=replace(one.article, published=None, updated_on=date(2026, 2, 9)))]
    )
    row = connection.execute("SELECT published_on, updated_on FROM articles").fetchone()
    assert row == (None, date(2026, 2, 9))


def test_sentence_around_a_finding_is_known(connection: DuckDBPyConnection) -> None:
    article = article_of("It began badly. Some 40 patients waited. It ended well.")
    store_articles(
        connection,
        [coded(article=article, figures=[figure_at(article, 1, "40 patients", 40, qualifier="about")])],
    )
    assert connection.execute("SELECT sentence FROM v_figures").fetchall() == [("Some 40 patients waited.",)]


def test_loading_again_changes_no_row(connection: DuckDBPyConnection) -> None:
    batch = [rich(), coded("two")]
    store_articles(connection, batch)
    before = contents(connection)
    later = [replace(article, fetched_at=NOW + timedelta(days=1), raw_hash="other bytes") for article in batch]

    for again in (batch, later):
        assert [loaded.outcome for loaded in store_articles(connection, again)] == ["unchanged", "unchanged"]
        assert contents(connection) == before


def test_edit_makes_a_version_and_replaces_all_rows(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [rich(), coded("two")])
    article = article_of("Now it says that 5 patients wait.", title="Another title")
    edited = coded(
        article=article, figures=[figure_at(article, 1, "5 patients", 5)], fetched_at=NOW + timedelta(days=1)
    )
    [loaded] = store_articles(connection, [edited])

    assert (loaded.outcome, loaded.version) == ("updated", 2)
    name = edited.article_id
    assert connection.execute(
        "SELECT version, title, text FROM article_versions WHERE article_id = ? ORDER BY version", [name]
    ).fetchall() == [(1, "A title", rich().article.text), (2, "Another title", article.text)]
    assert connection.execute("SELECT value FROM figures WHERE article_id = ?", [name]).fetchall() == [(5.0,)]
    assert connection.execute("SELECT count(*) FROM theme_mentions WHERE article_id = ?", [name]).fetchone() == (0,)
    assert connection.execute(
        "SELECT first_seen_at = ?::TIMESTAMPTZ, fetched_at = ?::TIMESTAMPTZ FROM articles WHERE article_id = ?",
        [NOW, NOW + timedelta(days=1), name],
    ).fetchone() == (True, True)
    assert connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    assert run_checks(connection) == ()


@pytest.mark.parametrize(
    "recoding",
    [
        lambda: rich(extractor_version="2"),
        lambda: rich(codebook_version="2"),
        lambda: rich(relevance=0.7),
        lambda: rich(relevance_reasons=("other reasons",)),
        lambda: replace(rich(), themes=()),
        lambda: replace(rich(), figures=(replace(rich().figures[0], value=421.0, value_high=421.0),)),
        lambda: replace(rich(), figures=(replace(rich().figures[0], period=None),)),
        lambda: replace(rich(), themes=(replace(rich().themes[0], framing="benefit"),)),
        lambda: replace(rich(), url="https://example.org/moved"),
    ],
)
def test_other_findings_in_the_same_text_are_recoded(connection: DuckDBPyConnection, recoding: Any) -> None:
    store_articles(connection, [rich()])
    before = contents(connection)
    recoded = recoding()
    [loaded] = store_articles(connection, [recoded])
    assert (loaded.outcome, loaded.version) == ("recoded", 1)
    assert contents(connection) != before
    assert contents(connection, "article_versions") == {"article_versions": before["article_versions"]}
    assert [loaded.outcome for loaded in store_articles(connection, [recoded])] == ["unchanged"]
    assert run_checks(connection) == ()


def test_same_bytes_read_differently_are_no_edit(connection: DuckDBPyConnection) -> None:
    first = coded("one", "It says this.", raw_hash="same")
    store_articles(connection, [first])
    better = coded("one", "It says this and that.", raw_hash="same", extractor_version="2")
    [loaded] = store_articles(connection, [better])
    assert (loaded.outcome, loaded.version) == ("recoded", 1)
    assert connection.execute("SELECT version, text FROM article_versions").fetchall() == [
        (1, "It says this and that.")
    ]
    assert run_checks(connection) == ()


def test_hash_by_another_recipe_is_no_edit(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [coded(content_hash="0" + "a" * 32)])
    [loaded] = store_articles(connection, [replace(coded(), raw_hash="other bytes")])
    assert (loaded.outcome, loaded.version) == ("recoded", 1)


def test_page_that_changes_at_every_fetch_is_capped(connection: DuckDBPyConnection) -> None:
    for number in range(1, 16):
        store_articles(connection, [coded("one", f"Views: {number}.", fetched_at=NOW + timedelta(hours=number))])
    kept = connection.execute("SELECT version, text FROM article_versions ORDER BY version").fetchall()
    assert [version for version, _ in kept] == list(range(1, 16)), "every version stays on record"
    assert [version for version, text in kept if text] == [1, *range(6, 16)]
    assert run_checks(connection) == ()


@pytest.mark.parametrize(("current", "dropped"), [(1, []), (2, []), (11, []), (12, [2]), (14, [2, 3, 4])], ids=str)
def test_superseded_texts(current: int, dropped: list[int]) -> None:
    assert list(superseded_texts(current)) == dropped


def _faulty() -> list[tuple[str, CodedArticle]]:
    article = article_of("Some 40 patients waited.")
    figure = figure_at(article, 1, "40 patients", 40)
    mention = mention_at(article, 1, "waited", "capacity")
    return [
        ("not at", coded(article=article, figures=[replace(figure, char_start=6, char_end=17)])),
        ("not at", coded(article=article, themes=[replace(mention, char_start=-6, char_end=23)])),
        ("which is not there", coded(article=article, figures=[replace(figure, paragraph_no=2)])),
        ("figure at (1, 5) comes twice", coded(article=article, figures=[figure, figure])),
        ("comes twice", coded(article=article, themes=[mention, mention])),
        ("a figure that is not there", coded(article=article, figures=[replace(figure, change_from=1)])),
        ("a figure that is not there", coded(article=article, figures=[replace(figure, change_from=0)])),
        ("comes twice", coded(article=replace(article, paragraphs=article.paragraphs * 2))),
    ]


@pytest.mark.parametrize(("word", "article"), _faulty())
def test_faulty_article_is_refused_with_its_batch(
    connection: DuckDBPyConnection, word: str, article: CodedArticle
) -> None:
    with pytest.raises(InvalidArticleError) as caught:
        store_articles(connection, [coded("sound"), article])
    assert list(caught.value.faults) == [article.article_id]
    assert word in str(caught.value)
    assert contents(connection, "articles") == {"articles": Counter()}


def test_article_twice_in_a_batch_is_refused(connection: DuckDBPyConnection) -> None:
    with pytest.raises(InvalidArticleError, match="comes twice in the batch"):
        store_articles(connection, [coded(), coded()])


@pytest.mark.parametrize("at_once", [True, False])
def test_same_page_is_never_two_articles(connection: DuckDBPyConnection, at_once: bool) -> None:
    second = replace(coded("two"), url=coded("one").url)
    if not at_once:
        store_articles(connection, [coded("one")])
    with pytest.raises(InvalidArticleError, match="load it as that article"):
        store_articles(connection, [coded("one"), second] if at_once else [second])
    assert connection.execute("SELECT count(*) FROM articles").fetchone() == (0 if at_once else 1,)


def test_error_in_the_middle_leaves_nothing(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [rich()])
    before = contents(connection)
    article = article_of("Some 40 patients waited.")
    broken = figure_at(article, 1, "40 patients", 40, kind=None)  # refused only by the table, after rows were deleted
    with pytest.raises(duckdb.ConstraintException):
        store_articles(connection, [coded(article=article), coded("two", article=article, figures=[broken])])
    assert contents(connection) == before
    assert [loaded.outcome for loaded in store_articles(connection, [coded("three")])] == ["new"]


def test_addresses_are_learned_and_found_again(connection: DuckDBPyConnection) -> None:
    amp, other = "https://example.org/one/amp", "https://example.org/one?utm_source=x"
    store_articles(connection, [coded(addresses=(coded().url, amp))])
    [loaded] = store_articles(connection, [coded(addresses=(coded().url, other))])
    assert loaded.outcome == "unchanged"
    name = coded().article_id
    assert known_articles(connection, [amp, other, coded().url, "https://unknown.example"]) == {
        amp: name, other: name, coded().url: name,
    }  # fmt: skip


def test_article_that_moves_keeps_its_old_address(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [coded()])
    store_articles(connection, [replace(coded(), url="https://example.org/new")])
    assert connection.execute("SELECT url, kind FROM article_addresses ORDER BY url").fetchall() == [
        ("https://example.org/new", "main"),
        ("https://example.org/one", "alias"),
    ]
    assert run_checks(connection) == ()


def test_alias_of_one_article_becomes_the_address_of_another(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [coded("one", addresses=(coded("two").url,))])
    store_articles(connection, [coded("two", addresses=(coded("one").url,))])
    assert known_articles(connection, [coded("one").url, coded("two").url]) == {
        coded("one").url: coded("one").article_id,
        coded("two").url: coded("two").article_id,
    }
    assert run_checks(connection) == ()


def test_themes_of_the_codebook_are_replaced(connection: DuckDBPyConnection) -> None:
    assert not store_themes(connection, THEMES), "as before"
    assert store_themes(connection, THEMES[1:])
    assert connection.execute("SELECT theme_id FROM themes ORDER BY 1").fetchall() == [("incentives",), ("trust",)]


def _state(name: str, text: int, findings: int) -> CodedArticle:
    article = article_of(f"Some {text} patients waited.", "And so on 😀.")
    figures = [figure_at(article, 1, f"{text} patients", text)] if findings % 2 else []
    themes = [mention_at(article, 2, "so on 😀", "trust", score=float(findings))] if findings else []
    return coded(name, article=article, figures=figures, themes=themes)


STATES = st.builds(_state, st.sampled_from(["one", "two", "three"]), st.integers(1, 3), st.integers(0, 3))


def _states(connection: DuckDBPyConnection) -> list[Any]:
    same = contents(connection, "paragraphs", "figures", "theme_mentions", "article_addresses")
    articles = connection.execute("SELECT * EXCLUDE (version) FROM articles ORDER BY article_id").fetchall()
    return [same, articles]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(STATES, max_size=3, unique_by=lambda coded: coded.article_id), max_size=5))
def test_any_history_ends_in_the_state_loaded_last(
    connection: DuckDBPyConnection, batches: list[list[CodedArticle]]
) -> None:
    for batch in batches:
        store_articles(connection, batch)
    assert run_checks(connection) == ()
    history = _states(connection)

    _empty(connection)
    last = {article.article_id: article for batch in batches for article in batch}
    store_articles(connection, list(last.values()))
    assert history == _states(connection)
    _empty(connection)


def _empty(connection: DuckDBPyConnection) -> None:
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
