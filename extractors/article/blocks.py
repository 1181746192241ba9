"""A page's text as blocks in reading order, each with what tells an article's text from the furniture around it."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from extractors.article.model import Link, ParagraphKind
from extractors.article.tables import is_data, rows_of

_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio",
    "video", "map", "head", "title", "link", "meta", "select", "option", "datalist", "input", "button",
    "textarea", "progress", "meter", "dialog",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "picture", "source",
})  # fmt: skip
# Inline elements that hold things of their own where two of them stand side by side without white space.
_APART = frozenset({"span", "time", "a", "small", "label", "cite"})
# Where their texts meet, a word ends and a name or number begins; editors also split words and numbers over spans.
_MEETING = re.compile(r"[a-z.,)][A-Z]|[A-Za-z]\d|\d[A-Z]")
_KINDS: dict[str, ParagraphKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list_item"),
    "blockquote": "quote",
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    "p": "prose",
}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(slots=True)
class Block:
    """One block of text. `chain` are the elements around it, outermost first; `linked` counts characters in links.

    A row of a table of data names its columns in `text`; `shown` and `words` are what stands on the page. `links` have
    their addresses as the page writes them.
    """

    text: str
    kind: ParagraphKind
    tag: str
    chain: tuple[HtmlElement, ...]
    linked: int = 0
    words: tuple[str, ...] = field(default=())
    shown: str | None = None
    links: tuple[Link, ...] = ()


def clean(text: str) -> str:
    """White space collapsed to single spaces, soft hyphens, zero-width and control characters removed."""
    return " ".join(_INVISIBLE.sub("", text).split())


def clean_lines(text: str) -> str:
    """As `clean`, line by line."""
    return "\n".join(filter(None, map(clean, text.split("\n"))))


_WORD = re.compile(r"\w+")


class _Builder:
    """Collects text of inline runs into blocks while the tree is walked."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._bold = 0
        self._breaks = 0
        self._meeting = False
        self.chain: list[HtmlElement] = []
        self.links = 0
        self.bolds = 0
        self._opened: list[tuple[int, str]] = []
        self._anchors: list[tuple[int, int, str]] = []

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._meeting and self._parts and _MEETING.match(self._parts[-1][-1:] + text[:1]):
            self._parts.append(" ")
        self._meeting = False
        if text.strip():
            self._breaks = 0
            if self.links:
                self._linked += len(text.strip())
            if self.bolds:
                self._bold += len(clean(text))
        self._parts.append(text)

    def part(self, element: HtmlElement) -> None:
        """Note where two neighbours meet that only their style sets apart, such as a name and a date."""
        before = element.getprevious()
        self._meeting = element.tag in _APART and before is not None and before.tag in _APART and not before.tail

    def link(self, element: HtmlElement, *, opens: bool) -> None:
        """Note where a link begins or ends."""
        self.links += 1 if opens else -1
        if opens:
            self._opened.append((len(self._parts), element.get("href") or ""))
        elif self._opened:
            start, address = self._opened.pop()
            if address and start < len(self._parts):
                self._anchors.append((start, len(self._parts), address))

    def table(self, element: HtmlElement) -> None:
        """A table of data: its caption and then its rows, each a block."""
        self.flush()
        for caption in element.iter("caption"):
            text = clean(" ".join(caption.itertext()))
            if text:
                words = tuple(_WORD.findall(text.lower()))
                self.blocks.append(Block(text, "caption", "caption", (*self.chain, element), 0, words))
        for row in rows_of(element):
            chain = (*self.chain, element, row.element) if row.element is not None else (*self.chain, element)
            links = "".join(link.text_content() for link in row.element.iter("a")) if row.element is not None else ""
            text = clean(row.text)
            words = tuple(_WORD.findall(row.shown.lower()))
            if words:
                linked = min(len(clean(links)), len(text))
                self.blocks.append(Block(text, "table_row", "tr", chain, linked, words, clean_lines(row.shown)))

    def line_break(self) -> None:
        self._breaks += 1
        self._parts.append("\n")
        if self._breaks >= 2:
            self.flush()

    def flush(self) -> None:
        text = clean("".join(self._parts))
        linked, bold = self._linked, self._bold
        links = self._placed_links(len(text))
        self._parts, self._linked, self._bold, self._breaks = [], 0, 0, 0
        if any(character.isalnum() for character in text):
            kind, tag = _kind(self.chain)
            if kind == "prose" and tag in ("p", "div") and bold >= 0.9 * len(text) and _is_label(text):
                kind = "heading"
            words = tuple(_WORD.findall(text.lower()))
            self.blocks.append(Block(text, kind, tag, tuple(self.chain), min(linked, len(text)), words, None, links))

    def _placed_links(self, length: int) -> tuple[Link, ...]:
        """The links of the text so far by their characters in the cleaned text."""
        anchors, self._anchors = self._anchors, []
        self._opened = [(0, address) for _, address in self._opened]  # one that goes on in the next block
        placed = [
            Link(self._length(start, inside=True), min(self._length(end), length), address)
            for start, end, address in anchors
        ]
        return tuple(link for link in placed if link.start < link.end)

    def _length(self, parts: int, *, inside: bool = False) -> int:
        """How long the first parts are when cleaned, with the space before what follows them where that is asked."""
        before = _INVISIBLE.sub("", "".join(self._parts[:parts]))
        told = len(" ".join(before.split()))
        return told + (inside and told > 0 and before[-1].isspace())


def blocks_of(root: HtmlElement) -> list[Block]:
    """The blocks of text under `root`, hidden and interactive elements' text aside. Iterative, for deep trees."""
    builder = _Builder()
    tables = {table for table in root.iter("table") if is_data(table)}
    for opening, element in _events(root, tables):
        tag = element.tag
        if opening and element in tables:
            builder.table(element)
            builder.add(element.tail)
        elif opening:
            if _is_leaf(element):
                if tag == "br":
                    builder.line_break()
                builder.add(element.tail)
                continue
            if tag not in _INLINE:
                builder.flush()
                builder.chain.append(element)
            else:
                builder.part(element)
                if tag == "a":
                    builder.link(element, opens=True)
                builder.bolds += tag in ("b", "strong")
            builder.add(element.text)
        else:
            if tag not in _INLINE:
                builder.flush()
                builder.chain.pop()
            else:
                if tag == "a":
                    builder.link(element, opens=False)
                builder.bolds -= tag in ("b", "strong")
            builder.add(element.tail)
    builder.flush()
    return builder.blocks


def _events(root: HtmlElement, whole: Container[HtmlElement]) -> Iterator[tuple[bool, HtmlElement]]:
    """(True, element) on the way in and (False, element) on the way out; skipped and whole ones on the way in only."""
    stack: list[tuple[bool, HtmlElement]] = [(True, root)]
    while stack:
        opening, element = stack.pop()
        yield opening, element
        if not opening or _is_leaf(element) or element in whole:
            continue
        stack.append((False, element))
        stack.extend((True, child) for child in reversed(element))


def _is_label(text: str) -> bool:
    """Whether a line that is all bold is a heading or an interviewer's question rather than a stressed sentence."""
    return len(text.split()) <= 30 and not text.endswith((".", ":", ";", ","))


def _is_leaf(element: HtmlElement) -> bool:
    """Comments, line breaks and what is not text for reading."""
    tag = element.tag
    return not isinstance(tag, str) or tag == "br" or tag in _SKIPPED or (tag == "sup" and _is_reference(element))


def _is_reference(element: HtmlElement) -> bool:
    """A footnote's number set above the line, which would run into the word before it."""
    return element.find("a") is not None and len(element.text_content().strip(" []()")) <= 3


def _kind(chain: list[HtmlElement]) -> tuple[ParagraphKind, str]:
    """The kind by the nearest element that decides: a `p` in a `li` is a list item, in a `blockquote` a quote."""
    nearest = chain[-1].tag if chain else "body"
    for element in reversed(chain[-6:]):
        kind = _KINDS.get(element.tag)
        if kind is not None and kind != "prose":
            return kind, nearest
        if element.tag in ("td", "th", "table"):
            return "prose", "td"
    return "prose", nearest
