"""What belongs to the page around an article: told by the names of its elements, by what it says, by its form."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from lxml.html import HtmlElement

from extractors.article.blocks import Block
from extractors.article.bylines import holds_comments
from extractors.lexicon import AnyRegex, PhraseSet, Table, read_tables
from extractors.text.fold import fold

_LINES = Path(__file__).with_name("furniture.toml")
_ELEMENTS = Path(__file__).with_name("page.toml")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What is named like furniture, articles inside the article and readers' comments hold less than this of its words, or
# they are of it.
_MINOR = 0.2
_NESTED = 0.35
_COMMENTS = 0.6
_BOX = frozenset({"div", "section", "aside"})
_BOX_WORDS = 60
_CODE = frozenset({"pre", "code", "samp"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Key and value as programs write them; text has few marks of that sort.
_DATA = re.compile(r"[\"']\s*:\s*[\"'{\[\d]|\bfunction\s*\(|[;{}]\s*[}\])]")
_MARKS = re.compile(r"[{}\[\]\"=;<>|\\]")


class _Lines(Table):
    """furniture.toml: whole lines that are no part of an article."""

    lines: PhraseSet
    patterns: AnyRegex


class _Elements(Table):
    furniture: AnyRegex
    calls: AnyRegex
    tags: PhraseSet


class _Tail(Table):
    headings: AnyRegex


class _PageWords(Table):
    """page.toml: what tells a page's furniture by its elements, and where an article ends."""

    elements: _Elements
    tail: _Tail


@cache
def _lines() -> _Lines:
    return read_tables(_LINES, _Lines)


@cache
def _page() -> _PageWords:
    return read_tables(_ELEMENTS, _PageWords)


def is_furniture(line: str) -> bool:
    """Whether a whole line is no part of an article: "Share this", "5 min read", "Photo: ...", or nothing but marks."""
    plain = " ".join(fold(line).split()).strip(' .:!>»"').lower()
    return not plain or plain in _lines().lines or bool(_lines().patterns.fullmatch(plain))


def is_noise(block: Block) -> bool:
    """Captions of pictures, labels and buttons by what they say, and what only a program reads."""
    if block.kind == "caption" and block.tag != "caption":
        return True
    if block.kind == "table_row":
        return False
    return (len(block.words) <= 25 and is_furniture(block.text)) or _is_data(block)


def is_tail(heading: str) -> bool:
    """Whether a heading says that related articles, comments or the like come after it."""
    return bool(_page().tail.headings.fullmatch(heading.strip(" :.…-–")))


def likeness(element: HtmlElement) -> tuple[str, str]:
    """What elements of one make have in common: tag and class, else tag and id."""
    return element.tag, element.get("class") or element.get("id") or ""


class Furniture:
    """Tells furniture inside the article's container by its elements' names, where they hold little of the text.

    Elements with the same name count together: a theme may call each section of the article a "widget". `total` is
    the number of words of the article by its votes.
    """

    def __init__(self, core: HtmlElement, words: Counter[HtmlElement], total: int) -> None:
        self._around, self._total = {core, *core.iterancestors()}, total
        self._words = words
        self._known: dict[HtmlElement, bool] = {}
        self._alike = Counter[tuple[str, str]]()
        for element, count in words.items():
            self._alike[likeness(element)] += count

    def holds(self, block: Block) -> bool:
        """Whether a block stands in furniture below the container, or beside it."""
        return any(element not in self._around and self._is(element) for element in block.chain)

    def _is(self, element: HtmlElement) -> bool:
        if element not in self._known:
            most = _COMMENTS if holds_comments(element) else _NESTED if element.tag == "article" else _MINOR
            few = self._alike[likeness(element)] < most * self._total
            self._known[element] = (few and _is_named(element)) or self._calls(element)
        return self._known[element]

    def _calls(self, element: HtmlElement) -> bool:
        """Whether an element is a small box that ends with a link or button of its own by which readers shall act."""
        if element.tag not in _BOX or not 0 < self._words[element] <= min(_BOX_WORDS, _MINOR * self._total):
            return False
        acting = [*element.iterdescendants("a", "button")]
        if not acting:
            return False
        said = acting[-1].text_content().rstrip()
        called = _page().elements.calls.fullmatch(" ".join(said.split()).strip(" .!>→»"))
        return called is not None and element.text_content().rstrip().endswith(said)


def _is_named(element: HtmlElement) -> bool:
    if element.tag in _HEADINGS:
        return False
    names = " ".join(element.get(name) or "" for name in ("class", "id", "role"))
    marked = (
        element.tag in _page().elements.tags
        or element.tag == "article"
        or bool(_page().elements.furniture.search(names))
    )
    return marked or element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _is_data(block: Block) -> bool:
    """Whether a block is a widget's settings or a script that lies in the page as text."""
    if any(element.tag in _CODE for element in block.chain[-4:]) or not _DATA.search(block.text):
        return False
    return len(_MARKS.findall(block.text)) > 0.05 * len(block.text)
