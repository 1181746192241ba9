"""Which article a coded page is: known under one of its addresses already, or new. Pure decisions."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from extractors.web.address import canonical
from warehouse.records import CodedArticle

# Sections are called "news" or "insights"; an article's slug is at least two words long.
_ARTICLE_SLUG = 12


def believed_link(page_url: str, canonical_link: str | None) -> str | None:
    """The canonical link of a page where it can be believed to name the same page, else None.

    Sites are known to name their home page, or a section, as the canonical address of every article; believing that
    would fold all their articles into one. So a canonical link counts only if it is as deep as an article's address,
    or ends in the same slug.
    """
    if canonical_link is None:
        return None
    try:
        page, other = urlsplit(page_url), urlsplit(canonical(canonical_link))
    except ValueError:  # BadAddressError among them
        return None
    return canonical_link if _same_depth(page.path, other.path) else None


def _same_depth(page_path: str, other_path: str) -> bool:
    if not other_path.strip("/"):
        return not page_path.strip("/")
    if _slug(page_path) == _slug(other_path):
        return True
    return len(_slug(other_path)) >= _ARTICLE_SLUG and other_path.count("/") >= page_path.rstrip("/").count("/") - 1


def known_as(coded: CodedArticle, known: Mapping[str, str]) -> str | None:
    """The id of the article that is known under one of this one's addresses, its main one first; None for a new one.

    `known` gives article_ids by address, for the addresses that the warehouse knows.
    """
    return next((known[address] for address in (coded.url, *coded.addresses) if address in known), None)


def merged(first: CodedArticle, other: CodedArticle) -> CodedArticle:
    """The first of two readings of one page, with the addresses of both."""
    return replace(first, addresses=tuple(dict.fromkeys((*first.addresses, other.url, *other.addresses))))


def _slug(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].lower()
