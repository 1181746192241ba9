"""Terms of one to three words as numbers, so that those of thousands of articles are counted in seconds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from extractors.themes.number_tables import Numbers
from extractors.themes.tokens import Words, split_words, stem

# Three stems in 60 bits; words beyond a million of stems would be no terms.
_STEM_BITS = 20


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to look for terms in."""

    article_id: str
    paragraph_no: int
    text: str


@dataclass(frozen=True, slots=True)
class TermPlace:
    """Where a term stands: offsets count the code points of the passage's text."""

    term: int
    passage: Passage
    surface: str
    char_start: int
    char_end: int


class TermNumbers:
    """Numbers terms by the stems of their words, none of which is a stop word."""

    def __init__(self, stop_words: frozenset[str]) -> None:
        self._stop_words = stop_words
        self._stems: dict[str, int] = {}
        self._words: dict[str, int] = {}

    def places(self, passage: Passage, wanted: Numbers) -> Iterator[TermPlace]:
        """Where the terms wanted stand in a passage, in order."""
        words = split_words(passage.text)
        terms, starts, sizes = self._terms([words])
        found = np.flatnonzero(np.isin(terms, wanted))
        for at in found[np.lexsort((sizes[found], starts[found]))].tolist():
            first, after = int(starts[at]), int(starts[at] + sizes[at])
            surface = " ".join(words.words[first:after]).lower()
            yield TermPlace(int(terms[at]), passage, surface, words.starts[first], words.ends[after - 1])

    def of(self, passages: Sequence[Passage]) -> Numbers:
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


def by_article(passages: Iterable[Passage]) -> dict[str, list[Passage]]:
    """The passages of each article."""
    articles: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        articles[passage.article_id].append(passage)
    return articles


def use_of_terms(numbers: TermNumbers, articles: Iterable[Sequence[Passage]]) -> TermUse:
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
