"""Emerging language: terms that rise in recent articles and that no theme's cues know yet.

With them the codebook can grow.

Rises are measured by log-odds with an informative prior (Monroe, Colaresi and Quinn, "Fightin' Words", 2008) over the
articles that use a term, not over its occurrences, so that one long article cannot make a tendency. Terms of one to
three words are counted as numbers, so that those of thousands of articles are counted in seconds.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

import numpy as np

from extractors.lexicon import PhraseSet, Table, read_tables
from extractors.themes.codebook import Codebook, read_codebook
from extractors.themes.model import FRAMINGS
from extractors.themes.vocabulary import Numbers, Words, split_words, stem

# Three stems in 60 bits; words beyond a million of stems would be no terms.
_STEM_BITS = 20


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """A paragraph to look for terms in."""

    article_id: str
    paragraph_no: int
    text: str


@dataclass(frozen=True, slots=True)
class TermPlace:
    """Where a term stands: offsets count the code points of the passage's text, `surface` is what it has there in lower
    case."""

    term: int
    passage: ParagraphText
    surface: str
    char_start: int
    char_end: int


class TermNumbers:
    """Numbers terms by the stems of their words, none of which is a stop word."""

    def __init__(self, stop_words: frozenset[str]) -> None:
        self._stop_words = stop_words
        self._stems: dict[str, int] = {}
        self._words: dict[str, int] = {}

    def places(self, passages: Sequence[ParagraphText], wanted: Numbers) -> Iterator[TermPlace]:
        """Where the terms wanted stand in an article, in order."""
        split = [split_words(passage.text) for passage in passages]
        terms, starts, sizes = self._terms(split)
        found = np.flatnonzero(np.isin(terms, wanted))
        found = found[np.lexsort((sizes[found], starts[found]))]
        begins = np.cumsum([0, *(len(words.words) for words in split)])
        own = np.searchsorted(begins, starts[found], side="right") - 1
        for at, number in zip(found.tolist(), own.tolist(), strict=True):
            first = int(starts[at] - begins[number])
            passage, words = passages[number], split[number]
            start, end = words.starts[first], words.ends[first + int(sizes[at]) - 1]
            yield TermPlace(int(terms[at]), passage, _lower(passage.text[start:end]), start, end)

    def of(self, passages: Sequence[ParagraphText]) -> Numbers:
        """The terms of an article, ascending."""
        return np.unique(self._terms([split_words(passage.text) for passage in passages])[0])

    def _terms(self, passages: Sequence[Words]) -> tuple[Numbers, Numbers, Numbers]:
        """Rows of words within a sentence, with nothing but a space or a hyphen between them: first word and size.

        No row goes on from one passage to the next: between them stands the empty word that opens a sentence.
        """
        words = chain.from_iterable(passage.words for passage in passages)
        known, learn = self._words, self._learn
        stems = np.array([known[word] if word in known else learn(word) for word in words], np.int64)
        starts = np.array([start for passage in passages for start in passage.starts], np.int64)
        ends = np.array([end for passage in passages for end in passage.ends], np.int64)
        usable = stems > 0
        joined = usable[:-1] & usable[1:] & (starts[1:] - ends[:-1] == 1)
        ones, twos = np.flatnonzero(usable), np.flatnonzero(joined)
        threes = np.flatnonzero(joined[:-1] & joined[1:])
        pairs = stems[:-1] | stems[1:] << _STEM_BITS
        terms = (stems[ones], pairs[twos], pairs[threes] | stems[threes + 2] << 2 * _STEM_BITS)
        sizes = np.repeat([1, 2, 3], [len(places) for places in (ones, twos, threes)])
        return np.concatenate(terms), np.concatenate((ones, twos, threes)), sizes

    def _learn(self, word: str) -> int:
        usable = len(word) > 1 and word[0].isalpha() and word.lower() not in self._stop_words
        number = self._stems.setdefault(stem(word), len(self._stems) + 1) if usable else 0
        self._words[word] = number if number < 1 << _STEM_BITS else 0
        return self._words[word]


def _lower(text: str) -> str:
    """Lower case letter by letter, as databases have it: no letter becomes two, and none looks at its neighbours."""
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


@dataclass(frozen=True, slots=True)
class TermUse:
    """The terms of some articles, ascending, with the number of articles that use each."""

    terms: Numbers
    articles: Numbers
    article_count: int

    def of(self, terms: Numbers) -> Numbers:
        """How many articles use each of these terms."""
        if not len(self.terms):
            return np.zeros(len(terms), np.int64)
        at = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return np.where(self.terms[at] == terms, self.articles[at], 0)


def by_article(passages: Iterable[ParagraphText]) -> dict[str, list[ParagraphText]]:
    """The passages of each article."""
    articles: dict[str, list[ParagraphText]] = defaultdict(list)
    for passage in passages:
        articles[passage.article_id].append(passage)
    return articles


def use_of_terms(numbers: TermNumbers, articles: Iterable[Sequence[ParagraphText]]) -> TermUse:
    """Which terms the articles use, and how many articles each."""
    own = [numbers.of(passages) for passages in articles]
    terms, counts = np.unique(np.concatenate([np.empty(0, np.int64), *own]), return_counts=True)
    return TermUse(terms, counts, len(own))


def parts_of(terms: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Each term of several words with the shorter terms within it."""
    for term in terms:
        stems = [stem for shift in range(3) if (stem := term >> shift * _STEM_BITS & (1 << _STEM_BITS) - 1)]
        yield from ((term, one) for one in stems if len(stems) > 1)
        if len(stems) == 3:
            yield from ((term, first | second << _STEM_BITS) for first, second in pairwise(stems))


_LEXICON = Path(__file__).with_name("emerging.toml")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """Where a term stands: offsets count the code points of the paragraph's text."""

    article_id: str
    paragraph_no: int
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class EmergingTerm:
    """A term that rises. Articles are counted, not occurrences; `z` is the rise in standard errors."""

    term: str
    recent_articles: int
    earlier_articles: int
    log_odds: float
    z: float
    examples: tuple[Example, ...]


class _Lexicon(Table):
    stop_words: PhraseSet
    min_articles: int
    prior_articles: float
    min_z: float
    covered_by: float


@dataclass(slots=True)
class _Risen:
    """A term that rises: articles that use it, recent and earlier ones, the rise, and the first place in each article
    of every form that it stands in."""

    recent: int
    earlier: int
    log_odds: float
    z: float
    surfaces: Counter[str]
    places: dict[str, dict[str, Example]]

    @property
    def articles(self) -> set[str]:
        """The recent articles that use it in any form."""
        return {article for places in self.places.values() for article in places}

    def named(self) -> EmergingTerm:
        """The term in its commonest form, with examples of just that form."""
        term = self.surfaces.most_common(1)[0][0]
        places = self.places[term]
        examples = tuple(places[article] for article in sorted(places)[:_EXAMPLES])
        return EmergingTerm(term, self.recent, self.earlier, round(self.log_odds, 4), round(self.z, 4), examples)


def _themes_of_terms(terms: Sequence[str], book: Codebook) -> list[frozenset[str]]:
    themes: list[set[str]] = [set() for _ in terms]
    text = book.vocabulary.encode([split_words(term) for term in terms])
    places = book.matcher.match(text)
    for at, number in zip(text.paragraph[places.starts].tolist(), places.numbers.tolist(), strict=True):
        use = book.uses[number]
        cue = book.cues[use.cue]
        if use.role == "for" and cue.target not in FRAMINGS:
            themes[at].add(cue.target)
    return [frozenset(found) for found in themes]


def emerging_terms(
    recent: Iterable[ParagraphText],
    earlier: Iterable[ParagraphText],
    codebook: Codebook | None = None,
    *,
    limit: int = 50,
) -> tuple[EmergingTerm, ...]:
    """Terms of one to three words, free of stop words, that rose most and belong to no theme, strongest first.

    Raises:
        LexiconError: emerging.toml cannot be used.
    """
    lexicon = _lexicon()
    numbers = TermNumbers(lexicon.stop_words)
    now, before = by_article(recent), by_article(earlier)
    risen = _risen(use_of_terms(numbers, now.values()), use_of_terms(numbers, before.values()), lexicon)
    _find_places(numbers, now, risen)
    named = {number: term.named() for number, term in risen.items()}
    themes = _themes_of_terms([term.term for term in named.values()], codebook or read_codebook())
    new = {number: term for (number, term), known in zip(risen.items(), themes, strict=True) if not known}
    kept = [named[number] for number in _without_parts(new, lexicon.covered_by)]
    return tuple(sorted(kept, key=lambda term: (-term.z, -term.recent_articles, term.term))[:limit])


def _risen(now: TermUse, before: TermUse, lexicon: _Lexicon) -> dict[int, _Risen]:
    often = now.articles >= lexicon.min_articles
    terms, recent = now.terms[often], now.articles[often]
    risen = {}
    for term, count, past in zip(terms.tolist(), recent.tolist(), before.of(terms).tolist(), strict=True):
        log_odds, z = _rise(count, now.article_count, past, before.article_count, lexicon.prior_articles)
        if z >= lexicon.min_z:
            risen[term] = _Risen(count, past, log_odds, z, Counter(), {})
    return risen


def _find_places(
    numbers: TermNumbers, articles: Mapping[str, Sequence[ParagraphText]], risen: Mapping[int, _Risen]
) -> None:
    wanted = np.array(list(risen), np.int64)
    for article_id, passages in articles.items():
        for place in numbers.places(passages, wanted):
            term = risen[place.term]
            term.surfaces[place.surface] += 1
            example = Example(article_id, place.passage.paragraph_no, place.char_start, place.char_end)
            term.places.setdefault(place.surface, {}).setdefault(article_id, example)


def _rise(recent: int, recent_total: int, earlier: int, earlier_total: int, prior: float) -> tuple[float, float]:
    """Log-odds ratio of use in recent against earlier articles and its z-score, with the pooled rate as the prior."""
    pooled = (recent + earlier + 1) / (recent_total + earlier_total + 2)
    alpha, beta = prior * pooled, prior * (1 - pooled)
    yes_now, no_now = recent + alpha, recent_total - recent + beta
    yes_then, no_then = earlier + alpha, earlier_total - earlier + beta
    log_odds = math.log(yes_now / no_now) - math.log(yes_then / no_then)
    return log_odds, log_odds / math.sqrt(1 / yes_now + 1 / yes_then)


def _without_parts(risen: Mapping[int, _Risen], covered_by: float) -> list[int]:
    """The terms without those that nearly always stand within a longer one of them."""
    holders: dict[int, set[str]] = defaultdict(set)
    for term, part in parts_of(risen):
        holders[part] |= risen[term].articles
    return [
        number
        for number, term in risen.items()
        if len(holders.get(number, set()) & term.articles) < covered_by * len(term.articles)
    ]


@cache
def _lexicon() -> _Lexicon:
    return read_tables(_LEXICON, _Lexicon)
