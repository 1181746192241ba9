"""What a page's head states of its article: meta elements, links and JSON-LD, flattened to what describes it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from extractors.article.blocks import clean
from extractors.article.model import Found
from extractors.lexicon import Phrases, PhraseSet, Table, read_tables


class NameWords(Table):
    """Names that are nobody's, what follows a name, and what makes it that of a group."""

    nobody: PhraseSet
    credentials: PhraseSet
    groups: PhraseSet


class BylineWords(Table):
    """What opens and closes a by-line, and the elements in which one stands."""

    openers: Phrases
    closers: Phrases
    cues: Phrases
    not_cues: Phrases
    elements: Phrases


class DateWords(Table):
    """What tells dates near a title, and the keys of dates in a page's data."""

    cues: Phrases
    published: Phrases
    updated: Phrases
    data_keys: Phrases


class MetadataWords(Table):
    """metadata.toml: what by-lines and dates of pages look like."""

    names: NameWords
    byline: BylineWords
    date: DateWords


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words as they are written."""
    return "|".join(re.escape(word) for word in words)


METADATA = Path(__file__).with_name("metadata.toml")


@cache
def metadata_words() -> MetadataWords:
    """The data of metadata.toml.

    Raises:
        LexiconError: an entry is missing, unknown or no list of words.
    """
    return read_tables(METADATA, MetadataWords)


Node = Mapping[str, Any]

# schema.org types whose date, author and headline are the article's own.
_ARTICLE_TYPES = frozenset({
    "article", "newsarticle", "blogposting", "opinionnewsarticle", "reportagenewsarticle",
    "analysisnewsarticle", "backgroundnewsarticle", "reviewnewsarticle", "advertisercontentarticle",
    "scholarlyarticle", "medicalscholarlyarticle", "techarticle", "socialmediaposting", "liveblogposting",
    "report", "interview", "posting",
})  # fmt: skip
# Types of pages in general: content systems give them a date that no reader sees.
PAGE_TYPES = frozenset({"webpage", "itempage", "faqpage", "aboutpage", "medicalwebpage", "qapage"})
_WRAPPING = re.compile(
    r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*<!\[CDATA\[\*/)?|(?:-->|//\s*\]\]>|\]\]>|/\*\]\]>\*/)?\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MAX_SCRIPT = 1_000_000
_MAX_DEPTH = 12
_MAX_NODES = 2_000


def nodes_of(tree: HtmlElement) -> tuple[Node, ...]:
    """All objects of the page's JSON-LD scripts in document order; broken or huge scripts are passed over."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _objects(_parse(script.text_content()), _MAX_DEPTH):
            if len(nodes) >= _MAX_NODES:
                break
            nodes.append(node)
    return tuple(nodes)


def main_article(nodes: Sequence[Node], *, title: str | None) -> Node | None:
    """The object that describes this page's article: the one headed as the page is, else the first article.

    A page object ("WebPage") is taken where there is no article and it states a date of publication.
    """
    articles = [node for node in nodes if types_of(node) & _ARTICLE_TYPES]
    if title is not None:
        for node in articles:
            if _same(text_of(node.get("headline")) or text_of(node.get("name")), title):
                return node
    dated = [node for node in articles if node.get("datePublished") or node.get("author")]
    pages = [node for node in nodes if types_of(node) & PAGE_TYPES and node.get("datePublished")]
    return next(iter([*dated, *articles, *pages]), None)


def types_of(node: Node) -> frozenset[str]:
    """The object's types in lower case, without a schema.org prefix."""
    raw = node.get("@type", ())
    names = raw if isinstance(raw, list) else [raw]
    return frozenset(str(name).rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for name in names)


def text_of(value: object) -> str | None:
    """A text value, unescaped and with white space collapsed; None for anything else or nothing."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    return " ".join(unescape(unescape(value)).split()) or None


def value_of(value: object) -> str | None:
    """A date or other literal: a text, a number, or either in a typed object ("@value")."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        value = value.get("@value")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text_of(value)


def resolve(value: object, nodes: Sequence[Node]) -> tuple[Node | str, ...]:
    """What a property points at: objects, with references ("@id") looked up, and plain texts."""
    found: list[Node | str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, Mapping):
            target = item
            if "name" not in item and "@id" in item:
                same = (node for node in nodes if node.get("@id") == item["@id"] and "name" in node)
                target = next(same, item)
            found.append(target)
    return tuple(found)


def _parse(text: str) -> object:
    if len(text) > _MAX_SCRIPT:
        return None
    bare = _WRAPPING.sub("", text.strip())
    for attempt in (bare, _TRAILING_COMMA.sub(r"\1", bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(value: object, depth: int) -> Iterator[Node]:
    if depth <= 0:
        return
    if isinstance(value, Mapping):
        yield value
        for child in value.values():
            if isinstance(child, (Mapping, list)):
                yield from _objects(child, depth - 1)
    elif isinstance(value, list):
        for child in value:
            yield from _objects(child, depth - 1)


def _same(one: str | None, other: str) -> bool:
    return one is not None and re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())


_TITLE_SEPARATOR = re.compile(r"\s+[|\-–—·•:»«›‹~/⋆★☆│¦∣→]+\s+|\s*[|│¦∣]\s*|\s+::\s+")
_LABEL = re.compile(r":\s+")
_SITE_PLACE = re.compile(
    r"(?:^|[\s_-])(?:site|logo|brand|masthead|blog)(?:[\s_-]?(?:name|title|header|logo))?(?:\s|$)", re.IGNORECASE
)

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}|[A-Z]{2}))?(?:[-_]|$)", re.IGNORECASE)
_MAX_TITLE = 400


@dataclass(frozen=True, slots=True)
class Page:
    """One parsed page: its tree, its meta tags by lower-cased name, its JSON-LD objects, its own address, and what it
    tells readers whose browser runs no scripts."""

    tree: HtmlElement
    metas: dict[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    url: str | None
    noscript: str

    def meta(self, *names: str) -> tuple[str, str] | None:
        """The first of the named meta tags that says something, with its name."""
        for name in names:
            for value in self.metas.get(name, ()):
                return value, name
        return None


def page_of(tree: HtmlElement, *, url: str | None) -> Page:
    """Gather what the other functions here look at."""
    metas: dict[str, tuple[str, ...]] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
        content = clean(tag.get("content") or "")
        if name and content:
            key = name.strip().lower()
            metas[key] = (*metas.get(key, ()), content)
    noscript = " ".join(clean(" ".join(tag.itertext()))[:500] for tag in islice(tree.iter("noscript"), 10))
    return Page(tree, metas, nodes_of(tree), url, noscript)


def titles_of(page: Page) -> tuple[str, ...]:
    """All that the page calls itself, without the site's name: first-level headings and declared titles."""
    headings = [_heading_text(tag) for tag in islice(page.tree.iter("h1"), 5)]
    declared = [_without_site(found, page).value for found in _declared_titles(page)]
    split = [part for title in declared for part in _TITLE_SEPARATOR.split(title)[:1]]
    return tuple(dict.fromkeys(filter(None, [*headings, *declared, *split])))


def title_of(page: Page) -> Found | None:
    """The article's title: the first-level heading that the page's own metadata confirms, else what they say.

    Several `h1` are common (site name, teasers): the one that shares most words with og:title and `title` is meant.
    """
    declared = _declared_titles(page)
    named = _under_site_name(page, declared)
    if named is not None:
        return named
    headings = [text for tag in islice(page.tree.iter("h1"), 30) if (text := _heading_text(tag))]
    if headings and declared:
        best = max(headings, key=lambda text: max(_overlap(text, said.value) for said in declared))
        if max(_overlap(best, said.value) for said in declared) >= 0.5:
            return Found(best, "h1")
        if len(headings) > 1 or declared[0].method != "title":
            return _without_site(declared[0], page)
    if headings:
        return Found(headings[0], "h1")
    return _confirmed(page, declared) or _without_site(declared[0], page) if declared else None


def _under_site_name(page: Page, declared: Sequence[Found]) -> Found | None:
    """The lower heading that the page's title names beside the site's name, where that is all that `h1` says."""
    tops = [tag for tag in islice(page.tree.iter("h1"), 30) if _heading_text(tag)]
    if not tops or not all(_is_site_name(tag, page) for tag in tops):
        return None
    return _confirmed(page, declared)


def _is_site_name(heading: HtmlElement, page: Page) -> bool:
    squeezed = "".join(re.findall(r"\w+", _heading_text(heading).lower()))
    if squeezed in {"".join(re.findall(r"\w+", name.lower())) for name in _site_names(page)}:
        return True
    around = (heading, *islice(heading.iterancestors(), 3))
    marked = any(_SITE_PLACE.search(element.get("class") or element.get("id") or "") for element in around)
    return marked and any(element.tag == "header" or element.get("role") == "banner" for element in around)


def _confirmed(page: Page, declared: Sequence[Found]) -> Found | None:
    """The first lower heading that a declared title says, whole or as one of its parts."""
    said = {title.value for title in declared}
    said |= {part for title in said for part in (*_TITLE_SEPARATOR.split(title), *_LABEL.split(title, maxsplit=1))}
    wanted = {tuple(re.findall(r"\w+", title.lower())) for title in said}
    for tag in islice(page.tree.iter("h2", "h3"), 60):
        text = _heading_text(tag)
        words = tuple(re.findall(r"\w+", text.lower()))
        if len(words) >= 2 and words in wanted and not _is_site_name(tag, page):
            return Found(text, str(tag.tag))
    return None


def publisher_of(page: Page) -> Found | None:
    """Who publishes the page, by og:site_name, JSON-LD or the application's name."""
    named = page.meta("og:site_name")
    if named is not None:
        return Found(named[0], "og:site_name")
    article = main_article(page.nodes, title=None)
    if article is not None:
        for item in resolve(article.get("publisher"), page.nodes):
            name = text_of(item if isinstance(item, str) else item.get("name"))
            if name and not name.startswith("http"):
                return Found(name, "json-ld")
    for node in page.nodes:
        if types_of(node) & {"organization", "newsmediaorganization", "website", "legalservice"}:
            name = text_of(node.get("name"))
            if name:
                return Found(name, "json-ld")
    named = page.meta("application-name", "dc.publisher", "citation_publisher", "apple-mobile-web-app-title")
    return Found(named[0], named[1]) if named else None


def canonical_of(page: Page) -> str | None:
    """The page's canonical address, absolute and http(s).

    One that points at the site's front page from a deeper page is a template's mistake and is not believed.
    """
    links = (tag for tag in page.tree.iter("link") if "canonical" in (tag.get("rel") or "").lower().split())
    declared = [next((tag.get("href") for tag in links if tag.get("href")), None)]
    named = page.meta("og:url")
    declared.append(named[0] if named else None)
    for href in declared:
        address = _absolute(href, page.url)
        if address is None:
            continue
        deeper = page.url is not None and urlsplit(page.url).path.strip("/")
        if deeper and not urlsplit(address).path.strip("/") and not urlsplit(address).query:
            continue
        return address
    return None


def notes_of(page: Page) -> tuple[str, ...]:
    """What the page says of how it wants to be read: not indexed, or as a part of an article in several pages."""
    notes = []
    asked = " ".join(value for name in ("robots", "googlebot") for value in page.metas.get(name, ()))
    if _NOT_INDEXED.search(asked):
        notes.append(NOINDEX)
    following = next(filter(None, (_next_part(tag, page) for tag in page.tree.iter("link", "a"))), None)
    if following is not None:
        notes.append(f"a part of an article in several pages; the next part is at {following}")
    return tuple(notes)


NOINDEX = "the page asks search engines not to index it (noindex)"
_NOT_INDEXED = re.compile(r"\b(?:noindex|none)\b", re.IGNORECASE)
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""What a header may ask with a colon; another word before one is the name of the crawler that is meant."""


def asks_not_to_be_indexed(robots_tag: str) -> bool:
    """Whether an `X-Robots-Tag` asks this of everybody: what follows the name of a crawler is meant for that one."""
    meant_for = "*"
    for part in robots_tag.split(","):
        name, colon, asked = part.partition(":")
        if colon and name.strip().lower() not in _VALUED:
            meant_for = name.strip()
        else:
            asked = name
        if meant_for == "*" and _NOT_INDEXED.fullmatch(asked.strip()):
            return True
    return False


_PART = re.compile(r"(?:[/,]|[-_](?=page))(?:page[/_-]?)?(?P<number>[1-9]\d?)/?")
_PART_QUERY = re.compile(r"(?:^|&)(?:page|paged|pagenum|page_no|pageno|p|pg|seite)=(?P<number>[1-9]\d?)(?=&|$)")
_FILE = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)
_SLUG = re.compile(r"/[^/]*[^\W_]+(?:[-_][^\W_]+){2,}$")


def first_part_of(page: Page) -> str | None:
    """The address of the article that this page is a later part of, where its own links say so; else None."""
    own = page.url
    if own is None:
        return None
    named = [_absolute(tag.get("href"), own) for tag in page.tree.iter("link", "a") if _leads_back(tag)]
    first = _before_number(own)
    numbered = first if first is not None and _SLUG.search(urlsplit(first).path) else None
    for earlier in filter(None, [canonical_of(page), *named]):
        if earlier.rstrip("/") == own.rstrip("/"):
            continue
        if (_part_number(earlier, own) or 1) > 1:
            return earlier
        if numbered is not None and _part_number(numbered, earlier) is not None:
            return numbered
    return None


def _leads_back(tag: HtmlElement) -> bool:
    relations = (tag.get("rel") or "").lower().split()
    return bool({"prev", "previous"} & set(relations)) or (_numbers_pages(tag) and tag.text_content().strip() == "1")


def _before_number(address: str) -> str | None:
    """The address without a number of a page at its end."""
    path = urlsplit(address).path.rstrip("/")
    shorter = re.sub(r"/(?:page[/_-]?)?[1-9]\d?$", "", path)
    return urlsplit(address)._replace(path=shorter, query="", fragment="").geturl() if shorter != path else None


def _part_number(first: str, other: str) -> int | None:
    """Which page of the article at `first` is at `other`, by the form of their addresses; None if none of it."""
    here, there = urlsplit(first), urlsplit(other)
    if here.hostname != there.hostname or not here.path.strip("/"):
        return None
    if here.path.rstrip("/") == there.path.rstrip("/"):
        queried = _PART_QUERY.search(there.query)
        return int(queried["number"]) if queried and there.query != here.query else None
    file = _FILE.search(here.path)
    whole, stem = here.path.rstrip("/"), here.path[: file.start()] if file else ""
    if there.path.startswith(f"{whole}/"):
        added = there.path.removeprefix(whole)
    elif file and there.path.startswith(stem) and there.path.endswith(file.group()):
        added = there.path.removeprefix(stem).removesuffix(file.group())
    else:
        return None
    found = _PART.fullmatch(added)
    return int(found["number"]) if found else None


def _numbers_pages(tag: HtmlElement) -> bool:
    """Whether it is one of the numbers by which WordPress links the pages of a post, under names of its own."""
    parent = tag.getparent()
    names = f"{tag.get('class') or ''} {parent.get('class') or '' if parent is not None else ''}".split()
    return bool({"post-page-numbers", "page-links"} & set(names))


def _next_part(tag: HtmlElement, page: Page) -> str | None:
    """The address of the next page of the same article; blogs link the next article in the same way."""
    second = _numbers_pages(tag) and tag.text_content().strip() == "2"
    if "next" not in (tag.get("rel") or "").lower().split() and not second:
        return None
    own = page.url or canonical_of(page)
    address = _absolute(tag.get("href"), own)
    return address if address is not None and own is not None and _part_number(own, address) is not None else None


def language_of(page: Page) -> str | None:
    """The language that the page declares, as "en" or "en-GB"."""
    declared = [page.tree.get("lang") or page.tree.get("xml:lang") or ""]
    article = main_article(page.nodes, title=None)
    for named in (page.meta("content-language"), page.meta("dc.language"), page.meta("og:locale")):
        declared.append(named[0] if named else "")
    declared.append(text_of(article.get("inLanguage")) or "" if article is not None else "")
    for value in declared:
        match = _LANGUAGE.match(value.strip())
        if match:
            region = f"-{match.group(2).upper()}" if match.group(2) else ""
            return match.group(1).lower() + region
    return None


def _declared_titles(page: Page) -> list[Found]:
    found: list[Found] = []
    article = main_article(page.nodes, title=None)
    for name in ("og:title", "twitter:title", "citation_title", "dc.title", "parsely-title", "sailthru.title"):
        found.extend(Found(value[:_MAX_TITLE], name) for value in page.metas.get(name, ())[:1])
    headline = text_of(article.get("headline")) if article is not None else None
    if headline:
        found.append(Found(clean(headline)[:_MAX_TITLE], "json-ld"))
    text = clean(next((tag.text_content() for tag in page.tree.iter("title") if _is_own_title(tag)), ""))
    if text:
        found.append(Found(text[:_MAX_TITLE], "title"))
    return found


def _is_own_title(tag: HtmlElement) -> bool:
    """Drawings have titles too."""
    return next(tag.iterancestors("svg", "symbol", "g"), None) is None


def _heading_text(tag: HtmlElement) -> str:
    parted = next(tag.iter("br", "span", "div", "p"), None) is not None
    text = clean((" " if parted else "").join(tag.itertext()))
    return text if len(text) <= _MAX_TITLE else ""


def _overlap(one: str, other: str) -> float:
    """Share of the words of the shorter text in the other, with the longer's length counted lightly."""
    words, others = re.findall(r"\w+", one.lower()), re.findall(r"\w+", other.lower())
    if not words or not others:
        return 0.0
    common = len(set(words) & set(others))
    return common / len(set(words)) * 0.5 + common / len(set(others)) * 0.5


def _without_site(title: Found, page: Page) -> Found:
    """The title without the site's name that templates add before or after a separator."""
    parts = _TITLE_SEPARATOR.split(title.value)
    if len(parts) < 2:
        return title
    site = {"".join(re.findall(r"\w+", name.lower())) for name in _site_names(page)}
    for edge in (parts[-1], parts[0]):
        squeezed = "".join(re.findall(r"\w+", edge.lower()))
        if squeezed and squeezed in site:
            kept = title.value.removesuffix(edge) if edge == parts[-1] else title.value.removeprefix(edge)
            return Found(kept.strip(" |-–—·•:»«›‹~/⋆★☆│¦∣→"), title.method)
    if title.method == "title" and "|" in title.value and len(parts[0].split()) >= 3:
        return Found(title.value.split("|")[0].strip(), title.method)
    return title


def _site_names(page: Page) -> Sequence[str]:
    names = []
    publisher = publisher_of(page)
    if publisher is not None:
        names.append(publisher.value)
    host = urlsplit(page.url or canonical_of(page) or "").hostname or ""
    labels = host.removeprefix("www.").split(".")
    return [*names, host, host.removeprefix("www."), labels[0], labels[-2] if len(labels) > 1 else ""]


def _absolute(href: str | None, base: str | None) -> str | None:
    if not href:
        return None
    try:
        address = urljoin(base or "", href.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
