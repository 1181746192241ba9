"""The words met so far, numbered, with what the codebook knows of each; and a text as such numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np

from extractors.themes.number_tables import Numbers, Ragged, starts_of
from extractors.themes.tokens import Words

# Words known at most: a text of many languages and misprints shall not fill the memory.
_LIMIT = 50_000


class Matched(NamedTuple):
    """What a word is to the matcher.

    That is the patterns that it is by itself and its parts of compounds, the rows that it opens, and the keys by which
    it leads on rows that others opened.
    """

    patterns: Sequence[int]
    parts: Sequence[int]
    opens: Sequence[int]
    keys: Sequence[int]


class Weighed(NamedTuple):
    """A word's rows of weights, by itself and by its beginnings, and its key in pairs, 0 for none."""

    rows: Sequence[int]
    pair_key: int


class _Matcher(Protocol):
    def describe(self, word: str) -> Matched: ...


class _Weights(Protocol):
    def describe(self, word: str) -> Weighed: ...


class _Known:
    """What is known of the words numbered so far."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.patterns, self.parts, self.opens, self.keys, self.rows = (Ragged() for _ in range(5))
        self.pair_keys, self.forms = Ragged(), Ragged()
        self.lower: dict[str, int] = {}

    def add(self, word: str, matched: Matched, weighed: Weighed) -> None:
        for table, numbers in zip((self.patterns, self.parts, self.opens, self.keys), matched, strict=True):
            table.append(numbers)
        self.rows.append(weighed.rows)
        self.pair_keys.append((weighed.pair_key,))
        self.forms.append((self.lower.setdefault(word.lower(), len(self.lower)),))
        self.numbers[word] = len(self.numbers)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs as numbers: for each word, across all of them, its number, its sentence and its paragraph.

    Sentences are counted on from paragraph to paragraph; `opens` has the place of each paragraph's first word.
    """

    known: _Known
    ids: Numbers
    sentence: Numbers
    paragraph: Numbers
    opens: Numbers
    sentences: int

    def blocks(self, sentences: int) -> "Iterator[tuple[int, Text]]":
        """The text in blocks of at most so many sentences, each with the place of its first word."""
        bounds = np.searchsorted(self.sentence, np.arange(0, self.sentences + sentences, sentences)).tolist()
        for number, (first, after) in enumerate(pairwise(bounds)):
            own = self.sentence[first:after] - number * sentences
            yield (
                first,
                Text(self.known, self.ids[first:after], own, self.paragraph[first:after], self.opens, sentences),
            )


class Vocabulary:
    """Numbers words, and asks a matcher and weights once what they know of each."""

    def __init__(self, matcher: _Matcher, weights: _Weights) -> None:
        self._matcher = matcher
        self._weights = weights
        self._known = _Known()
        self._lock = Lock()

    def __reduce__(self) -> tuple[type["Vocabulary"], tuple[_Matcher, _Weights]]:
        """Another process begins without words."""
        return Vocabulary, (self._matcher, self._weights)

    def encode(self, paragraphs: Sequence[Words]) -> Text:
        """The paragraphs as numbers."""
        lengths = np.array([len(words.words) for words in paragraphs], np.int64)
        sentences = np.array([words.sentence[-1] + 1 if words.sentence else 0 for words in paragraphs], np.int64)
        paragraph = np.repeat(np.arange(len(paragraphs)), lengths)
        own = np.fromiter(chain.from_iterable(words.sentence for words in paragraphs), np.int64, len(paragraph))
        known = self._know(paragraphs)
        numbers = map(known.numbers.__getitem__, chain.from_iterable(words.words for words in paragraphs))
        return Text(
            known=known,
            ids=np.fromiter(numbers, np.int64, len(paragraph)),
            sentence=own + starts_of(sentences)[paragraph],
            paragraph=paragraph,
            opens=starts_of(lengths),
            sentences=int(sentences.sum()),
        )

    def _know(self, paragraphs: Sequence[Words]) -> _Known:
        with self._lock:
            if len(self._known.numbers) > _LIMIT:
                self._known = _Known()
            known = self._known
            met = set[str]().union(*(words.words for words in paragraphs))
            for word in met.difference(known.numbers):
                known.add(word, self._matcher.describe(word), self._weights.describe(word))
            return known
