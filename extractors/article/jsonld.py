"""Structured data that a page carries as JSON-LD, flattened to the objects that describe its article."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from lxml.html import HtmlElement

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
