"""Coding of paragraphs: cues and words summed and thresholded per theme, each mention framed and given its evidence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.article.model import Paragraph
from extractors.themes.codebook import Codebook, Coding, Said, WordEvidence, WordSaid, read_codebook
from extractors.themes.framing import evaluate, traits_of
from extractors.themes.matcher import Fired
from extractors.themes.meaning import Meant
from extractors.themes.model import NearMiss, ThemeMention
from extractors.themes.vocabulary import WordRange, Words, split_words

# Scores are sums of decimals: one that is written as the threshold itself shall reach it.
ROUNDING = 1e-9
# So many paragraphs are read at once: more make it no faster, since their numbers no longer fit into caches.
_AT_ONCE = 100
# A theme's score in another paragraph counts up to so much for this one.
_MOST_SAID = 1.5

Array = NDArray[np.float64]


class Evidence(NamedTuple):
    """What speaks for the themes of a paragraph: what each cue spans, each theme's cues, and what the words say."""

    fired: Mapping[int, Sequence[WordRange]]
    cues: Mapping[str, Sequence[int]]
    said: WordEvidence


@dataclass(frozen=True, slots=True)
class Read:
    """A paragraph, what each theme must reach in it by itself, and the score of each theme, in the codebook's order.

    `number` is its place among those that were read together, by which the evidence is found, `traits` its sort and
    shape (extractors.themes.framing).
    """

    source: Paragraph
    traits: Mapping[str, float]
    words: Words
    threshold: float
    scores: Array
    fired: Fired
    said: Said
    number: int

    def evidence(self, book: Codebook) -> Evidence:
        """The evidence for the themes; each theme's cues come strongest first."""
        fired = self.fired.of(self.number)
        cues: dict[str, list[int]] = defaultdict(list)
        for cue in sorted(fired, key=book.cue_ranks.__getitem__):
            cues[book.cues[cue].target].append(cue)
        return Evidence(fired, cues, self.said.of(self.number))


def read_paragraphs(book: Codebook, paragraphs: Sequence[Paragraph]) -> list[Read]:
    """Read the paragraphs of an article, each by itself."""
    starts = range(0, len(paragraphs), _AT_ONCE)
    return [read for start in starts for read in _read(book, paragraphs, start)]


def _read(book: Codebook, article: Sequence[Paragraph], start: int) -> Iterator[Read]:
    """Read the paragraphs of an article from one on, at most `_AT_ONCE`."""
    paragraphs = article[start : start + _AT_ONCE]
    words = [split_words(paragraph.text) for paragraph in paragraphs]
    kinds = ["heading" if paragraph.kind == "heading" else "prose" for paragraph in paragraphs]
    text = book.vocabulary.encode(words)
    fired = book.firing.fire(text, book.matcher.match(text), np.array([kind == "heading" for kind in kinds], np.bool_))
    said = book.words.read(text)
    scores = fired.sums + book.coding.words * said.sums_of([theme.theme_id for theme in book.themes])
    for number, paragraph in enumerate(paragraphs):
        threshold = _threshold(book, words[number], kinds[number])
        traits = traits_of(words[number], kinds[number], start + number, len(article))
        yield Read(paragraph, traits, words[number], threshold, scores[number], fired, said, number)


def _threshold(book: Codebook, words: Words, kind: str) -> float:
    coding = book.coding
    if kind == "heading":
        return coding.heading_threshold
    share = min(1.0, len(words.words) / coding.long)
    return round(coding.threshold + share * (coding.long_threshold - coding.threshold), 3)


# Of a mention's words so many are named, those that give at least this share of a plain cue.
_WORDS_NAMED = 4
# So many of the strongest words are looked at for the sentence that says a theme without a cue.
_WORDS_LOOKED_AT = 12
_WORD_NAMED_FROM = 0.05


@dataclass(frozen=True, slots=True)
class _Judged:
    """The themes of a paragraph that are coded, and those that came close, each with what it should have reached."""

    read: Read
    coded: Sequence[tuple[str, float, float]]
    close: Sequence[tuple[str, float, float]]
    meant: "_MeantHere | None"


@dataclass(frozen=True, slots=True)
class _MeantHere:
    """What the meaning of an article says, as read for one of its paragraphs."""

    meant: Meant
    place: int

    def amount(self, theme_id: str) -> float:
        """What the meaning added to the score of a theme."""
        return self.meant.amount(self.place, theme_id)

    def name(self, theme_id: str) -> str:
        """The same, as it is named among the cues."""
        return f"meaning {self.amount(theme_id):+.2f}"

    def framing(self, theme_id: str) -> Mapping[str, float]:
        return self.meant.framing(self.place, theme_id)


def code_themes(paragraphs: Sequence[Paragraph], codebook: Codebook | None = None) -> tuple[ThemeMention, ...]:
    """The themes of each paragraph, ordered by paragraph and then by falling score. Never raises on any text."""
    book = codebook or read_codebook()
    return tuple(mention for judged in _judge(book, paragraphs) for mention in _mentions(book, judged))


def explain_themes(
    paragraphs: Sequence[Paragraph], codebook: Codebook | None = None
) -> tuple[tuple[ThemeMention, ...], tuple[NearMiss, ...]]:
    """The mentions of `code_themes`, and the themes that came close: above `near_miss` times the threshold."""
    book = codebook or read_codebook()
    judged = list(_judge(book, paragraphs))
    mentions = tuple(mention for one in judged for mention in _mentions(book, one))
    return mentions, tuple(miss for one in judged for miss in _near_misses(book, one))


def _judge(book: Codebook, paragraphs: Sequence[Paragraph]) -> Iterator[_Judged]:
    read = read_paragraphs(book, paragraphs)
    if not read:
        return
    scores = np.array([paragraph.scores for paragraph in read])
    thresholds = thresholds_of(book, read, scores)
    meant = book.meaning.read([paragraph.source.text for paragraph in read]) if book.meaning else None
    if meant:
        scores = scores + _added(book, read, meant)
    near = scores >= thresholds * min(1.0, book.coding.near_miss) - ROUNDING
    for number, paragraph in enumerate(read):
        places = np.flatnonzero(near[number])
        own, needed = scores[number, places].tolist(), thresholds[number, places].tolist()
        here = _MeantHere(meant, number) if meant else None
        yield _judge_one(book, paragraph, zip(places.tolist(), own, needed, strict=True), here)


def _added(book: Codebook, read: Sequence[Read], meant: Meant) -> Array:
    """What the meaning adds to the scores: to none without words, which evidence needs, and nothing to a stranger's."""
    amounts = meant.amounts_of([theme.theme_id for theme in book.themes])
    worded = np.array([any(paragraph.words.ends) for paragraph in read])[:, None]
    added: Array = worded * (amounts if _of_the_field(read) else np.minimum(amounts, 0.0))
    return added


def _of_the_field(read: Sequence[Read]) -> bool:
    return any(paragraph.fired.field[paragraph.number] for paragraph in read)


def _judge_one(
    book: Codebook, paragraph: Read, near: Iterable[tuple[int, float, float]], meant: _MeantHere | None
) -> _Judged:
    coded: list[tuple[str, float, float]] = []
    close: list[tuple[str, float, float]] = []
    for score, theme_id, threshold in sorted(
        (-own, book.themes[theme].theme_id, needed) for theme, own, needed in near
    ):
        (coded if -score >= threshold - ROUNDING else close).append((theme_id, -score, threshold))
    return _Judged(paragraph, coded, close, meant)


def thresholds_of(book: Codebook, read: Sequence[Read], scores: Array) -> Array:
    """What each theme must reach in each paragraph, in the midst of the others and beside the paragraph's best."""
    coding = book.coding
    alone = np.array([paragraph.threshold for paragraph in read])[:, None]
    # Of a long paragraph the words together tell whether it is of the field.
    short = np.array([max(0.0, 1.0 - len(paragraph.words.words) / coding.long) for paragraph in read])[:, None]
    own = alone + (0.0 if _of_the_field(read) else coding.stranger) * short + _context(coding, alone, scores)
    needed: Array = np.round(np.maximum(own, coding.relative * scores.max(axis=1, initial=0.0)[:, None]), 3)
    return needed


def _context(coding: Coding, thresholds: Array, scores: Array) -> Array:
    """How much more, or less, a theme needs in each paragraph of a long enough article for what the others say.

    An author who has something to say about a theme mostly comes back to it: a touch in a single paragraph is often in
    passing, and what the article is about, or the paragraphs beside this one, is meant here too where less is said.
    """
    if len(scores) < coding.article:
        return np.zeros_like(scores)
    single = (scores >= thresholds - ROUNDING).sum(axis=0) == 1
    said = np.clip(scores, 0.0, _MOST_SAID)
    rest = (said.sum(axis=0) - said) / (len(said) - 1)
    before, after = np.zeros_like(said), np.zeros_like(said)
    before[1:], after[:-1] = said[:-1], said[1:]
    support = coding.rest * rest + coding.before * before + coding.after * after
    lowered: Array = np.minimum(support, coding.most_context)
    raised: Array = coding.unsupported + coding.alone * single
    return raised - lowered


def _mentions(book: Codebook, judged: _Judged) -> Iterator[ThemeMention]:
    if not judged.coded:
        return
    read, meant = judged.read, judged.meant
    words, text, evidence = read.words, read.source.text, read.evidence(book)
    evaluation = evaluate(book, words, evidence.fired, read.traits, evidence.said)
    sentences = _meant_sentences(book, judged)
    for theme_id, score, _ in judged.coded:
        cues = evidence.cues.get(theme_id, ())
        said = evidence.said.strongest(theme_id, _WORDS_NAMED if cues else _WORDS_LOOKED_AT)
        shown = _strongest_cue(evidence, cues[0]) if cues else _strongest_words(words, said)
        place = sentences.get(theme_id, shown)
        start, end = words.starts[place[0]], words.ends[place[1] - 1]
        yield ThemeMention(
            paragraph_no=read.source.paragraph_no,
            theme_id=theme_id,
            framing=evaluation.framing(theme_id, cues, meant.framing(theme_id) if meant else {}),
            score=round(score, 3),
            surface=text[start:end],
            char_start=start,
            char_end=end,
            cues=(*_names(book, read, cues, said), *([meant.name(theme_id)] if meant else ())),
        )


def _meant_sentences(book: Codebook, judged: _Judged) -> dict[str, WordRange]:
    """For each theme that cues and words alone would not have reached: the sentence that by itself means it most."""
    read, meant = judged.read, judged.meant
    if book.meaning is None or meant is None:
        return {}
    themes = [theme for theme, score, needed in judged.coded if score - meant.amount(theme) < needed - ROUNDING]
    if not themes:
        return {}
    words, text = read.words, read.source.text
    opens = [place for place, number in enumerate(words.sentence) if not place or number != words.sentence[place - 1]]
    ranges = list(zip(opens, [*opens[1:], len(words.sentence)], strict=True))
    if len(ranges) == 1:
        return dict.fromkeys(themes, ranges[0])
    alone = book.meaning.read_alone([text[words.starts[first] : words.ends[last - 1]] for first, last in ranges])
    best = alone.amounts_of(themes).argmax(axis=0).tolist()
    return {theme: ranges[place] for theme, place in zip(themes, best, strict=True)}


def _strongest_cue(evidence: Evidence, cue: int) -> WordRange:
    return max(evidence.fired[cue], key=lambda span: (span[1] - span[0], -span[0]))


def _strongest_words(words: Words, said: Sequence[WordSaid]) -> WordRange:
    """From the first to the last of the strong words in the sentence with most weight; else the whole paragraph."""
    sentence = words.sentence
    strong: dict[int, list[WordRange]] = defaultdict(list)
    weights: dict[int, float] = defaultdict(float)
    for span, weight in said:
        strong[sentence[span[0]]].append(span)
        weights[sentence[span[0]]] += weight
    if not strong:
        return 0, len(sentence)
    spans = strong[max(weights, key=lambda number: (weights[number], -number))][:_WORDS_NAMED]
    return min(first for first, _ in spans), max(last for _, last in spans)


def _names(book: Codebook, read: Read, cues: Sequence[int], said: Sequence[WordSaid]) -> tuple[str, ...]:
    """The cues by name, then the words that gave most, as they stand in the text, in quotation marks."""
    words, text = read.words, read.source.text
    least = _WORD_NAMED_FROM if cues else 0.0
    strong = [span for span, weight in said[:_WORDS_NAMED] if weight >= least]
    quoted = [f"“{text[words.starts[first] : words.ends[last - 1]]}”" for first, last in strong]
    # A word and its beginnings may each be among the strongest: it is named once.
    return (*(book.cues[number].name for number in cues), *dict.fromkeys(quoted))


def _near_misses(book: Codebook, judged: _Judged) -> Iterator[NearMiss]:
    if not judged.close:
        return
    evidence = judged.read.evidence(book)
    for theme_id, score, threshold in judged.close:
        said = evidence.said.strongest(theme_id, _WORDS_NAMED)
        names = _names(book, judged.read, evidence.cues.get(theme_id, ()), said)
        if judged.meant:
            names = (*names, judged.meant.name(theme_id))
        yield NearMiss(judged.read.source.paragraph_no, theme_id, round(score, 3), threshold, names)
