"""Loading one batch of coded articles: which article each is, whose copy it is, what an edit changed."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from duckdb import DuckDBPyConnection

from extractors.changes import Version, what_changed
from extractors.duplicates import find_near_duplicates, signature
from flows.stages.identity import one_site
from flows.stages.material import PutAside
from flows.stages.naming import alike, named
from warehouse.errors import InvalidArticleError
from warehouse.findings import change_rows, stored_version
from warehouse.journal import Journal
from warehouse.load import learn_addresses, load_articles, stored_states
from warehouse.material import Material
from warehouse.records import CodedArticle, Loaded
from warehouse.syndication import name_original, syndicated_copies
from warehouse.version_changes import VersionChange


@dataclass(frozen=True, slots=True)
class BatchLoaded:
    """What loading a batch did.

    `articles` are those loaded with their outcomes; `aliases` pages that are another address of an article already
    loaded, with its article_id; `put_aside` those that could not be loaded.
    """

    articles: tuple[tuple[CodedArticle, Loaded], ...]
    aliases: tuple[tuple[CodedArticle, str], ...]
    put_aside: tuple[PutAside, ...]


def load_batch(
    connection: DuckDBPyConnection,
    journal: Journal,
    coded: Sequence[CodedArticle],
    originals: MutableMapping[str, bytes],
    materials: Sequence[Material],
) -> BatchLoaded:
    """Load articles in one transaction, each under the id by which it is known already, copies marked as such.

    New bytes are noted in the journal first, so that a warehouse can be rebuilt from the raw store alone.

    Args:
        connection: to the pipeline's database.
        journal: of the raw store.
        coded: the articles.
        originals: signatures of the originals that are loaded, oldest first; brought up to date.
        materials: what the articles were read from, in any order; local files do not replace what the web has had
            since, and articles that are recoded stay the articles that they are.

    Raises:
        DiskFullError: no room; nothing of the batch is loaded.
    """
    found = named(connection, coded, materials)
    earlier = _earlier_copies(connection, found.articles)
    for copy in chain.from_iterable(earlier.values()):
        originals.pop(copy, None)
    signatures = {article_id: signature(one.article.text) for article_id, one in found.articles.items()}
    copies = find_near_duplicates(signatures, originals)
    articles = {name: replace(one, duplicate_of=copies.get(name)) for name, one in found.articles.items()}
    _note_bytes(connection, journal, list(articles.values()), materials)
    loaded, put_aside = _loaded(connection, articles, signatures)
    for original, earlier_copies in earlier.items():
        if original in articles:
            name_original(connection, earlier_copies, copies.get(original, original))
    for one, article_id in found.aliases:
        learn_addresses(connection, article_id, (one.url, *one.addresses))
    originals.update({name: signatures[name] for name in articles if name not in copies})
    return BatchLoaded(tuple(zip(articles.values(), loaded, strict=True)), tuple(found.aliases), tuple(put_aside))


def _earlier_copies(connection: DuckDBPyConnection, named: Mapping[str, CodedArticle]) -> dict[str, list[str]]:
    """Stored articles whose own pages say that they come from articles of this batch, by the id of the original.

    What a site takes from another one may come in first; it is the copy all the same.
    """
    at = {url: name for name, one in named.items() for url in (one.url, *one.addresses) if one_site(one.url, url)}
    found: dict[str, list[str]] = {}
    for copy in syndicated_copies(connection, at):
        original = at[copy.syndicated_from]
        if copy.article_id != original and not one_site(copy.url, copy.syndicated_from):
            found.setdefault(original, []).append(copy.article_id)
    return {
        original: same
        for original, copies in found.items()
        if (same := alike(connection, signature(named[original].article.text), copies))
    }


def _loaded(
    connection: DuckDBPyConnection, named: dict[str, CodedArticle], signatures: Mapping[str, bytes]
) -> tuple[tuple[Loaded, ...], list[PutAside]]:
    """Load all; a faulty article is taken out of `named` and put aside, and the rest of the batch is loaded."""
    put_aside: list[PutAside] = []
    edits = _edits(connection, named.values())
    while True:
        try:
            signed = {article_id: signatures[article_id] for article_id in named}
            return load_articles(connection, list(named.values()), signatures=signed, changes=edits), put_aside
        except InvalidArticleError as error:
            put_aside += [_fault(named.pop(article_id), faults) for article_id, faults in error.faults.items()]


def _edits(connection: DuckDBPyConnection, coded: Iterable[CodedArticle]) -> dict[str, tuple[VersionChange, ...]]:
    """What changed in the figures and themes of the articles whose text is another than the one stored."""
    by_id = {one.article_id: one for one in coded}
    edited = [
        by_id[article_id]
        for article_id, state in stored_states(connection, by_id).items()
        if state.content_hash != by_id[article_id].content_hash
    ]
    return {
        one.article_id: change_rows(
            what_changed(
                stored_version(connection, one.article_id), Version(one.article.paragraphs, one.figures, one.themes)
            )
        )
        for one in edited
    }


def _note_bytes(
    connection: DuckDBPyConnection, journal: Journal, coded: Sequence[CodedArticle], materials: Sequence[Material]
) -> None:
    stored = stored_states(connection, [one.article_id for one in coded])
    read_from = {(material.url, material.raw_hash): material for material in materials}
    journal.append(
        replace(
            read_from[one.addresses[0], one.raw_hash],
            open_url=one.url,
            addresses=one.addresses,
            article_id=one.article_id,
            trusted=True,
        )
        for one in coded
        if one.article_id not in stored or stored[one.article_id].raw_hash != one.raw_hash
    )


def _fault(article: CodedArticle, faults: Sequence[str]) -> PutAside:
    return PutAside(
        article.addresses[0],  # as the page is booked, so that its next reading settles it
        "load",
        "invalid_article",
        f"{article.url}: the extractors contradict themselves ({'; '.join(faults)}); please report it with the page",
    )
