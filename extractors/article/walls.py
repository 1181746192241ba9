"""Pages that are no articles: walls, error pages, and listings of articles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from extractors.article import metadata
from extractors.article.blocks import Block
from extractors.article.maintext import Selection, teasers_of
from extractors.article.metadata import Page
from extractors.article.model import UnreadableError
from extractors.lexicon import AnyRegex, Filled, Table, TableOf, read_tables
from extractors.text.fold import fold

_LEXICON = Path(__file__).with_name("walls.toml")
# Blocks at the start of the text in which an error page says that it is one, whatever it lists below.
_OPENING = 4
_MIN_WORDS = 25
_QUOTED = re.compile(r'"[^"]{1,120}"')
# Classes that WordPress and its themes give the body of listings and of single posts; and paths of listings.
_LISTING_CLASS = re.compile(r"(?:^|\s)(?:archive|blog|category|tag|author|search|search-results|date|paged)(?:\s|$)")
_SINGLE_CLASS = re.compile(r"(?:^|\s)(?:single|single-post|postid-\d+|node-type-article|article-page)(?:\s|$)")
_LISTING_PATH = re.compile(
    r"^/?$|/(?:category|categories|tag|tags|topics?|authors?|archives?|search|page/\d+)(?:/[^/]+)*/?$", re.IGNORECASE
)
_LISTING_TYPES = frozenset({"collectionpage", "searchresultspage", "blog", "itemlist"})


class _WallWords(Table):
    """How one sort of such pages says so, from walls.toml, where the reason to put them aside names it."""

    message: Filled
    words: int
    titles: AnyRegex
    phrases: AnyRegex


@dataclass(frozen=True, slots=True)
class Wall:
    """One sort of page that stands where an article should."""

    reason: str
    message: str
    words: int
    title: re.Pattern[str]
    phrase: re.Pattern[str]


@cache
def _walls() -> tuple[Wall, ...]:
    walls = read_tables(_LEXICON, TableOf[str, _WallWords]).root
    return tuple(Wall(reason, wall.message, wall.words, wall.titles, wall.phrases) for reason, wall in walls.items())


def refuse_walls(page: Page, blocks: Sequence[Block], found: Selection, *, titles: Sequence[str]) -> None:
    """Let an article pass.

    `titles` are what the page calls itself: its title and headings of the first level, without the site's name.

    Raises:
        UnreadableError: "bot_wall", "error_page", "login_wall", "cookie_wall", "script_only", "listing" or
            "no_article", each with its way out.
    """
    kept = found.kept
    words = sum(len(block.words) for block in found.blocks)
    wall = _wall(page, blocks, kept, words=words, titles=titles)
    if wall is not None:
        raise UnreadableError(wall.reason, wall.message)
    if words < _MIN_WORDS:
        raise UnreadableError("no_article", "no article text was found on the page; give its source a selector")
    if _is_listing(page, blocks, kept):
        raise UnreadableError("listing", "the page lists articles; give their addresses, or add it as a source")


def _wall(
    page: Page, blocks: Sequence[Block], kept: Sequence[int], *, words: int, titles: Sequence[str]
) -> Wall | None:
    shown = _unquoted(f"{' '.join(block.text for block in blocks[:400])[:20_000]} {page.noscript}")
    edges = _unquoted(" ".join(block.text for block in _edges(blocks, kept, titles)))
    classes = _body_class(page).split()
    for wall in _walls():
        little = words < wall.words
        named = any(wall.title.fullmatch(title.strip(" .!:")) for title in titles)
        told = bool(wall.phrase.search(edges))
        if named and (little or told):
            return wall
        if little and (told or (words < wall.words // 3 and wall.phrase.search(shown))):
            return wall
        if wall.reason == "error_page" and "error404" in classes:
            return wall
    return None


def _unquoted(text: str) -> str:
    return _QUOTED.sub(" ", fold(text))


def _edges(blocks: Sequence[Block], kept: Sequence[int], titles: Sequence[str]) -> list[Block]:
    """Where a page says what it is: under its title, and at the start and end of its text."""
    called = {tuple(re.findall(r"\w+", title.lower())) for title in titles}
    titled = next((number for number, block in enumerate(blocks) if block.words in called), None)
    under = blocks[titled + 1 : titled + 1 + _OPENING] if titled is not None else ()
    after = blocks[kept[-1] + 1 : kept[-1] + 3] if kept else ()
    return [*under, *(blocks[number] for number in (*kept[:_OPENING], *kept[-3:])), *after]


def _is_listing(page: Page, blocks: Sequence[Block], kept: Sequence[int]) -> bool:
    """Whether the text is teasers of other pages, and the page or its address says that it is a listing.

    Articles in the form of lists have linked headings as well; so the text alone does not decide unless it is little
    else, and a page that calls itself a single article is believed.
    """
    if not kept:
        return False
    teasers, teased = teasers_of(blocks[kept[0] : kept[-1] + 1])
    classes = _body_class(page)
    types = frozenset[str]().union(*(metadata.types_of(node) for node in page.nodes[:50]))
    has_article = metadata.main_article(page.nodes, title=None) is not None and not types & _LISTING_TYPES
    if _SINGLE_CLASS.search(classes) or has_article:
        return False
    path = urlsplit(page.url or "").path if page.url else "-"
    said = sum((bool(_LISTING_CLASS.search(classes)), bool(types & _LISTING_TYPES), bool(_LISTING_PATH.search(path))))
    if teasers >= 4 and teased >= 0.6:
        return said > 0 or teased >= 0.85
    return said > 1 and teasers >= 3 and teased >= 0.3


def _body_class(page: Page) -> str:
    body = page.tree.find("body")
    return body.get("class") or "" if body is not None else ""
