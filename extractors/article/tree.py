"""A page's text to the one tree that all readers of the page share, mended where browsers read it otherwise."""

import re
from collections import Counter

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from extractors.article.model import UnreadableError

# Far above any article, and what can be read within about ten seconds: elements, and characters of text.
_MAX_ELEMENTS = 40_000
_MAX_TEXT = 1_500_000
# The largest of 160 real pages has 7,700 tags; the parser takes time by the square of an element's attributes, and
# trafilatura by the square of the links that stand side by side.
_MAX_TAGS = 100_000
_MAX_ATTRIBUTES = 2_000
_MAX_LINKS = 2_000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# What XML forbids: a library that builds an XML document of such a page fails on the whole of it.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FEED = re.compile("[\x0b\x0c]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,7})|([0-9]{1,8}))(?![0-9a-fA-F]);?")
# Boxes whose text is for no reader or for none of an article. One that holds most of the page's text was left open
# (browsers close it at the next block, this parser at the page's end) or wraps the whole page, as some systems do.
_BOXES = frozenset({
    "button", "dialog", "select", "option", "optgroup", "datalist", "object", "noscript", "svg", "math", "canvas",
    "audio", "video", "map", "progress", "meter", "form", "fieldset", "label", "nav", "aside", "footer", "menu",
})  # fmt: skip
_UNREAD = frozenset({"script", "style", "template"})


def tree_of(text: str) -> HtmlElement:
    """Parse a page.

    Raises:
        UnreadableError: "not_html" or "too_large".
    """
    _refuse_masses_of_markup(text)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = lxml_html.document_fromstring(readable(text).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableError("not_html", f"the page is not HTML ({error}); check its address") from error
    _refuse_masses(tree)
    _open_boxes(tree)
    return tree


def readable(text: str) -> str:
    """The text without characters that no document may hold, raw or as references; those of Windows as browsers do."""
    text = _FEED.sub(" ", _FORBIDDEN.sub("", text))
    return _REFERENCE.sub(_reference, text) if "&#" in text else text


def _reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore")
    forbidden = code > 0x10FFFF or (code not in (9, 10, 13) and (code < 32 or _FORBIDDEN.match(chr(code))))
    return "" if forbidden else match[0]


def _refuse_masses_of_markup(text: str) -> None:
    """Refuse before parsing what the parser takes time for by the square of it: attributes of one element, and tags.

    Tags are counted in the text, since "<" is another byte in some encodings.
    """
    tags = text.count("<")
    if tags > _MAX_TAGS:
        raise UnreadableError("too_large", f"more than {_MAX_TAGS:,} tags: no article; leave the page out")
    long = (tag.partition(">")[0] for tag in text.split("<") if len(tag) > 2 * _MAX_ATTRIBUTES)
    if any(len(_QUOTED.sub("", tag).split()) > _MAX_ATTRIBUTES for tag in long):
        told = f"an element with more than {_MAX_ATTRIBUTES:,} attributes: no article; leave the page out"
        raise UnreadableError("too_large", told)


def _refuse_masses(tree: HtmlElement) -> None:
    if any(number > _MAX_LINKS for number in Counter(link.getparent() for link in tree.iter("a")).values()):
        told = f"more than {_MAX_LINKS:,} links side by side: no article but an index; leave it out"
        raise UnreadableError("too_large", told)
    elements = characters = 0
    for element in tree.iter():
        elements += 1
        if element.tag not in ("script", "style"):
            characters += len(element.text or "") + len(element.tail or "")
    if elements > _MAX_ELEMENTS or characters > _MAX_TEXT:
        size = f"{elements:,} elements and {characters:,} characters of text"
        raise UnreadableError("too_large", f"the page has {size}, which no article has; leave it out")


def _open_boxes(tree: HtmlElement) -> None:
    """Make plain containers of the boxes that hold more than half of the page's text."""
    body = tree.find("body")
    boxes = [box for box in tree.iter(*_BOXES) if box.find(".//p") is not None or box.find(".//div") is not None]
    if body is None or not boxes:
        return
    half = _letters(body) / 2
    for box in boxes:
        if _letters(box) > half:
            box.tag = "div"


def _letters(element: HtmlElement) -> int:
    """How many characters of text an element holds for readers."""
    return sum(
        len((inner.text or "").strip()) * (inner.tag not in _UNREAD)
        + len((inner.tail or "").strip()) * (inner is not element)
        for inner in element.iter()
    )
