"""Full-text search over paragraphs, titles and authors with ranking: the upkeep of its index, and asking it.

The index is made of plain tables (migration 0003) and asked by the macro `search(query)` of the snapshot, in pure SQL:
an analyst's DuckDB needs no extension for it. Only the stemmer, at indexing, comes from DuckDB's full-text extension,
which is loaded from its Python package; where that does not fit the DuckDB installed, words are indexed as they are.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database import transaction
from warehouse.rows import SQL as ROWS_SQL
from warehouse.rows import select_as, staged_values
from warehouse.sql import statements
from warehouse.target import extension_file

SQL = statements(__file__)

# Bounds the memory of the word lists while indexing.
BATCH_ARTICLES = 2_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that was found; of the query's words `words_matched` occur in it, the others in its title or article.

    `published` is the date as exactly as it is known; `copies` other articles carry the same paragraph.
    """

    score: float
    words_matched: int
    text: str
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    published_on: date | None
    url: str
    copies: int
    kind: str
    article_id: str
    paragraph_no: int


def search(connection: DuckDBPyConnection, query: str, limit: int = 20) -> tuple[Passage, ...]:
    """The paragraphs that speak of the words of a query, best first; empty if none does.

    Words match in all their forms ("waits" finds "waiting") and in any order, those in quotation marks as they stand.
    All words come before some, prose before headings; titles and authors are searched too, and copies are folded.
    """
    return select_as(connection, Passage, SQL("search"), [query, limit])


def refresh_search(connection: DuckDBPyConnection) -> int:
    """Bring the index up to date with the articles; returns how many were indexed anew. Each batch is a transaction."""
    if not _stale(connection):
        return 0
    stemmer = "english" if load_fts(connection) else "none"
    if connection.execute(SQL("search_state")).fetchone() != (stemmer,):
        _clear(connection, stemmer)
    indexed = 0
    while stale := _stale(connection):
        _index(connection, stale, stemmer)
        indexed += len(stale)
    return indexed


def load_fts(connection: DuckDBPyConnection) -> bool:
    """Load DuckDB's full-text extension from its package, never from the network; returns whether it fits."""
    path = fts_extension()
    if path is None:
        return False
    try:
        connection.load_extension(str(path))
    except duckdb.Error:
        return False
    return True


def fts_extension() -> Path | None:
    """The extension's file for the DuckDB installed; None if its package is missing or for another version."""
    path = extension_file("fts")
    return path if path is not None and path.exists() else None


def _stale(connection: DuckDBPyConnection) -> list[str]:
    rows = connection.execute(SQL("search_stale_articles"), [BATCH_ARTICLES]).fetchall()
    return [str(row[0]) for row in rows]


def clear_search(connection: DuckDBPyConnection) -> None:
    """Drop the index: `refresh_search` makes it anew."""
    _clear(connection, "none")
    with transaction(connection):
        connection.execute(ROWS_SQL("delete_all", table="search_state"))


def _clear(connection: DuckDBPyConnection, stemmer: str) -> None:
    with transaction(connection):
        for table in ("search_state", "search_articles", "search_passages", "search_words", "search_postings"):
            connection.execute(ROWS_SQL("delete_all", table=table))
        connection.execute(SQL("write_search_state"), [stemmer])


# The stem of a word, by the stemmer's name in `search_state`.
STEMS = {"english": "stem(word, 'english')", "none": "word"}
# In their order: what is known of the batch's articles goes, then passages, words, postings and articles are added.
INDEXING = (
    "forget_search_postings",
    "forget_search_passages",
    "forget_search_articles",
    "index_passages",
    "index_tokens",
    "index_words",
    "index_postings",
    "count_passage_words",
    "drop_index_tokens",
    "index_articles",
)


def _index(connection: DuckDBPyConnection, article_ids: list[str], stemmer: str) -> None:
    with transaction(connection), staged_values(connection, article_ids):
        for name in INDEXING:
            connection.execute(SQL(name, stem=STEMS[stemmer]) if name == "index_words" else SQL(name))
