"""Articles that were coded by other extractors or another codebook than those in force."""

from dataclasses import dataclass
from datetime import date, datetime

from duckdb import DuckDBPyConnection

from warehouse.rows import select_as
from warehouse.sql import statement

MANIFEST = "manifest"
"""The method of metadata that a manifest states: it is not in the bytes, so it is handed on from row to row."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What is needed to read an article's bytes again; metadata only where a manifest stated it."""

    article_id: str
    url: str
    addresses: tuple[str, ...]
    source_id: str
    raw_hash: str
    content_type: str
    fetched_at: datetime
    title: str | None
    publisher: str | None
    authors: tuple[str, ...]
    published_on: date | None
    published_precision: str | None


def out_of_date(
    connection: DuckDBPyConnection, *, extractor_version: str, codebook_version: str, since: datetime | None = None
) -> tuple[StoredArticle, ...]:
    """The articles to code anew, in order of article_id; with `since` only those fetched at that time or later."""
    parameters = {
        "stated": MANIFEST,
        "extractor_version": extractor_version,
        "codebook_version": codebook_version,
        "since": since,
    }
    return select_as(connection, StoredArticle, statement("out_of_date"), parameters)
