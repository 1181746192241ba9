"""Loading one batch of coded articles: which article each is, whose copy it is, what an edit changed."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace

from duckdb import DuckDBPyConnection

from extractors.changes import Version, what_changed
from extractors.duplicates import find_near_duplicates, signature
from extractors.web.address import same_page
from flows.stages.identity import known_as, merged
from flows.stages.material import PutAside
from warehouse.errors import InvalidArticleError
from warehouse.findings import change_rows, stored_version
from warehouse.journal import Journal
from warehouse.load import StoredState, known_articles, learn_addresses, load_articles, loaded_bytes, stored_states
from warehouse.material import Material
from warehouse.records import CodedArticle, Loaded
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
    named, aliases = _named(connection, coded, materials)
    signatures = {article_id: signature(one.article.text) for article_id, one in named.items()}
    copies = find_near_duplicates(signatures, originals)
    named = {article_id: replace(one, duplicate_of=copies.get(article_id)) for article_id, one in named.items()}
    _note_bytes(connection, journal, list(named.values()), materials)
    loaded, put_aside = _loaded(connection, named, signatures)
    for one, article_id in aliases:
        learn_addresses(connection, article_id, (one.url, *one.addresses))
    originals.update({name: signatures[name] for name in named if name not in copies})
    return BatchLoaded(tuple(zip(named.values(), loaded, strict=True)), tuple(aliases), tuple(put_aside))


def _named(
    connection: DuckDBPyConnection, coded: Sequence[CodedArticle], materials: Sequence[Material]
) -> tuple[dict[str, CodedArticle], list[tuple[CodedArticle, str]]]:
    """The articles under their ids, and those pages that only are another address of one."""
    local = {material.raw_hash for material in materials if material.local}
    recoded = {material.article_id for material in materials if material.recoded}
    known = known_articles(connection, [url for one in coded for url in (one.url, *one.addresses)])
    found = [
        one if one.article_id in recoded else replace(one, article_id=known_as(one, known) or one.article_id)
        for one in coded
    ]
    stored = stored_states(connection, [one.article_id for one in found])
    older = loaded_bytes(connection, [one.article_id for one in found])
    named: dict[str, CodedArticle] = {}
    aliases: list[tuple[CodedArticle, str]] = []
    for one in found:
        state = stored.get(one.article_id)
        if one.article_id in named:
            named[one.article_id] = merged(named[one.article_id], one)
            aliases.append((one, one.article_id))
        elif one.article_id in recoded:
            named[one.article_id] = one
        elif state is not None and _is_another_address(one, state, known):
            aliases.append((one, one.article_id))
        elif one.raw_hash in local and _is_superseded(one, state, older):
            continue
        else:
            named[one.article_id] = one
    return named, aliases


def _is_another_address(one: CodedArticle, state: StoredState, known: Mapping[str, str]) -> bool:
    """Whether a page is an alias of a stored article: only the page at its main address may change an article, or two
    pages of one text (a print version, a syndicated copy) would take turns in making versions of it."""
    if known.get(one.url) == one.article_id and one.url == state.url:
        return False
    return not any(same_page(address, state.url) or address == state.url for address in (one.url, *one.addresses[:1]))


def _is_superseded(one: CodedArticle, state: StoredState | None, older: Mapping[str, frozenset[str]]) -> bool:
    """Whether a local file holds an earlier version of what is stored: the web has changed the article since."""
    return state is not None and state.raw_hash != one.raw_hash and one.raw_hash in older.get(one.article_id, ())


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
        article.url,
        "load",
        "invalid_article",
        f"{article.url}: the extractors contradict themselves ({'; '.join(faults)}); please report it with the page",
    )
