"""Words that lend weight to a theme or a framing beside the cues: weights fitted on coded paragraphs, in words.tsv.

A cue is a construction that somebody thought of; what a paragraph is about also shows in many words of which none
decides. Each word, each word's beginning and each pair of neighbours has a weight for each theme and framing, in the
unit of the cues (1 is a plain cue). A paragraph's words are summed and divided by the root of their number, so that
long paragraphs do not gather weight by length alone; in headings and short sentences they fade, and cues decide.
`python -m tests.themes.fit_words` fits them; docs/themes-comparison.md has what it won.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.lexicon import LexiconError
from extractors.themes.matcher import Places
from extractors.themes.tokens import SENTENCE_START, Span, Words, stem
from extractors.themes.vocabulary import PairTable, Text, Weighed, starts_of

EVERY_PARAGRAPH = "*"
"""The row that counts once in every paragraph: how much the words must overcome before they speak for a theme."""

_HUNDREDTHS = 0.01
_BEGINNINGS = (4, 6)
# Known words, beginnings and pairs (some three a word of prose) up to which words say nothing, and from which on they
# count in full, in between in proportion.
_FEW, _ENOUGH = 30, 60

WordSaid = tuple[Span, float]
"""A word or pair where it first stands, and the weight that it gave to a theme or framing."""


@dataclass(frozen=True, slots=True)
class WordWeights:
    """The fitted weights: a row a word, beginning or pair (by stems), a column a theme or framing."""

    columns: Mapping[str, int]
    rows: Mapping[str, int]
    """The rows of words and beginnings."""
    pair_keys: Mapping[str, int]
    """The words that stand in pairs, numbered from 1."""
    pairs: PairTable
    weights: NDArray[np.float64]
    """Ends in a row of noughts, which no word has."""

    def describe(self, word: str) -> Weighed:
        """The rows of a word and its beginnings, and its key in pairs."""
        key = _key(word)
        return Weighed([self.rows[one] for one in _single_keys(key) if one in self.rows], self.pair_keys.get(key, 0))

    def read(self, text: Text) -> "Said":
        """What the words of each paragraph say together.

        Of a heading or a short sentence they say nothing, and cues decide; see `_FEW` and `_ENOUGH`.
        """
        places = self._first_places(text)
        paragraphs = text.paragraph[places.starts]
        numbers = np.bincount(paragraphs, minlength=len(text.opens))
        fade = np.clip((numbers - _FEW) / (_ENOUGH - _FEW), 0.0, 1.0)
        share = fade / np.sqrt(np.maximum(numbers, 1))
        opens = starts_of(numbers)
        given = self.weights[np.append(places.numbers, -1)]  # a row of noughts, lest the last paragraphs have no rows
        sums = np.add.reduceat(given, opens, axis=0) if len(opens) else given[:0]
        sums = share[:, None] * sums + fade[:, None] * self.weights[0]
        places = places.moved(-text.opens[paragraphs])
        return Said(self, places, np.append(opens, len(paragraphs)).tolist(), share.tolist(), sums)

    def _first_places(self, text: Text) -> Places:
        """Where each row first stands in each paragraph, ordered by paragraph and row."""
        words, rows = text.known.rows.take(text.ids)
        _, keys = text.known.pair_keys.take(text.ids)
        firsts, pairs = self.pairs.find(keys[:-1], keys[1:])
        places = Places.of([Places(rows, words, words + 1), Places(pairs, firsts, firsts + 2)])
        _, first = np.unique(text.paragraph[places.starts] * len(self.weights) + places.numbers, return_index=True)
        return places.at(first)


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of several paragraphs say: the places of known rows from `opens` on, `share` and sums for each."""

    weights: WordWeights
    places: Places
    opens: Sequence[int]
    share: Sequence[float]
    sums: NDArray[np.float64]

    def of(self, paragraph: int) -> "WordEvidence":
        """What the words of one paragraph say."""
        here = self.places.at(slice(self.opens[paragraph], self.opens[paragraph + 1]))
        return WordEvidence(self.weights, here, self.share[paragraph], self.sums[paragraph].tolist())

    def sums_of(self, targets: Sequence[str]) -> NDArray[np.float64]:
        """The sums by paragraph and target; 0 for a target that has no weights, such as a user's own theme."""
        padded = np.pad(self.sums, ((0, 0), (0, 1)))
        return padded[:, [self.weights.columns.get(target, -1) for target in targets]]


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """What the words of a paragraph say: the places of its known rows, and its sums by column.

    A row gives its weight times `share`.
    """

    weights: WordWeights
    places: Places
    share: float
    sums: Sequence[float]

    def sum(self, target: str) -> float:
        """What all words say for a theme or framing; 0 for one that has no weights, such as a user's own theme."""
        column = self.weights.columns.get(target)
        return 0.0 if column is None else self.sums[column]

    def strongest(self, target: str, most: int) -> list[WordSaid]:
        """The words that speak for a target, at most so many, strongest first."""
        column = self.weights.columns.get(target)
        if column is None or not self.share:
            return []
        given = self.weights.weights[self.places.numbers, column]
        best = np.argsort(-given, kind="stable")[:most]
        starts, ends = self.places.starts[best].tolist(), self.places.ends[best].tolist()
        said = zip(starts, ends, given[best].tolist(), strict=True)
        return [((first, after), weight * self.share) for first, after, weight in said if weight > 0]


NO_WORDS = WordWeights({}, {}, {}, PairTable({}), np.zeros((2, 0)))
"""For a codebook without words.tsv: only cues count."""


def word_keys(words: Words) -> Iterator[str]:
    """The keys of a paragraph's words, of their beginnings, and of neighbours in a sentence."""
    keys = [_key(word) for word in words.words]
    for key in keys:
        yield from _single_keys(key)
    for before, key in pairwise(keys):
        if before and key:
            yield f"{before} {key}"


def _single_keys(key: str) -> tuple[str, ...]:
    """A word's own key, and its beginnings, by which a family meets: "commissioner" and "commissioning"."""
    if not key or key[0] == "#":
        return (key,) if key else ()
    return (key, *(f"{key[:size]}*" for size in _BEGINNINGS if len(key) > size))


def _key(word: str) -> str:
    if word[0] == "#":
        return "" if word == SENTENCE_START else word
    return "#number" if word[0].isdigit() else stem(word)


def read_word_weights(file: Path, targets: Sequence[str]) -> WordWeights:
    """Read words.tsv: a head of `word` and targets, then a row a word or pair, in hundredths of a plain cue's weight.

    The first row is `*`, which counts in every paragraph.

    Raises:
        LexiconError: names the file and the line that cannot be used, or a column that is no theme and no framing.
    """
    try:
        head, *lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise LexiconError(file, "", f"cannot be read as a table of words ({error})") from error
    columns = tuple(head.split("\t")[1:])
    for name in columns:
        if name not in targets:
            raise LexiconError(file, "line 1", f"the column '{name}' is no theme of the codebook and no framing")
    rows: dict[str, int] = {}
    for number, line in enumerate(lines):
        word, *cells = line.split("\t")
        key = key_of(word)
        if len(cells) != len(columns) or key in rows or (key == EVERY_PARAGRAPH) != (number == 0):
            problem = f"expected '{EVERY_PARAGRAPH}' in line 2, each word once, and {len(columns)} weights after it"
            raise LexiconError(file, f"line {number + 2}, {word!r}", problem)
        rows[key] = number
    pair_keys: dict[str, int] = {}
    pairs: dict[tuple[int, int], int] = {}
    for key, row in rows.items():
        first, space, second = key.partition(" ")
        if space:
            numbers = [pair_keys.setdefault(one, len(pair_keys) + 1) for one in (first, second)]
            pairs[numbers[0], numbers[1]] = row
    return WordWeights(
        columns={name: number for number, name in enumerate(columns)},
        rows={key: row for key, row in rows.items() if " " not in key},
        pair_keys=pair_keys,
        pairs=PairTable(pairs),
        weights=np.pad(_weights(file, lines, len(columns)) * _HUNDREDTHS, ((0, 1), (0, 0))),
    )


def _weights(file: Path, lines: Sequence[str], columns: int) -> NDArray[np.float64]:
    try:
        cells = range(1, columns + 1)
        return np.loadtxt(lines, delimiter="\t", comments=None, usecols=cells, dtype=np.int32, ndmin=2).astype(
            np.float64
        )
    except ValueError:
        number, word = next((n, line) for n, line in enumerate(lines) if not _are_whole(line.split("\t")[1:]))
        raise LexiconError(file, f"line {number + 2}, {word!r}", "a weight is not a whole number") from None


def _are_whole(cells: Sequence[str]) -> bool:
    return all(cell.removeprefix("-").isdigit() for cell in cells)


def key_of(spelling: str) -> str:
    """The key of a word, beginning or pair as it is spelled in the table."""
    return " ".join(part if part[0] == "#" or part[-1] == "*" else stem(part) for part in spelling.split())
