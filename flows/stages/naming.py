"""Which article each page of a batch is: a known one, a new one, or only another address of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from duckdb import DuckDBPyConnection

from extractors.duplicates import THRESHOLD, signature, similarity
from extractors.web.address import same_page
from flows.stages.identity import known_as, merged, one_site, origins
from warehouse.identity import article_id
from warehouse.load import StoredState, known_articles, loaded_bytes, stored_states
from warehouse.material import Material
from warehouse.records import CodedArticle
from warehouse.signatures import stored_signatures


@dataclass(frozen=True, slots=True)
class Named:
    """Articles under their ids, and those pages that only are another address of one, with its id."""

    articles: dict[str, CodedArticle] = field(default_factory=dict)
    aliases: list[tuple[CodedArticle, str]] = field(default_factory=list)


def named(connection: DuckDBPyConnection, coded: Sequence[CodedArticle], materials: Sequence[Material]) -> Named:
    """Which article each page is. Those that say they come from elsewhere are looked at after all others."""
    pages = sorted(coded, key=lambda one: bool(origins(one)))
    return _Naming(connection, pages, materials).run()


class _Naming:
    """The naming of one batch."""

    def __init__(
        self, connection: DuckDBPyConnection, pages: Sequence[CodedArticle], materials: Sequence[Material]
    ) -> None:
        self._connection = connection
        self._local = {material.raw_hash for material in materials if material.local}
        self._recoded = {material.article_id for material in materials if material.recoded}
        self._loaded_before = {material.article_id for material in materials if material.article_id}
        addresses = [url for one in pages for url in (one.url, *one.addresses, *origins(one))]
        self._known = known_articles(connection, addresses)
        stored = stored_states(connection, {*self._known.values(), *(one.article_id for one in pages)})
        self._stored = stored
        self._urls = {name: state.url for name, state in stored.items()}
        self._pages = [self._under_its_id(one) for one in pages]
        self._older = loaded_bytes(connection, [one.article_id for one in self._pages])
        self._named = Named()

    def run(self) -> Named:
        for one in self._pages:
            original = self._original(one)
            if original is not None:
                self._named.aliases.append((one, original))
            else:
                self._take(one)
        return self._named

    def _under_its_id(self, one: CodedArticle) -> CodedArticle:
        if one.article_id in self._recoded:
            return one
        known = known_as(one, self._known, self._urls)
        if known is None and one.article_id in self._urls and not one_site(self._urls[one.article_id], one.url):
            # The id of its address is that of an article which another site serves by now.
            known = article_id(f"{one.url} beside {one.article_id}")
        return replace(one, article_id=known or one.article_id)

    def _original(self, one: CodedArticle) -> str | None:
        """The article of another site that a new page is a copy of by its own word, if that site has the same text."""
        if one.article_id in self._stored or one.article_id in self._loaded_before:
            return None
        text = signature(one.article.text) if origins(one) else b""
        for url in origins(one):
            there = next((other for other in self._named.articles.values() if _is_at(other, url)), None)
            if there is not None and similarity(signature(there.article.text), text) >= THRESHOLD:
                return there.article_id
            known = self._known.get(url)
            if known is not None and one_site(self._urls[known], url) and alike(self._connection, text, [known]):
                return known
        return None

    def _take(self, one: CodedArticle) -> None:
        state = self._stored.get(one.article_id)
        articles = self._named.articles
        if one.article_id in articles:
            articles[one.article_id] = merged(articles[one.article_id], one)
            self._named.aliases.append((one, one.article_id))
        elif one.article_id in self._recoded:
            articles[one.article_id] = one
        elif state is not None and _is_another_address(one, state, self._known):
            self._named.aliases.append((one, one.article_id))
        elif not (one.raw_hash in self._local and self._is_superseded(one, state)):
            articles[one.article_id] = one

    def _is_superseded(self, one: CodedArticle, state: StoredState | None) -> bool:
        """Whether a local file holds an earlier version of what is stored: the web has changed the article since."""
        older = self._older.get(one.article_id, frozenset())
        return state is not None and state.raw_hash != one.raw_hash and one.raw_hash in older


def alike(connection: DuckDBPyConnection, text: bytes, article_ids: Iterable[str]) -> list[str]:
    """Those of these articles whose text is nearly that of a signature."""
    stored = stored_signatures(connection, article_ids)
    return [name for name, known in stored.items() if similarity(known, text) >= THRESHOLD]


def _is_at(one: CodedArticle, url: str) -> bool:
    return url in (one.url, *one.addresses) and one_site(one.url, url)


def _is_another_address(one: CodedArticle, state: StoredState, known: Mapping[str, str]) -> bool:
    """Whether a page is an alias of a stored article: only the page at its main address may change an article, or two
    pages of one text (a print version) would take turns in making versions of it."""
    if known.get(one.url) == one.article_id and one.url == state.url:
        return False
    return not any(same_page(address, state.url) or address == state.url for address in (one.url, *one.addresses[:1]))
