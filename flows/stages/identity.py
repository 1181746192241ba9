"""Which article a coded page is: known under one of its addresses already, or new. Pure decisions."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from extractors.web.address import BadAddressError, canonical, same_site, site_of
from warehouse.records import CodedArticle

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
        return named if _same_depth(urlsplit(page_url).path, urlsplit(named).path) else None
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
