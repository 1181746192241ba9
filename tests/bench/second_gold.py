"""A second truth for thirty of the real pages, in the style in which an article should be stored.

The headline block is out, every sentence of the author is in (standfirsts and labels within the text too), captions,
promotions, biographies and links to other pages are out. It is kept as the openings and closings of its stretches, in
`second_gold.json`: the pages themselves (WCXB, Murrough Foley, 2026, CC BY 4.0) stay where they are.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

_FILE = Path(__file__).with_name("second_gold.json")
_UNREAD = frozenset({"script", "style", "template", "noscript", "svg"})
_INLINE = frozenset({"a", "b", "i", "em", "strong", "span", "font", "small", "u", "sup", "sub", "mark", "abbr"})


@cache
def _stretches() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def second_truth(stem: str, html: bytes) -> str | None:
    """The words of a page's article by the second truth; None for a page that has none.

    Raises:
        ValueError: the page does not have a stretch, so it is not the page that the truth was made on.
    """
    stretches = _stretches().get(stem)
    if stretches is None:
        return None
    words = _page_words(html)
    kept: list[str] = []
    at = 0
    for opening, closing in stretches:
        start = _find(words, opening.split(), at)
        at = _find(words, closing.split(), start) + len(closing.split())
        kept += words[start:at]
    return " ".join(kept)


def _find(words: Sequence[str], wanted: list[str], start: int) -> int:
    for place in range(start, len(words) - len(wanted) + 1):
        if words[place : place + len(wanted)] == wanted:
            return place
    raise ValueError(f"the page does not hold {' '.join(wanted)!r} from word {start}")


def _page_words(html: bytes) -> list[str]:
    """All words of a page's body in order, by nothing but its markup."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    body = lxml_html.document_fromstring(html, parser=parser).find("body")
    parts: list[str] = []
    passed = None
    for event, element in etree.iterwalk(body, events=("start", "end")):
        apart = "" if element.tag in _INLINE else " "
        if passed is None and event == "start":
            if element.tag in _UNREAD:
                passed = element
                continue
            parts += [apart, element.text or ""]
        elif event == "end" and passed in (None, element):
            passed = None
            parts += [apart, element.tail or ""]
    return re.findall(r"\w+", "".join(parts).lower())
