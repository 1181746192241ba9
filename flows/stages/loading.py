"""Loading one batch of coded articles; a faulty article is put aside and the rest of its batch is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from flows.stages.identity import identified
from flows.stages.material import PutAside
from warehouse.errors import InvalidArticleError
from warehouse.journal import Journal, RawRecord
from warehouse.load import known_articles, load_articles, stored_states
from warehouse.records import CodedArticle, Loaded


@dataclass(frozen=True, slots=True)
class BatchLoaded:
    """What loading a batch did: each article with its outcome, and those that could not be loaded."""

    articles: tuple[tuple[CodedArticle, Loaded], ...]
    put_aside: tuple[PutAside, ...]


def load_batch(connection: DuckDBPyConnection, journal: Journal, coded: Sequence[CodedArticle]) -> BatchLoaded:
    """Load articles in one transaction, each under the id by which it is known already.

    New bytes are noted in the journal first, so that a warehouse can be rebuilt from the raw store alone.

    Raises:
        DiskFullError: no room; nothing of the batch is loaded.
    """
    known = known_articles(connection, [url for one in coded for url in (one.url, *one.addresses)])
    named = {one.article_id: one for one in (identified(article, known) for article in coded)}
    _note_bytes(connection, journal, list(named.values()))
    put_aside: list[PutAside] = []
    while True:
        try:
            loaded = load_articles(connection, list(named.values()))
        except InvalidArticleError as error:
            put_aside += [_fault(named.pop(article_id), faults) for article_id, faults in error.faults.items()]
        else:
            return BatchLoaded(tuple(zip(named.values(), loaded, strict=True)), tuple(put_aside))


def _note_bytes(connection: DuckDBPyConnection, journal: Journal, coded: Sequence[CodedArticle]) -> None:
    stored = stored_states(connection, [one.article_id for one in coded])
    journal.append(
        RawRecord(
            raw_hash=one.raw_hash,
            url=one.url,
            source_id=one.source_id,
            content_type=one.content_type,
            fetched_at=one.fetched_at,
            addresses=one.addresses,
            article_id=one.article_id,
        )
        for one in coded
        if one.article_id not in stored or stored[one.article_id].raw_hash != one.raw_hash
    )


def _fault(article: CodedArticle, faults: Sequence[str]) -> PutAside:
    return PutAside(
        article.url,
        "load",
        "invalid_article",
        f"{article.url}: the extractors contradict themselves ({'; '.join(faults)}); please report it with the page",
    )
