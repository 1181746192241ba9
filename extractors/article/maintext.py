"""Which blocks of a page another extractor kept, told by their words alone."""

import logging
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import trafilatura
from lxml.html import HtmlElement

from extractors.article.blocks import Block
from extractors.article.bylines import byline_people
from extractors.article.furniture import Furniture, is_noise, is_tail
from extractors.text.dates import find_date

_WORD = re.compile(r"\w+")
# Words in a row that are taken for the same passage; a shorter block has to be found within its neighbours' words.
_RUN = 4


def kept_shares(blocks: Sequence[Block], kept: str) -> list[float]:
    """For each block the share of its runs of words that stand in `kept`, the text that an extractor returned.

    A block shorter than a run counts as kept (1.0) where a line of `kept` says the same, or where a run that
    reaches from it into its neighbours stands in `kept`.
    """
    lines = {tuple(_WORD.findall(line.lower())) for line in kept.split("\n")}
    words = _WORD.findall(kept.lower())
    runs = {tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}
    stream = [word for block in blocks for word in block.words]
    hits = [tuple(stream[i : i + _RUN]) in runs for i in range(len(stream) - _RUN + 1)]
    shares: list[float] = []
    start = 0
    for block in blocks:
        end = start + len(block.words)
        if end - start >= _RUN:
            inner = hits[start : end - _RUN + 1]
            shares.append(sum(inner) / len(inner))
        else:
            around = hits[max(0, end - _RUN) : start + 1]
            shares.append(1.0 if block.words in lines or any(around) else 0.0)
        start = end
    return shares


# Words of text under one linked heading that make it a teaser.
_TEASER_WORDS = 80


class Teasers(NamedTuple):
    """How many linked headings some blocks have, and the share of their words in them and the short texts below."""

    headings: int
    share: float

    @property
    def is_all(self) -> bool:
        """Whether there is nothing but teasers."""
        return self.headings >= 3 and self.share >= 0.95


def teasers_of(blocks: Iterable[Block]) -> Teasers:
    """Count the teasers among blocks in reading order."""
    count = teased = words = room = 0
    for block in blocks:
        words += len(block.words)
        if is_linked_heading(block):
            count, room = count + 1, _TEASER_WORDS
            teased += len(block.words)
        elif block.kind == "heading":
            room = 0
        elif len(block.words) <= room:
            teased += len(block.words)
            room -= len(block.words)
        else:
            room = 0
    return Teasers(count, teased / max(1, words))


def is_linked_heading(block: Block) -> bool:
    """Whether a block is a heading that is a link as a whole."""
    return block.kind == "heading" and block.linked >= 0.8 * len(block.text) and len(block.words) >= 3


_log = logging.getLogger(__name__)
# Share of the voted words that the article's container has to hold.
_CORE = 0.85
# Share of them that makes one of several articles in it count.
_SEVERAL = 0.2
# Words of a block from which it is running text, those of a whole sentence, and those from which a repeated one is a
# summary or a pulled quotation (`_PULLED`).
_RUNNING = 8
_SHORTEST = 4
_SENTENCE = 12
_PULLED = 8
# Blocks at the start of the text among which by-lines and date lines are looked for.
_OPENING = 8
# Words of a page from which it is worth a second look when little of it was found.
_PAGE = 100
# Linked headings that make a run of teasers.
_TEASERS = 3
# Words of a paragraph that is no standfirst any more.
_LONG = 40
# Answers that readers unfold under their question, and boxes that the author sets in the text.
_FOLDED = re.compile(r"accordion|faq|callout|expand", re.IGNORECASE)
# Elements of text, in which no article is contained.
_TEXTS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dd", "dt", "blockquote", "pre"})
_PASSED_BY = frozenset({"article", "li", "aside", "footer", "form", "nav"})


class Selection(NamedTuple):
    """An article's blocks, the positions of those that stand on the page as such, and remarks for the run's log."""

    blocks: tuple[Block, ...]
    kept: tuple[int, ...]
    notes: tuple[str, ...] = ()


def select(blocks: Sequence[Block], tree: HtmlElement, *, titled: int | None) -> Selection:
    """The blocks that belong to the article, in order; `titled` is where its title stands.

    Where our blocks hold less than half of what trafilatura finds, its own paragraphs are taken; where it fails, the
    page's running text votes.
    """
    found, problem = _extracted(tree, recall=False)
    shares = kept_shares(blocks, found)
    kept = decide(blocks, shares, titled=titled) if found else []
    notes = (problem,) if problem else ()
    if _count(blocks, kept) < _PAGE <= _count(blocks, range(len(blocks))) and not problem:
        more, problem = _extracted(tree, recall=True)
        other = kept_shares(blocks, more)
        again = decide(blocks, other, titled=titled)
        if _count(blocks, again) > 2 * _count(blocks, kept):
            found, kept, shares = more, again, other
    if problem and not kept:
        kept = decide(blocks, [float(_is_prose(block)) for block in blocks], titled=titled)
        return Selection(tuple(blocks[number] for number in kept), tuple(kept), (problem,))
    voted = [number for number, share in enumerate(shares) if share > 0.5]
    if len(found.split()) >= _PAGE and 2 * _count(blocks, voted) < len(found.split()):
        note = "the text is as trafilatura found it: our blocks hold less than half of it"
        _log.warning("%s", note)
        return Selection(_lines_as_blocks(found), tuple(kept), (*notes, note))
    return Selection(tuple(blocks[number] for number in kept), tuple(kept), notes)


def decide(blocks: Sequence[Block], shares: Sequence[float], *, titled: int | None) -> list[int]:
    """The pure part of `select`: what stays, by the share of each block that the extractor kept."""
    voted = {number for number, share in enumerate(shares) if share > 0.5}
    if not voted:
        return []
    words = _words_of(blocks, voted)
    core = _core(blocks, voted, words)
    core, chunks = _with_chunks(blocks, voted, _own_article(blocks, words, core, titled))
    inside = {number for number in voted if core in blocks[number].chain} | chunks
    if not inside:
        return []
    kept = inside | _company(blocks, inside, core) | _introduction(blocks, voted, min(inside), titled)
    furniture = Furniture(core, _words_of(blocks, kept | voted), _count(blocks, voted))
    kept = {number for number in kept if not furniture.holds(blocks[number]) and not is_noise(blocks[number])}
    kept = _without_repeats(blocks, _without_credits(blocks, kept))
    return _without_tail(blocks, sorted(kept), core)


def select_all(blocks: Sequence[Block]) -> list[int]:
    """Positions of the article's blocks where all of them are of its container: all but furniture inside it."""
    everything = {number for number, block in enumerate(blocks) if block.chain}
    if not everything:
        return []
    core = blocks[min(everything)].chain[0]
    words = _words_of(blocks, everything)
    furniture = Furniture(core, words, words[core])
    kept = {number for number in everything if not furniture.holds(blocks[number]) and not is_noise(blocks[number])}
    return _without_tail(blocks, sorted(_without_credits(blocks, kept)), core)


def _count(blocks: Sequence[Block], numbers: Iterable[int]) -> int:
    return sum(len(blocks[number].words) for number in numbers)


def _words_of(blocks: Sequence[Block], numbers: Iterable[int]) -> Counter[HtmlElement]:
    """How many of these blocks' words each element around them holds."""
    words = Counter[HtmlElement]()
    for number in numbers:
        for element in blocks[number].chain:
            words[element] += len(blocks[number].words)
    return words


def _core(blocks: Sequence[Block], voted: Iterable[int], words: Counter[HtmlElement]) -> HtmlElement:
    """The deepest element that holds most of the voted words."""
    best = next(iter(blocks)).chain[0]
    total = words[best]
    depth = 0
    for number in voted:
        for level, element in enumerate(blocks[number].chain):
            if words[element] >= _CORE * total and level > depth and element.tag not in _TEXTS:
                best, depth = element, level
    return best


def _own_article(
    blocks: Sequence[Block], words: Counter[HtmlElement], core: HtmlElement, titled: int | None
) -> HtmlElement:
    """The one of several `article`s in the container that the title stands in: sites append the next ones below."""
    if titled is None or core not in blocks[titled].chain:
        return core
    least = _SEVERAL * words[core]
    around = blocks[titled].chain
    own = next((element for element in around[around.index(core) + 1 :] if element.tag == "article"), None)
    if own is None or words[own] < least:
        return core
    others = (element for element in core.iter("article") if element is not own and own not in element.iterancestors())
    return own if any(words[other] >= least for other in others) else core


def _with_chunks(blocks: Sequence[Block], voted: Iterable[int], core: HtmlElement) -> tuple[HtmlElement, set[int]]:
    """The element around the container and others made just like it, where a body is split, and the prose of those.

    Alike is what stands in elements of the same names all the way down to the text. Chunks with a first-level heading
    and those in elements of their own meaning, such as `article`, are other articles.
    """
    prose = {number: _made(block.chain) for number, block in enumerate(blocks) if _is_prose(block)}
    own = [number for number in voted if number in prose and core in blocks[number].chain]
    if not own:
        return core, set()
    weights = Counter[tuple[tuple[str, str], ...]]()
    for number in own:
        weights[prose[number]] += len(blocks[number].words)
    made = weights.most_common(1)[0][0]
    inner = next(blocks[number].chain for number in own if prose[number] == made)
    level = inner.index(core)
    chunks: set[int] = set()
    for number, other in prose.items():
        chain = blocks[number].chain
        if other != made or core in chain:
            continue
        common = next(depth for depth, (one, two) in enumerate(zip(chain, inner, strict=True)) if one is not two)
        apart = chain[common:]
        if apart[0].find(".//h1") is None and not any(element.tag in _PASSED_BY for element in apart):
            level = min(level, common - 1)
            chunks.add(number)
    return inner[level], chunks


def _company(blocks: Sequence[Block], inside: set[int], core: HtmlElement) -> set[int]:
    """The running text that the vote passed over, where it is set as what was voted for is.

    Paragraphs and tables stand beside voted text or are made like it, or fold away under a question (`details`); items
    are of a list beside it or with voted items; a heading comes right before what is kept. What is set in a way of its
    own is a caption, a teaser, a transcript.
    """
    beside = {blocks[number].chain[-2] for number in inside if len(blocks[number].chain) > 1}
    beside |= {item for number in inside if (item := _list_of(blocks[number], core)) is not None}
    makes = {_make(blocks[number]) for number in inside if blocks[number].kind == "prose"}
    company: set[int] = set()
    for number in range(max(inside) - 1, min(inside) - _lead(blocks, min(inside)) - 1, -1):
        block = blocks[number]
        if number in inside or core not in block.chain or not _is_running(block):
            continue
        if block.kind == "heading":
            belongs = not company.union(inside).isdisjoint((number + 1, number + 2))
        elif block.kind == "list_item":
            around = _list_of(block, core)
            belongs = around is not None and (around in beside or around.getparent() in beside)
        elif block.kind == "table_row":
            belongs = not beside.isdisjoint(block.chain[-5:-2])
        else:
            belongs = (
                _make(block) in makes
                or (block.tag == "p" and block.chain[-2] in beside)
                or any(_is_folded(element) for element in block.chain[block.chain.index(core) + 1 :])
            )
        if belongs:
            company.add(number)
    return company


def _introduction(blocks: Sequence[Block], voted: Iterable[int], first: int, titled: int | None) -> set[int]:
    """Long paragraphs that were voted for and stand between the title and the container: the opening, set apart."""
    start = titled if titled is not None and titled < first else 0
    return {
        number
        for number in voted
        if start <= number < first and _is_prose(blocks[number]) and len(blocks[number].words) >= _LONG
    }


def _list_of(block: Block, core: HtmlElement) -> HtmlElement | None:
    """The outermost list below the container that an item is of."""
    if core not in block.chain:
        return None
    return next((one for one in block.chain[block.chain.index(core) + 1 :] if one.tag in ("ul", "ol", "dl")), None)


def _is_folded(element: HtmlElement) -> bool:
    return element.tag == "details" or bool(_FOLDED.search(element.get("class") or ""))


def _lead(blocks: Sequence[Block], first: int) -> int:
    """How many blocks right before the first voted one are the opening of its text: running text in one element."""
    holder = blocks[first].chain[:-1]
    lead = 0
    while lead < first and blocks[first - lead - 1].chain[:-1] == holder and _is_running(blocks[first - lead - 1]):
        lead += 1
    return lead


def _make(block: Block) -> tuple[tuple[str, str], ...]:
    """How a block and what it stands in are made."""
    return _made(block.chain[-2:])


def _made(elements: Iterable[HtmlElement]) -> tuple[tuple[str, str], ...]:
    return tuple((element.tag, re.sub(r"\d+", "#", element.get("class") or "")) for element in elements)


def _is_running(block: Block) -> bool:
    """Whether a block is running text or what belongs to it, not a link or label."""
    belongs = block.kind in ("heading", "list_item", "table_row") or block.tag == "td"
    ends = len(block.words) >= _SHORTEST and block.text.rstrip("”\"’')").endswith((".", "!", "?"))
    return block.linked <= 0.3 * len(block.text) and (belongs or ends or len(block.words) >= _RUNNING)


def _is_prose(block: Block) -> bool:
    return block.kind == "prose" and len(block.words) >= _SENTENCE and block.linked <= 0.3 * len(block.text)


def _without_repeats(blocks: Sequence[Block], kept: set[int]) -> set[int]:
    """Each sentence once: no second copy of a paragraph, and no pulled quotation of one."""
    openings: dict[tuple[str, ...], list[int]] = {}
    for number in sorted(kept):
        words = blocks[number].words
        for start in range(len(words) - _PULLED + 1):
            openings.setdefault(words[start : start + _PULLED], []).append(number)
    repeated: set[int] = set()
    for number in sorted(kept):
        block = blocks[number]
        least = _SENTENCE if block.kind == "list_item" else _PULLED
        if len(block.words) < least or block.kind in ("heading", "table_row") or block.tag == "td":
            continue
        others = {other for other in openings[block.words[:_PULLED]] if other != number and other not in repeated}
        if any(_holds(blocks[other], block, earlier=other < number) for other in others):
            repeated.add(number)
    return kept - repeated


def _holds(other: Block, block: Block, *, earlier: bool) -> bool:
    """Whether another block says all that a block says: it is longer, or the same and comes first."""
    if other.words == block.words:
        return earlier
    return f" {' '.join(block.words)} " in f" {' '.join(other.words)} "


def _without_credits(blocks: Sequence[Block], kept: set[int]) -> set[int]:
    opening = sorted(kept)[:_OPENING]
    return kept - {number for number in opening if _is_credit(blocks[number])}


def _is_credit(block: Block) -> bool:
    """A by-line or date line, as it stands over an article: metadata, not text."""
    if len(block.words) > 25 or block.text.endswith((".", "?", "!")):
        return False
    found = find_date(block.text)
    dated = found is not None and len(block.text) - (found.end - found.start) <= 60
    return dated or bool(byline_people(block.text))


def _without_tail(blocks: Sequence[Block], kept: Sequence[int], core: HtmlElement) -> list[int]:
    """The blocks up to the heading after which the container goes on with related articles and the like."""
    if not kept:
        return []
    total = _count(blocks, kept)
    staying = set(kept)
    ends = _last_of_body(blocks, kept)
    linked = [number for number in range(kept[0], len(blocks)) if is_linked_heading(blocks[number])]
    seen = 0
    for number in range(kept[0], kept[-1] + 1):
        block = blocks[number]
        short = number in staying and len(block.words) <= 6
        if (block.kind == "heading" or short) and core in block.chain and seen > 0.25 * total:
            ahead = len(linked) - bisect_right(linked, number) >= _TEASERS
            rest = teasers_of(blocks[number + 1 : number + 40]) if ahead else Teasers(0, 0.0)
            many = rest.headings >= _TEASERS and rest.share >= 0.6
            last = number in staying or number > ends
            named = is_tail(block.text) and ((last and seen > 0.6 * total) or many)
            # Whatever the heading says: nothing but teasers comes after it.
            only = ahead and seen > 0.5 * total and teasers_of(blocks[number + 1 : kept[-1] + 1]).is_all
            if named or only:
                return [earlier for earlier in kept if earlier < number]
        seen += len(block.words) if number in staying else 0
    return list(kept)


def _last_of_body(blocks: Sequence[Block], kept: Sequence[int]) -> int:
    """The last kept heading or block that is made as most of the text is; what comes after it may be something else."""
    made = Counter[tuple[tuple[str, str], ...]]()
    for number in kept:
        made[_make(blocks[number])] += len(blocks[number].words)
    body = made.most_common(1)[0][0]
    return max(number for number in kept if blocks[number].kind == "heading" or _make(blocks[number]) == body)


def _lines_as_blocks(text: str) -> tuple[Block, ...]:
    """An extractor's text as blocks: one a line, list marks gone."""
    blocks = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        listed = line.startswith("- ")
        bare = line.removeprefix("- ")
        words = tuple(re.findall(r"\w+", bare.lower()))
        if words:
            blocks.append(Block(bare, "list_item" if listed else "prose", "p", (), 0, words))
    return tuple(blocks)


def _extracted(tree: HtmlElement, *, recall: bool) -> tuple[str, str | None]:
    """What trafilatura takes for the article, and what went wrong: no page that breaks it is lost in silence."""
    try:
        return trafilatura.extract(tree, include_comments=False, favor_recall=recall) or "", None
    except Exception as error:  # any: whatever a library does with a broken page, we go on and say so
        problem = f"trafilatura failed on the page ({type(error).__name__}: {str(error)[:100]})"
        _log.warning("%s", problem)
        return "", problem
