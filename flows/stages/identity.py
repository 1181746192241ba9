"""Which article a coded page is: known under one of its addresses already, or new. Pure decisions."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from warehouse.identity import article_id
from warehouse.records import CodedArticle


def plausible_alias(page_url: str, canonical_url: str) -> bool:
    """Whether a page's own canonical link can be believed to name the same page.

    Sites are known to name their home page, or a section, as the canonical address of every article; believing that
    would fold all their articles into one. So a canonical link counts only if it is as deep as an article's address,
    or ends in the same slug.
    """
    page, other = urlsplit(page_url), urlsplit(canonical_url)
    if not other.path.strip("/"):
        return not page.path.strip("/")
    if _slug(page.path) == _slug(other.path):
        return True
    return len(_slug(other.path)) >= 12 and other.path.count("/") >= page.path.rstrip("/").count("/") - 1


def identified(coded: CodedArticle, known: Mapping[str, str]) -> CodedArticle:
    """The article under the id that it has: that of an article known under one of its addresses, else its own.

    Args:
        coded: the article with all addresses that it is known to have.
        known: article_id by address, for the addresses that the warehouse knows.
    """
    for address in (coded.url, *coded.addresses):
        if address in known:
            return replace(coded, article_id=known[address])
    return replace(coded, article_id=article_id(coded.url))


def _slug(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].lower()
