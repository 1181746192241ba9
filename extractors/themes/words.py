"""Words that lend weight to a theme or a framing beside the cues: weights fitted on coded paragraphs, in words.tsv.

A cue is a construction that somebody thought of; what a paragraph is about also shows in many words of which none
decides. Each word, each word's beginning and each pair of neighbours has a weight for each theme and framing, in the
unit of the cues (1 is a plain cue). A paragraph's words are summed and divided by the root of their number, so that
long paragraphs do not gather weight by length alone; in headings and short sentences they fade, and cues decide.
`python -m tests.themes.fit_words` fits them; docs/themes-comparison.md has what it won.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.lexicon import LexiconError
from extractors.themes.tokens import SENTENCE_START, Words, stem

EVERY_PARAGRAPH = "*"
"""The row that counts once in every paragraph: how much the words must overcome before they speak for a theme."""

_HUNDREDTHS = 0.01
_BEGINNINGS = (4, 6)
_CACHE_LIMIT = 50_000
# Known words, beginnings and pairs (some three a word of prose) up to which words say nothing, and from which on they
# count in full, in between in proportion.
_FEW, _ENOUGH = 30, 60

Span = tuple[int, int]


class _Known(NamedTuple):
    """What is known of a word: its key, and its rows by itself and by its beginnings."""

    key: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WordWeights:
    """The fitted weights: a row a word, beginning or pair (by stems), a column a theme or framing."""

    columns: tuple[str, ...]
    rows: Mapping[str, int]
    weights: NDArray[np.float64]
    known: dict[str, _Known] = field(default_factory=dict, repr=False)
    """What was found out of each word met so far."""

    def read(self, words: Words) -> "WordEvidence":
        """What the words of one paragraph say together.

        Of a heading or a short sentence they say nothing, and cues decide; see `_FEW` and `_ENOUGH`.
        """
        places = self._places(words)
        number = len(places)
        if number <= _FEW:
            return WordEvidence(self.columns, (), self.weights[:0], {})
        weight = min(1.0, (number - _FEW) / (_ENOUGH - _FEW))
        given = self.weights[list(places)] * (weight / math.sqrt(number))
        total = weight * self.weights[0] + given.sum(axis=0)
        sums = dict(zip(self.columns, total.tolist(), strict=True))
        return WordEvidence(self.columns, tuple(places.values()), given, sums)

    def _places(self, words: Words) -> dict[int, Span]:
        """The rows of the known words, beginnings and neighbours in a sentence, each with the words it first spans."""
        places: dict[int, Span] = {}
        rows, known, before = self.rows, self.known, ""
        for position, word in enumerate(words.words):
            if word == SENTENCE_START:
                before = ""
                continue
            key, own = known.get(word) or self._learn(word)
            for row in own:
                if row not in places:
                    places[row] = (position, position + 1)
            if before:
                pair = rows.get(f"{before} {key}")
                if pair is not None and pair not in places:
                    places[pair] = (position - 1, position + 1)
            before = key
        return places

    def _learn(self, word: str) -> _Known:
        if len(self.known) > _CACHE_LIMIT:
            self.known.clear()
        key = _key(word)
        found = self.known[word] = _Known(key, tuple(self.rows[one] for one in _single_keys(key) if one in self.rows))
        return found


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """The places of a paragraph's known words, what each gives to each theme and framing, and the sums by target."""

    columns: tuple[str, ...]
    spans: tuple[Span, ...]
    given: NDArray[np.float64]
    sums: Mapping[str, float]

    def sum(self, target: str) -> float:
        """What all words say for a theme or framing; 0 for one that has no weights, such as a user's own theme."""
        return self.sums.get(target, 0.0)

    def strongest(self, target: str, most: int) -> list[tuple[Span, float]]:
        """The words that speak for a target, at most so many, strongest first, each with the weight it gave."""
        if target not in self.sums:
            return []
        weights = self.given[:, self.columns.index(target)]
        best = np.argsort(-weights, kind="stable")[:most].tolist()
        return [(self.spans[at], weight) for at in best if (weight := float(weights[at])) > 0]


NO_WORDS = WordWeights((), {}, np.zeros((1, 0)))
"""For a codebook without words.tsv: only cues count."""


def word_keys(words: Words) -> Iterator[str]:
    """The keys of a paragraph's words, of their beginnings, and of neighbours in a sentence."""
    before = ""
    for word in words.words:
        key = "" if word == SENTENCE_START else _key(word)
        if key:
            yield from _single_keys(key)
        if key and before:
            yield f"{before} {key}"
        before = key


def _single_keys(key: str) -> tuple[str, ...]:
    """A word's own key, and its beginnings, by which a family meets: "commissioner" and "commissioning"."""
    return (key,) if key[0] == "#" else (key, *(f"{key[:size]}*" for size in _BEGINNINGS if len(key) > size))


def _key(word: str) -> str:
    if word[0] == "#":
        return word
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
    return WordWeights(columns, rows, _weights(file, lines, len(columns)) * _HUNDREDTHS)


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
