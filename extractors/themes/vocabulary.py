"""The words met so far as numbers with what the codebook knows of each, a text as such numbers, and tables of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from extractors.themes.names import masked, sort_of
from extractors.themes.tokens import Words

Numbers = NDArray[np.int64]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Fibonacci hashing
_SLOTS_A_PAIR = 16


class Ragged:
    """Lists of numbers, each found by its place; lists can be added at the end."""

    def __init__(self, lists: Iterable[Sequence[int]] = ()) -> None:
        all_lists = list(lists)
        self._size = len(all_lists)
        self._ends = np.zeros(self._size + 1, np.int64)
        np.cumsum([len(one) for one in all_lists], out=self._ends[1:])
        self._values = np.fromiter(chain.from_iterable(all_lists), np.int64)

    def __len__(self) -> int:
        """How many lists there are."""
        return self._size

    def append(self, numbers: Sequence[int]) -> None:
        """Add a list; those that are read meanwhile stay what they are."""
        start = int(self._ends[self._size])
        end = start + len(numbers)
        self._values = _with_room(self._values, end)
        self._values[start:end] = numbers
        self._ends = _with_room(self._ends, self._size + 2)
        self._ends[self._size + 1] = end
        self._size += 1

    def take(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """The numbers of the lists at these places one after another, each with the index of its list in `places`."""
        starts = self._ends[places]
        counts = self._ends[places + 1] - starts
        owners, at = _spread(starts, counts)
        return owners, self._values[at]


class PairTable:
    """A number for each of some pairs of numbers."""

    def __init__(self, pairs: Mapping[tuple[int, int], int]) -> None:
        self._width = 1 + max((second for _, second in pairs), default=0)
        codes = np.array([first * self._width + second for first, second in pairs], np.int64)
        order = np.argsort(codes)
        self._codes = codes[order]
        self._values = np.fromiter(pairs.values(), np.int64)[order]
        # Most pairs that are asked for are none: a table of hashes tells so before the search.
        bits = max(1, (_SLOTS_A_PAIR * len(codes)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._maybe = np.zeros(1 << bits, np.bool_)
        self._maybe[self._slots(self._codes)] = True

    def find(self, first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
        """The indices of the pairs that are known, and their numbers."""
        codes = first * self._width + second
        asked = np.flatnonzero(self._maybe[self._slots(codes)] & (second < self._width))
        if not len(asked):
            return asked, asked
        codes = codes[asked]
        at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        known = self._codes[at] == codes
        return asked[known], self._values[at[known]]

    def _slots(self, codes: Numbers) -> NDArray[np.uint64]:
        return (codes.astype(np.uint64) * _SPREAD) >> self._shift


class Groups:
    """Places of numbers in a list, by the number and, within it, by where it stands in a text."""

    def __init__(self, numbers: Numbers, stands: Numbers) -> None:
        self._width = 1 + int(stands.max(initial=0))
        codes = numbers * self._width + stands
        self._places = np.argsort(codes, kind="stable")
        self._codes = codes[self._places]

    def find(self, asked: Numbers, first: Numbers | int = 0, last: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """All places of the numbers asked for one after another, each with the index of its number in `asked`.

        Of each only those that stand from `first` to `last`: all that are near are found without the others being
        looked at, or the work would grow with the square of a sentence.
        """
        end = self._width - 1 if last is None else np.minimum(last, self._width - 1)
        starts = np.searchsorted(self._codes, asked * self._width + np.minimum(first, self._width), "left")
        counts = np.searchsorted(self._codes, asked * self._width + end, "right") - starts
        owners, at = _spread(starts, np.maximum(counts, 0))
        return owners, self._places[at]


def starts_of(lengths: Numbers) -> Numbers:
    """Where stretches of these lengths begin that stand one after another."""
    return np.cumsum(lengths) - lengths


def padded(lists: Sequence[Sequence[int]], padding: int) -> Numbers:
    """The lists as rows of one array, filled up with `padding`; there is at least one column."""
    table = np.full((len(lists), max([1, *map(len, lists)])), padding, np.int64)
    for row, numbers in zip(table, lists, strict=True):
        row[: len(numbers)] = numbers
    return table


def _spread(starts: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """The places of stretches one after another, each with the index of its stretch."""
    owners = np.repeat(np.arange(len(starts)), counts)
    return owners, np.arange(len(owners)) + (starts - starts_of(counts))[owners]


def _with_room(array: Numbers, size: int) -> Numbers:
    if size <= len(array):
        return array
    larger = np.zeros(max(size, 2 * len(array), 64), np.int64)
    larger[: len(array)] = array
    return larger


# Words known at most: a text of many languages and misprints shall not fill the memory.
_LIMIT = 50_000
# What stands for a masked word: no pattern and no weight knows it.
_MASK = "#name"


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
        self.pair_keys, self.forms, self.sorts = Ragged(), Ragged(), Ragged()
        self.lower: dict[str, int] = {}

    def add(self, word: str, matched: Matched, weighed: Weighed) -> None:
        for table, numbers in zip((self.patterns, self.parts, self.opens, self.keys), matched, strict=True):
            table.append(numbers)
        self.rows.append(weighed.rows)
        self.pair_keys.append((weighed.pair_key,))
        self.forms.append((self.lower.setdefault(word.lower(), len(self.lower)),))
        self.sorts.append((sort_of(word),))
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
        ids = np.fromiter(numbers, np.int64, len(paragraph))
        sentence = own + starts_of(sentences)[paragraph]
        starts = np.fromiter(chain.from_iterable(words.starts for words in paragraphs), np.int64, len(paragraph))
        ends = np.fromiter(chain.from_iterable(words.ends for words in paragraphs), np.int64, len(paragraph))
        apart = starts - np.roll(ends, 1) != 1
        ids[masked(known.sorts.take(ids)[1], sentence, apart)] = known.numbers[_MASK]
        return Text(
            known=known,
            ids=ids,
            sentence=sentence,
            paragraph=paragraph,
            opens=starts_of(lengths),
            sentences=int(sentences.sum()),
        )

    def _know(self, paragraphs: Sequence[Words]) -> _Known:
        with self._lock:
            if len(self._known.numbers) > _LIMIT:
                self._known = _Known()
            known = self._known
            met = {_MASK}.union(*(words.words for words in paragraphs))
            for word in met.difference(known.numbers):
                known.add(word, self._matcher.describe(word), self._weights.describe(word))
            return known
