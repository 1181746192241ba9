"""The words that themes are looked for with: tokens of a sentence, names that are masked, and the numbers of words."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, pairwise
from pathlib import Path
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from extractors.lexicon import Phrases, Table, read_tables
from extractors.text import fold, sentences

# Amounts of money, percentages and other numbers are one word each, whatever their notation, since a theme's cue
# mostly says "an amount" and not which. Hyphens divide words, so that "block-booked" and "block booked" are alike.
_PATTERN = (
    r"([^\W\d_][^\W_]*(?:'[^\W\d_]+)*"
    r"|\d[\d,.]*(?:\s?%|\s(?:per cent|percent|pc)\b|(?:st|nd|rd|th|bn|m|k)\b)?"
    r"|[£$€]\s?\d[\d,.]*(?:\s?(?:bn|billion|mn|million|m|trillion|k)\b)?"
    r"|\?)"
)
_WORD = re.compile(_PATTERN)
_PLAIN_WORD = re.compile(_PATTERN, re.ASCII)
SENTENCE_START = "#start"
WordRange = tuple[int, int]
"""Words by their places: the first, and the one after the last."""
_OPENINGS = {"£": "#money", "$": "#money", "€": "#money", "?": "#question"}
_PERCENT = ("%", "t", "c")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one paragraph; the four tuples run in parallel. Each sentence opens with an empty word "#start".

    `words` keeps the case of letters; amounts stand as "#money" and "#percent", question marks as "#question", other
    numbers as they are. `starts` and `ends` are offsets in the paragraph's text; `sentence` counts from 0.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence: tuple[int, ...]


def split_words(text: str) -> Words:
    """Divide a paragraph into words; every offset is one in the text as given."""
    folded = fold(text)
    # Split by a group: what stands between the words, and the words, in turn.
    pieces = (_PLAIN_WORD if folded.isascii() else _WORD).split(folded)
    offsets = list(accumulate(map(len, pieces)))
    found = [word if word[0].isalpha() else _amount(word) for word in pieces[1::2]]
    begins, after = offsets[:-1:2], offsets[1::2]
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    numbers: list[int] = []
    opens = [bisect_left(begins, span.start) for span in sentences(folded)]
    for sentence, (first, last) in enumerate(pairwise([*opens, len(found)])):
        offset = begins[first] if first < len(begins) else len(text)
        words += SENTENCE_START, *found[first:last]
        starts += offset, *begins[first:last]
        ends += offset, *after[first:last]
        numbers += [sentence] * (last - first + 1)
    return Words(tuple(words), tuple(starts), tuple(ends), tuple(numbers))


def _amount(word: str) -> str:
    special = _OPENINGS.get(word[0])
    if special:
        return special
    return "#percent" if word.endswith(_PERCENT) else word.rstrip(".,")


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The stem that a word shares with its inflections: "prices", "priced" and "pricing" give "pric".

    Only endings of inflection are taken off (plural, possessive, past, -ing), never those that make another word:
    "commissioner" stays apart from "commission". It need not be a word itself, only the same for cue and text.
    """
    word = word.lower()
    for possessive in ("'s", "'"):
        if word.endswith(possessive):
            word = word[: -len(possessive)]
            break
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ied", "ed"):
        if word.endswith(ending) and _has_vowel(word[: -len(ending)]):
            word = word[: -len(ending)] + ("y" if ending == "ied" else "")
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsaeiou":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _has_vowel(base: str) -> bool:
    return len(base) >= 3 and any(letter in "aeiouy" for letter in base)


_NumberArray = NDArray[np.int64]

PLAIN, LINK, OWN, KIND, HEAD = range(5)
"""What a word can be to a name: nothing, between its words, its own, a kind of body, what the body is."""

# Of a heading with capitals throughout nothing can be said: a sentence has so many words without, and its opening.
_LEAST_PLAIN = 3


def sort_of(word: str) -> int:
    """What a word can be to a name, by its form alone.

    Raises:
        LexiconError: names.toml cannot be used; the message names the entry.
    """
    lower = word.lower()
    sort = _sorts().get(lower, OWN)
    return sort if word[0].isupper() or sort == LINK else PLAIN


class _NameWords(Table):
    """names.toml: the words of names."""

    heads: Phrases
    kinds: Phrases
    links: Phrases
    unnamed: Phrases


@cache
def _sorts() -> dict[str, int]:
    """The words of names.toml; one of several lists counts as the last that has it."""
    names = read_tables(Path(__file__).with_name("names.toml"), _NameWords)
    lists = ((names.unnamed, PLAIN), (names.links, LINK), (names.kinds, KIND), (names.heads, HEAD))
    return {word: sort for words, sort in lists for word in words}


def masked(sorts: _NumberArray, sentence: _NumberArray, apart: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which words stand in names and are masked.

    `sorts`, `sentence` and `apart` run in parallel over all words of a text; the last tells of each whether more than a
    space stands before it, which ends a name.
    """
    plain = np.bincount(sentence[sorts == PLAIN], minlength=int(sentence.max(initial=0)) + 1)
    capital = (sorts >= OWN) & (plain >= _LEAST_PLAIN)[sentence]
    inside = capital | _between(sorts, capital)
    opens = inside & (apart | ~_shifted(inside, 1) | (np.diff(sentence, prepend=-1) != 0))
    name = np.cumsum(opens) * inside
    held = [_names_with(name, sorts == kind) for kind in (OWN, HEAD)]
    hidden: NDArray[np.bool_] = inside & (sorts != OWN) & held[0][name] & held[1][name]
    return hidden


def _names_with(name: _NumberArray, words: NDArray[np.bool_]) -> NDArray[np.bool_]:
    found = np.zeros(int(name.max(initial=0)) + 1, np.bool_)
    found[name[words]] = True
    found[0] = False
    return found


def _between(sorts: _NumberArray, capital: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Links with a capitalised word on either side, one or two of them."""
    link = sorts == LINK
    before, after = _shifted(capital, 1), _shifted(capital, -1)
    pair = link & before & _shifted(link, -1) & _shifted(capital, -2)
    linking: NDArray[np.bool_] = (link & before & after) | pair | _shifted(pair, 1)
    return linking


def _shifted(values: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    moved = np.zeros_like(values)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved


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
class NumberedText:
    """Paragraphs as numbers: for each word, across all of them, its number, its sentence and its paragraph.

    Sentences are counted on from paragraph to paragraph; `opens` has the place of each paragraph's first word.
    """

    known: _Known
    ids: Numbers
    sentence: Numbers
    paragraph: Numbers
    opens: Numbers
    sentences: int

    def blocks(self, sentences: int) -> "Iterator[tuple[int, NumberedText]]":
        """The text in blocks of at most so many sentences, each with the place of its first word."""
        bounds = np.searchsorted(self.sentence, np.arange(0, self.sentences + sentences, sentences)).tolist()
        for number, (first, after) in enumerate(pairwise(bounds)):
            own = self.sentence[first:after] - number * sentences
            yield (
                first,
                NumberedText(
                    self.known, self.ids[first:after], own, self.paragraph[first:after], self.opens, sentences
                ),
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

    def encode(self, paragraphs: Sequence[Words]) -> NumberedText:
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
        return NumberedText(
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
