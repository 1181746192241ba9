"""Which article a coded page is: known under one of its addresses already, another's copy, or new. Pure decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from duckdb import DuckDBPyConnection

from extractors.duplicates import THRESHOLD, signature, similarity
from extractors.web.address import BadAddressError, canonical, same_page, same_site, site_of
from warehouse.articles import StoredState, known_articles, stored_hashes, stored_signatures_of, stored_states
from warehouse.coded import CodedArticle, article_id
from warehouse.raw_store import Material

# Sections are called "news" or "insights"; an article's slug is at least two words long.
_ARTICLE_SLUG = 12


def believed_link(page_url: str, canonical_link: str | None) -> str | None:
    """The canonical link of a page where it can be believed to name the same page, else None.

    Sites are known to name their home page, or a section, as the canonical address of every article; believing that
    would fold all their articles into one. So a canonical link counts only if it is as deep as an article's address,
    or ends in the same slug. And a site has a say over its own addresses only: what a page says of another site's is
    no more than `claimed_origin`. A file of the operator's without an address is believed.
    """
    named = _deep_enough(page_url, canonical_link)
    if named is None or (page_url.startswith("http") and not one_site(page_url, named)):
        return None
    return canonical_link


def claimed_origin(page_url: str, canonical_link: str | None) -> str | None:
    """The identity of the page on another site that a page says it was taken from; None where it says no such thing.

    A host under the same name is not another publisher, though it may not be folded into this one either.
    """
    named = _deep_enough(page_url, canonical_link)
    if named is None or not page_url.startswith("http") or same_site(page_url, named):
        return None
    return named


def own_identity(page_url: str, booked_as: str) -> str:
    """The identity of a page by the site that serves it, where it was booked under an address that led there."""
    if one_site(page_url, booked_as):
        return booked_as
    identity = canonical(page_url) if page_url.startswith("http") else page_url
    return identity if one_site(page_url, identity) else page_url  # as served by a cache of other sites' pages


def one_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site, which answers for both."""
    return _site(one) == _site(other)


def _site(url: str) -> str:
    try:
        return site_of(url)
    except BadAddressError:
        return url


def _deep_enough(page_url: str, canonical_link: str | None) -> str | None:
    if canonical_link is None:
        return None
    try:
        named = canonical(canonical_link)
        path = urlsplit(page_url).path
        # How deep an operator's folders are says nothing of a page that he saved there.
        path = path if page_url.startswith("http") else f"/{_slug(path)}"
        return named if _same_depth(path, urlsplit(named).path) else None
    except ValueError:  # BadAddressError among them
        return None


def _same_depth(page_path: str, other_path: str) -> bool:
    if not other_path.strip("/"):
        return not page_path.strip("/")
    if _slug(page_path) == _slug(other_path):
        return True
    return len(_slug(other_path)) >= _ARTICLE_SLUG and other_path.count("/") >= page_path.rstrip("/").count("/") - 1


def known_as(coded: CodedArticle, known: Mapping[str, str], urls: Mapping[str, str]) -> str | None:
    """The id of the article that is known under one of this one's addresses, its main one first; None for a new one.

    Only an article of the site that serves this page can be meant: a site that leads to another one's page, or is led
    to by it, has no part in that page's article.

    Args:
        coded: the page.
        known: article_ids by address, for the addresses that the warehouse knows.
        urls: main addresses by article_id.
    """
    found = (known[address] for address in (coded.url, *coded.addresses) if address in known)
    return next((article_id for article_id in found if one_site(urls[article_id], coded.url)), None)


def origins(coded: CodedArticle) -> tuple[str, ...]:
    """Addresses on other sites that may be the same page: what it says it was taken from, and what led to it."""
    stated = (coded.syndicated_from, coded.addresses[0])
    return tuple(url for url in stated if url is not None and not one_site(url, coded.url))


def merged(first: CodedArticle, other: CodedArticle) -> CodedArticle:
    """The first of two readings of one page, with the addresses of both."""
    return replace(first, addresses=tuple(dict.fromkeys((*first.addresses, other.url, *other.addresses))))


def _slug(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].lower()


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
        self._older = stored_hashes(connection, [one.article_id for one in self._pages])
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
    stored = stored_signatures_of(connection, article_ids)
    return [name for name, known in stored.items() if similarity(known, text) >= THRESHOLD]


def _is_at(one: CodedArticle, url: str) -> bool:
    return url in (one.url, *one.addresses) and one_site(one.url, url)


def _is_another_address(one: CodedArticle, state: StoredState, known: Mapping[str, str]) -> bool:
    """Whether a page is an alias of a stored article: only the page at its main address may change an article, or two
    pages of one text (a print version) would take turns in making versions of it."""
    if known.get(one.url) == one.article_id and one.url == state.url:
        return False
    return not any(same_page(address, state.url) or address == state.url for address in (one.url, *one.addresses[:1]))
