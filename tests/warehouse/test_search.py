"""Full-text search: word forms, ranking, and an index that follows the articles."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from extractors.article.model import Article, ParagraphKind, Published
from tests.warehouse import searches
from tests.warehouse.builders import NOW, article_of, coded
from warehouse import search as search_module
from warehouse.articles import store_articles
from warehouse.database import open_snapshot, open_warehouse
from warehouse.publish import publish
from warehouse.search import refresh_search, search
from warehouse.watched import reject
from warehouse.workspace import Workspace


@pytest.fixture
def indexed(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """A warehouse of a few articles, indexed."""
    store_articles(
        connection,
        [
            coded("capital", "Private capital could rebuild hospitals.", "Capital is scarce."),
            coded("waits", "Waiting lists grew while patients waited.", "The NHS’s lists are long; waits are longer."),
            coded(
                "sale",
                "They call it privatisation: it is not privatised.",
                "Café owners cross the Ænglish sea.",
            ),
        ],
    )
    assert refresh_search(connection) == 3
    return connection


def _found(connection: DuckDBPyConnection, query: str) -> list[str]:
    return [passage.text for passage in search(connection, query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("waiting list", "Waiting lists grew while patients waited."),
        ("WAITED", "Waiting lists grew while patients waited."),
        ("hospital", "Private capital could rebuild hospitals."),
        ("private capital", "Private capital could rebuild hospitals."),
        ("scarce capital", "Capital is scarce."),
        ("privatising", "They call it privatisation: it is not privatised."),
        ("privatiser", "They call it privatisation: it is not privatised."),
        ("cafe", "Café owners cross the Ænglish sea."),
        ("the NHS's", "The NHS’s lists are long; waits are longer."),
        ("nonsensical gibberish scarcity", "Capital is scarce."),
    ],
)
def test_words_are_found_in_all_their_forms(indexed: DuckDBPyConnection, query: str, first: str) -> None:
    assert _found(indexed, query)[0] == first


@pytest.mark.parametrize("query", ["", "   ", "the of and", "zzzz", "😀", "'; DROP TABLE articles; --x", "%", "*"])
def test_nothing_to_find_finds_nothing(indexed: DuckDBPyConnection, query: str) -> None:
    assert _found(indexed, query) == []


def test_more_matching_words_rank_higher(indexed: DuckDBPyConnection) -> None:
    passages = search(indexed, "private capital rebuild")
    assert [passage.words_matched for passage in passages] == [3, 1]
    assert passages[0].score > passages[1].score > 0
    assert (passages[0].paragraph_no, passages[0].publisher) == (1, "The Think Tank")


def _article(
    *paragraphs: tuple[ParagraphKind, str], title: str = "A title", authors: tuple[str, ...] = ("A. Writer",)
) -> Article:
    read = article_of(*(text for _, text in paragraphs), title=title)
    kinds = tuple(replace(one, kind=kind) for one, (kind, _) in zip(read.paragraphs, paragraphs, strict=True))
    return replace(read, paragraphs=kinds, authors=authors)


@pytest.fixture
def library(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """Articles with headings, authors and a copy."""
    debt = "The charge repays what was borrowed for the building, with interest, for thirty years to come."
    first = coded(
        "pfi",
        article=_article(
            ("heading", "Debt and the private finance initiative"),
            ("prose", debt),
            ("prose", "A debt is owed on every private finance initiative hospital in the county, and it grows."),
            title="The mortgage we never signed",
            authors=("Ngozi Ó Briain",),
        ),
    )
    copy = coded("copy", article=_article(("prose", debt), title="Carried again"), duplicate_of=first.article_id)
    other = coded(
        "debt",
        article=_article(("prose", "Debt, debt and more debt: private homes have debts."), title="Care homes"),
    )
    store_articles(connection, [copy, other, first])
    refresh_search(connection)
    return connection


def test_all_words_come_before_some_and_prose_before_headings(library: DuckDBPyConnection) -> None:
    found = _found(library, "private finance initiative debt")
    assert found[0].startswith("A debt is owed")
    assert found.index("Debt and the private finance initiative") > 0
    assert found.index("Debt, debt and more debt: private homes have debts.") > 0


def test_words_in_quotation_marks_stand_as_they_are_asked_for(library: DuckDBPyConnection) -> None:
    for query in ('"private finance" debt', "“private finance” debt", '"Private Finance Initiative"'):
        assert {text[:6] for text in _found(library, query)} == {"A debt", "Debt a"}, query
    assert _found(library, '"finance private"') == []
    assert len(_found(library, 'debt "')) == 3


def test_titles_and_authors_are_searched(library: DuckDBPyConnection) -> None:
    [by_author] = search(library, "o briain")
    assert (by_author.authors, by_author.words_matched) == (("Ngozi Ó Briain",), 0)
    assert by_author.text.startswith("The charge repays")  # the first paragraph of prose stands for the article
    assert search(library, "mortgage debt")[0].title == "The mortgage we never signed"
    assert [passage.title for passage in search(library, '"mortgage we never signed"')] == [
        "The mortgage we never signed"
    ]


def test_copies_are_folded_and_counted(library: DuckDBPyConnection) -> None:
    [passage] = search(library, "interest for thirty years")
    assert (passage.title, passage.copies) == ("The mortgage we never signed", 1)


def test_a_year_is_shown_as_a_year(connection: DuckDBPyConnection) -> None:
    article = replace(article_of("Waiting lists grew."), published=Published(date(2019, 1, 1), "year", "header"))
    store_articles(connection, [coded(article=article)])
    refresh_search(connection)
    assert [passage.published for passage in search(connection, "waiting")] == ["2019"]


@pytest.mark.timeout(300)
def test_twenty_searches_find_what_was_judged_right(connection: DuckDBPyConnection) -> None:
    searches.load_corpus(connection)
    found = searches.right(connection)
    assert sum(found[:10]) >= 44, found
    assert sum(found) >= 82, found


def test_limit_is_kept(indexed: DuckDBPyConnection) -> None:
    assert len(search(indexed, "capital waits lists", limit=1)) == 1


def test_index_follows_the_articles(indexed: DuckDBPyConnection) -> None:
    assert refresh_search(indexed) == 0
    store_articles(indexed, [coded("capital", "Now it speaks of pharmacies."), coded("new", "A new pharmacy.")])
    assert refresh_search(indexed) == 2
    assert _found(indexed, "capital") == []
    assert sorted(_found(indexed, "pharmacy")) == ["A new pharmacy.", "Now it speaks of pharmacies."]
    fresh = _scores_of_a_fresh_index(indexed, "pharmacy lists")
    assert [(passage.text, passage.score) for passage in search(indexed, "pharmacy lists")] == fresh


def _scores_of_a_fresh_index(connection: DuckDBPyConnection, query: str) -> list[tuple[str, float]]:
    connection.execute("UPDATE search_state SET stemmer = 'of the past'")
    connection.execute("UPDATE search_articles SET content_hash = 'old' WHERE true")
    assert refresh_search(connection) == 4
    return [(passage.text, passage.score) for passage in search(connection, query)]


def test_recoding_alone_indexes_nothing(indexed: DuckDBPyConnection) -> None:
    texts = ("Private capital could rebuild hospitals.", "Capital is scarce.")
    [loaded] = store_articles(indexed, [coded("capital", *texts, relevance=0.5)])
    assert loaded.outcome == "recoded"
    assert refresh_search(indexed) == 0


def test_search_works_without_the_extension(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extension does not fit the DuckDB installed, words are found as they are, and publishing goes on."""
    monkeypatch.setattr(search_module, "fts_extension", lambda: None)
    with open_warehouse(workspace) as connection:
        store_articles(connection, [coded("one", "Waiting lists grew.")])
    publish(workspace)
    with open_snapshot(workspace) as connection:
        assert _found(connection, "lists") == ["Waiting lists grew."]
        assert _found(connection, "list") == []


def test_extension_that_does_not_load_is_done_without(
    connection: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "fts.duckdb_extension"
    broken.write_bytes(b"not an extension")
    monkeypatch.setattr(search_module, "fts_extension", lambda: broken)
    assert not search_module.load_fts(connection)
    store_articles(connection, [coded()])
    assert refresh_search(connection) == 1


def test_extension_of_this_duckdb_is_found() -> None:
    path = search_module.fts_extension()
    assert path is not None
    assert f"v{duckdb.__version__}" in str(path)


def test_withdrawn_article_is_found_no_more(indexed: DuckDBPyConnection) -> None:
    reject(indexed, coded("capital").url, NOW)
    assert refresh_search(indexed) == 1
    assert _found(indexed, "capital hospitals") == []
    assert refresh_search(indexed) == 0
    assert indexed.execute("SELECT count(DISTINCT article_id) FROM search_passages").fetchone() == (2,)
