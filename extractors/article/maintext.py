"""The blocks of a page that are its article.

Two modes of trafilatura say which blocks they would keep. Where they stand in the page's tree then decides: the
article's container is where most of what they kept lies; headings and passages that both lost inside it are taken
back, and what they kept of other containers or of furniture inside it is dropped.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trafilatura
from lxml.html import HtmlElement

from extractors.article.blocks import Block
from extractors.article.bylines import byline_people
from extractors.article.furniture import is_furniture
from extractors.article.teasers import teasers_of
from extractors.article.votes import kept_shares
from extractors.lexicon import LexiconError, expect_keys, load_toml
from extractors.text.dates import find_date

_LEXICON = Path(__file__).with_name("page.toml")
# Share of the kept words that the article's container has to hold.
_CORE = 0.85
# Furniture and nested articles hold less than this of the kept words; what holds more is the article itself.
_MINOR = 0.35
# Blocks at the start of the text among which by-lines and date lines are looked for.
_OPENING = 8
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    furniture: re.Pattern[str]
    tags: frozenset[str]
    tail: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    table = load_toml(_LEXICON)
    expect_keys(_LEXICON, "", table, required={"elements": dict, "tail": dict}, optional={})
    expect_keys(_LEXICON, "elements", table["elements"], required={"furniture": list, "tags": list}, optional={})
    expect_keys(_LEXICON, "tail", table["tail"], required={"headings": list}, optional={})
    try:
        furniture = re.compile("|".join(f"(?:{p})" for p in table["elements"]["furniture"]), re.IGNORECASE)
        tail = re.compile("|".join(f"(?:{p})" for p in table["tail"]["headings"]), re.IGNORECASE)
    except re.error as error:
        raise LexiconError(_LEXICON, "furniture, headings", f"no regular expression: {error}") from error
    return _Lexicon(furniture, frozenset(table["elements"]["tags"]), tail)


def select(blocks: Sequence[Block], tree: HtmlElement, *, titled: int | None) -> list[int]:
    """Positions of the blocks that belong to the article, in order; `titled` is where its title stands."""
    default = kept_shares(blocks, _extracted(tree, recall=False))
    recall = kept_shares(blocks, _extracted(tree, recall=True))
    return decide(blocks, default, recall, titled=titled)


def decide(
    blocks: Sequence[Block], default: Sequence[float], recall: Sequence[float], *, titled: int | None
) -> list[int]:
    """The pure part of `select`: what stays, by the shares of each block that the two modes kept."""
    voted = {number for number in range(len(blocks)) if max(default[number], recall[number]) > 0.5}
    if not voted:
        return []
    words = _words_of(blocks, voted)
    total = sum(len(blocks[number].words) for number in voted)
    core = _core(blocks, voted, words, total)
    kept = {number for number in voted if core in blocks[number].chain}
    kept |= _filled(blocks, kept, core)
    kept |= _split_off(blocks, kept, core)
    kept |= _led_in(blocks, kept) | _standfirst(blocks, kept, titled)
    kept = _without_furniture(blocks, kept, _Furniture(core, words, _MINOR * total))
    kept |= _outlying(blocks, voted, default, recall, core)
    return _without_tail(blocks, sorted(_without_credits(blocks, kept)), core)


def select_all(blocks: Sequence[Block]) -> list[int]:
    """Positions of the article's blocks where all of them are of its container: all but furniture inside it."""
    everything = {number for number, block in enumerate(blocks) if block.chain}
    if not everything:
        return []
    core = blocks[min(everything)].chain[0]
    words = _words_of(blocks, everything)
    kept = _without_furniture(blocks, everything, _Furniture(core, words, _MINOR * words[core]))
    return _without_tail(blocks, sorted(_without_credits(blocks, kept)), core)


def _words_of(blocks: Sequence[Block], numbers: Iterable[int]) -> Counter[HtmlElement]:
    """How many of these blocks' words each element around them holds."""
    words = Counter[HtmlElement]()
    for number in numbers:
        for element in blocks[number].chain:
            words[element] += len(blocks[number].words)
    return words


def _without_furniture(blocks: Sequence[Block], kept: set[int], furniture: "_Furniture") -> set[int]:
    return {number for number in kept if not furniture.holds(blocks[number]) and not _is_noise(blocks[number])}


def _without_credits(blocks: Sequence[Block], kept: set[int]) -> set[int]:
    opening = sorted(kept)[:_OPENING]
    return kept - {number for number in opening if _is_credit(blocks[number])}


def _core(blocks: Sequence[Block], voted: Iterable[int], words: Counter[HtmlElement], total: int) -> HtmlElement:
    """The deepest element that holds most of the kept words."""
    best = next(iter(blocks)).chain[0]
    depth = 0
    for number in voted:
        for level, element in enumerate(blocks[number].chain):
            if words[element] >= _CORE * total and level > depth:
                best, depth = element, level
    return best


def _filled(blocks: Sequence[Block], kept: set[int], core: HtmlElement) -> set[int]:
    """Blocks that both modes lost although they stand among kept ones: headings, and what shares their parents."""
    if not kept:
        return set()
    filled: set[int] = set()
    order = sorted(kept)
    following = iter(order)
    previous, coming = -1, next(following)
    for number in range(order[0], order[-1]):
        if number == coming:
            previous, coming = number, next(following)
            continue
        block = blocks[number]
        if core not in block.chain or block.linked > 0.5 * len(block.text):
            continue
        near_next = _climb(block, blocks[coming])
        near_previous = _climb(block, blocks[previous])
        if block.kind == "heading":
            if coming - number <= 3 and min(near_next, near_previous) <= 4:
                filled.add(number)
        elif near_next <= 3 and near_previous <= 3:
            filled.add(number)
    return filled


def _split_off(blocks: Sequence[Block], kept: set[int], core: HtmlElement) -> set[int]:
    """Prose in siblings of the container that are made as it is: a body split in two, by an advert for instance.

    Siblings with a heading of the first level are other articles.
    """
    alike = [element for element in _siblings(core) if element.find(".//h1") is None]
    return {
        number
        for number, block in enumerate(blocks)
        if number not in kept and any(element in block.chain for element in alike) and _is_running(block)
    }


def _siblings(core: HtmlElement) -> list[HtmlElement]:
    parent = core.getparent()
    named = core.get("class") or core.get("itemprop")
    if parent is None or not named or core.tag == "article":
        return []
    return [element for element in parent if element is not core and _likeness(element) == _likeness(core)]


def _is_running(block: Block) -> bool:
    """Whether a block is running text or what belongs to it, not a link or label."""
    return block.linked < 0.3 * len(block.text) and (block.kind != "prose" or len(block.words) >= 8)


def _led_in(blocks: Sequence[Block], kept: set[int]) -> set[int]:
    """A lead right before the text, close to it in the tree, that both modes lost."""
    if not kept:
        return set()
    first = min(kept)
    leads: set[int] = set()
    for number in range(first - 1, max(-1, first - 4), -1):
        block = blocks[number]
        if block.kind != "prose" or len(block.words) < 12 or not _is_running(block) or _climb(block, blocks[first]) > 2:
            break
        leads.add(number)
    return leads


def _standfirst(blocks: Sequence[Block], kept: set[int], titled: int | None) -> set[int]:
    """The sentence or two right under the title, over by-line and date, where the text starts soon after."""
    if titled is None or not kept or not 0 < min(kept) - titled <= 15:
        return set()
    under = range(titled + 1, min(titled + 3, *kept))
    return {
        number
        for number in under
        if blocks[number].kind == "prose" and len(blocks[number].words) >= 12 and _is_running(blocks[number])
    }


def _climb(block: Block, other: Block) -> int:
    """How many levels above the block the nearest element stands that also holds the other."""
    common = 0
    for one, two in zip(block.chain, other.chain, strict=False):
        if one is not two:
            break
        common += 1
    return len(block.chain) - common


def _likeness(element: HtmlElement) -> tuple[str, str]:
    return element.tag, element.get("class") or element.get("id") or ""


class _Furniture:
    """Tells furniture inside the article's container by its elements' names, where they hold little of the text.

    Elements with the same name count together: a theme may call each section of the article a "widget".
    """

    def __init__(self, core: HtmlElement, words: Counter[HtmlElement], minor: float) -> None:
        self._core, self._words, self._minor = core, words, minor
        self._known: dict[HtmlElement, bool] = {}
        self._alike = Counter[tuple[str, str]]()
        for element, count in words.items():
            self._alike[_likeness(element)] += count

    def holds(self, block: Block) -> bool:
        inside = False
        for element in block.chain:
            if inside and self._is(element):
                return True
            inside = inside or element is self._core
        return False

    def _is(self, element: HtmlElement) -> bool:
        if element not in self._known:
            self._known[element] = self._alike[_likeness(element)] < self._minor and self._named(element)
        return self._known[element]

    def _named(self, element: HtmlElement) -> bool:
        lexicon = _lexicon()
        names = " ".join(element.get(name) or "" for name in ("class", "id", "role"))
        if element.tag in _HEADINGS:
            return False
        return element.tag in lexicon.tags or bool(lexicon.furniture.search(names)) or element.tag == "article"


def _is_noise(block: Block) -> bool:
    """Labels and buttons by what they say, and captions that say too little to be more than a picture's label."""
    if block.kind == "caption" and block.tag != "caption":
        return len(block.words) < 8 or not re.search(r"\d|[.!?]$", block.text) or is_furniture(block.text)
    return len(block.words) <= 25 and is_furniture(block.text)


def _is_credit(block: Block) -> bool:
    """A by-line or date line, as it stands over an article: metadata, not text."""
    if len(block.words) > 25 or block.text.endswith((".", "?", "!")):
        return False
    found = find_date(block.text)
    dated = found is not None and len(block.text) - (found.end - found.start) <= 60
    return dated or bool(byline_people(block.text))


def _outlying(
    blocks: Sequence[Block], voted: set[int], default: Sequence[float], recall: Sequence[float], core: HtmlElement
) -> set[int]:
    """Long prose outside the container that both modes kept: a standfirst above it, a column split off below."""
    return {
        number
        for number in voted
        if core not in blocks[number].chain
        and min(default[number], recall[number]) > 0.5
        and blocks[number].kind == "prose"
        and len(blocks[number].words) >= 25
        and blocks[number].linked < 0.3 * len(blocks[number].text)
    }


def _without_tail(blocks: Sequence[Block], kept: Sequence[int], core: HtmlElement) -> list[int]:
    """The blocks up to the heading after which the container goes on with related articles and the like."""
    if not kept:
        return []
    total = sum(len(blocks[number].words) for number in kept)
    staying = set(kept)
    seen = 0
    for number in range(kept[0], kept[-1] + 1):
        block = blocks[number]
        short = number in staying and len(block.words) <= 6
        heading = (block.kind == "heading" or short) and core in block.chain
        if heading and seen > 0.25 * total and _lexicon().tail.fullmatch(block.text.strip(" :.…-–")):
            rest = teasers_of(blocks[number + 1 : number + 40])
            if (number in staying and seen > 0.6 * total) or (rest.headings >= 3 and rest.share >= 0.6):
                return [earlier for earlier in kept if earlier < number]
        seen += len(block.words) if number in staying else 0
    return list(kept)


def _extracted(tree: HtmlElement, *, recall: bool) -> str:
    """What trafilatura takes for the article; nothing where it gives up or fails on a broken page."""
    try:
        return trafilatura.extract(tree, include_comments=False, favor_recall=recall) or ""
    except Exception:  # any: a page that breaks the library has to come out as "no article", never as a crash
        return ""
